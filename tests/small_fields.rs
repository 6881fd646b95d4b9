//! Each field of each object of an answer becomes a future, which is made and moved: what a field waits for
//! is on the heap, so that an object of many fields costs little.

use async_graphql::Context;
use async_graphql::resolver_utils::ContainerType;
use hearth::graphql::{case, centre, concern, enrolment, family, organisation, person, placement};
use hearth::graphql::{plan, programme, register, visit};

/// What the future of a field may hold, in bytes.
const MOST: usize = 1_536;

/// The size of the future that a field of an object becomes: that of its largest field.
fn size<T: ContainerType + 'static>() -> usize {
    fn of<'a, T: 'a, F: Future + 'a>(_: impl FnOnce(&'a T, &'a Context<'a>) -> F) -> usize {
        size_of::<F>()
    }
    of::<T, _>(|object, ctx| object.resolve_field(ctx))
}

#[test]
fn a_field_is_small_whatever_it_waits_for() {
    macro_rules! sizes {
        ($($of:ty),+ $(,)?) => { [$((stringify!($of), size::<$of>())),+] };
    }
    let sizes = sizes![
        case::Case,
        centre::Centre,
        concern::ConcernReport,
        enrolment::Enrolment,
        family::Family,
        family::FamilyMember,
        organisation::Area,
        organisation::Organisation,
        person::Child,
        person::Person,
        placement::Placement,
        plan::Measure,
        plan::Plan,
        programme::Programme,
        register::RegisterEntry,
        visit::Visit,
    ];
    println!("{sizes:#?}");
    let large: Vec<_> = sizes.iter().filter(|(_, size)| *size > MOST).collect();
    assert!(large.is_empty(), "{large:?}");
}
