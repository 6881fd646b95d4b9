//! The rules by which a child's whereabouts follow from what is recorded, each alone, and against
//! the next.

use chrono::{NaiveDate, TimeDelta};
use entity::absence::AbsenceKind;
use entity::episode::ClosureClass;
use entity::family_member::MemberRole;
use entity::legal_status::LegalStatusKind;
use entity::placement::Destination;
use hearth::casework::whereabouts::classify::{
    Away, Facts, Home, Status, Stay, Verdict, Whereabouts, Worked, classify, moved_on,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

use crate::harness::world::START;

fn day(days: i64) -> NaiveDate {
    START + TimeDelta::days(days)
}

fn stay(came: i64, left: Option<(i64, Destination)>) -> Stay {
    Stay {
        placement_id: Uuid::now_v7(),
        came_on: day(came),
        left_on: left.map(|(left, _)| day(left)),
        destination: left.map(|(_, destination)| destination),
        absences: Vec::new(),
    }
}

fn away(kind: AbsenceKind, since: i64, until: Option<i64>) -> Away {
    Away { kind, since: day(since), until: until.map(day) }
}

fn home(since: i64, adults: &[MemberRole]) -> Home {
    let (family_id, since) = (Uuid::now_v7(), day(since));
    Home { family_id, since, until: None, moved_on: None, adults: adults.to_vec() }
}

fn status(kind: LegalStatusKind, since: i64) -> Status {
    Status { kind, since: day(since) }
}

/// Class and first day, as days of the story.
fn told(facts: &Facts, on: i64) -> (Whereabouts, Option<i64>) {
    let found = classify(facts, day(on));
    (found.class, found.since.map(|since| (since - START).num_days()))
}

#[test]
fn a_stay_says_it_from_the_admission_to_the_day_before_the_discharge() {
    let left = stay(10, Some((20, Destination::Kin)));
    let facts = Facts { stays: vec![left.clone()], ..Facts::default() };
    assert_eq!(told(&facts, 9), (Whereabouts::Unknown, None));
    assert_eq!(told(&facts, 10), (Whereabouts::Unit, Some(10)));
    assert_eq!(classify(&facts, day(19)).placement_id, Some(left.placement_id));
    assert_eq!(told(&facts, 19), (Whereabouts::Unit, Some(10)));
    assert_eq!(told(&facts, 20), (Whereabouts::Kin, Some(20)));
    assert_eq!(classify(&facts, day(20)).placement_id, None);
    // From one centre to another on one day: in the second. In and out on one day: out.
    let next = stay(20, None);
    let both = Facts { stays: vec![next.clone(), left], ..Facts::default() };
    assert_eq!(classify(&both, day(20)).placement_id, Some(next.placement_id));
    let short =
        Facts { stays: vec![stay(10, Some((10, Destination::Medical)))], ..Facts::default() };
    assert_eq!(told(&short, 10), (Whereabouts::Hospital, Some(10)));
}

#[test]
fn an_absence_says_it_within_a_stay_and_whoever_came_back_is_in_the_unit() {
    let kinds = [
        (AbsenceKind::Hospital, Whereabouts::Hospital),
        (AbsenceKind::Missing, Whereabouts::Missing),
        (AbsenceKind::HomeLeave, Whereabouts::OnLeave),
    ];
    for (kind, class) in kinds {
        let mut stay = stay(10, None);
        stay.absences = vec![away(kind, 12, Some(15))];
        let facts = Facts { stays: vec![stay], ..Facts::default() };
        assert_eq!(told(&facts, 11), (Whereabouts::Unit, Some(10)));
        assert_eq!(told(&facts, 12), (class, Some(12)));
        assert_eq!(told(&facts, 14), (class, Some(12)));
        assert_eq!(told(&facts, 15), (Whereabouts::Unit, Some(15)));
    }
}

#[test]
fn a_stay_goes_before_a_status_and_a_status_before_a_household() {
    let mut facts = Facts {
        stays: vec![stay(10, None)],
        statuses: vec![status(LegalStatusKind::Foster, 5)],
        homes: vec![home(0, &[MemberRole::Parent])],
    };
    assert_eq!(told(&facts, 30), (Whereabouts::Unit, Some(10)));
    facts.stays.clear();
    assert_eq!(told(&facts, 30), (Whereabouts::Foster, Some(5)));
    assert_eq!(classify(&facts, day(30)).family_id, None, "the household doesn't say it");
    facts.statuses = vec![status(LegalStatusKind::Guardianship, 6)];
    assert_eq!(told(&facts, 30), (Whereabouts::Kin, Some(6)));
    for silent in [
        LegalStatusKind::ParentalCare,
        LegalStatusKind::WithoutParentalCare,
        LegalStatusKind::Orphan,
        LegalStatusKind::Adopted,
        LegalStatusKind::Unknown,
    ] {
        facts.statuses = vec![status(silent, 6)];
        assert_eq!(told(&facts, 30), (Whereabouts::Home, Some(0)), "{silent:?}");
    }
}

#[test]
fn each_destination_says_where_the_child_went() {
    use Destination as To;
    let destinations = [
        (To::BirthFamily, Whereabouts::Home),
        (To::Adoption, Whereabouts::Home),
        (To::Kin, Whereabouts::Kin),
        (To::Guardianship, Whereabouts::Kin),
        (To::Foster, Whereabouts::Foster),
        (To::Medical, Whereabouts::Hospital),
        (To::LeftWithoutPermission, Whereabouts::Missing),
        (To::Custody, Whereabouts::Unknown),
        (To::Other, Whereabouts::Unknown),
        (To::OtherCentre, Whereabouts::Unknown),
        (To::Independent, Whereabouts::Unknown),
        (To::Died, Whereabouts::Unknown),
    ];
    for (destination, class) in destinations {
        let facts = Facts {
            stays: vec![stay(10, Some((20, destination))), stay(2, Some((8, To::Medical)))],
            // The household that the child was taken from stays on record.
            homes: vec![home(0, &[MemberRole::Parent])],
            ..Facts::default()
        };
        assert_eq!(told(&facts, 40), (class, Some(20)), "{destination:?}");
    }
}

#[test]
fn the_later_of_a_discharge_and_a_status_says_it() {
    let facts = |destination, statuses: Vec<Status>| Facts {
        stays: vec![stay(10, Some((20, destination)))],
        statuses,
        ..Facts::default()
    };
    let before = vec![status(LegalStatusKind::Guardianship, 5)];
    let ran = facts(Destination::LeftWithoutPermission, before);
    assert_eq!(told(&ran, 40), (Whereabouts::Missing, Some(20)), "an old status hides nobody");
    let then = vec![status(LegalStatusKind::Foster, 20)];
    let fostered = facts(Destination::LeftWithoutPermission, then);
    assert_eq!(told(&fostered, 40), (Whereabouts::Foster, Some(20)));
    for (kind, destination) in [
        (LegalStatusKind::ParentalCare, Destination::Foster),
        (LegalStatusKind::Adopted, Destination::Kin),
    ] {
        let restored = facts(destination, vec![status(kind, 25)]);
        assert_eq!(told(&restored, 40), (Whereabouts::Unknown, None), "{kind:?}");
    }
}

#[test]
fn a_family_that_the_child_came_to_after_the_discharge_says_it() {
    let mut facts = Facts {
        stays: vec![stay(10, Some((20, Destination::Foster)))],
        homes: vec![home(0, &[MemberRole::Parent]), home(20, &[MemberRole::Caregiver])],
        ..Facts::default()
    };
    assert_eq!(told(&facts, 40), (Whereabouts::Foster, Some(20)), "of the same day: the discharge");
    facts.homes.push(home(30, &[MemberRole::Relative]));
    assert_eq!(told(&facts, 40), (Whereabouts::Kin, Some(30)));
    for home in &mut facts.homes {
        home.until = Some(day(35));
    }
    assert_eq!(told(&facts, 40), (Whereabouts::Unknown, None), "it left that too");
}

#[test]
fn who_lives_there_makes_a_household_home_or_kin() {
    use MemberRole as Is;
    let households: [(&[Is], Whereabouts); 9] = [
        (&[], Whereabouts::Home),
        (&[Is::Parent], Whereabouts::Home),
        (&[Is::StepParent, Is::Relative], Whereabouts::Home),
        (&[Is::Parent, Is::Guardian], Whereabouts::Home),
        (&[Is::Guardian], Whereabouts::Kin),
        (&[Is::Caregiver], Whereabouts::Kin),
        (&[Is::Relative], Whereabouts::Kin),
        (&[Is::Relative, Is::Other], Whereabouts::Kin),
        (&[Is::Other], Whereabouts::Home),
    ];
    for (adults, class) in households {
        let facts = Facts { homes: vec![home(3, adults)], ..Facts::default() };
        assert_eq!(told(&facts, 40), (class, Some(3)), "{adults:?}");
        assert_eq!(classify(&facts, day(40)).family_id, Some(facts.homes[0].family_id));
    }
    let two =
        Facts { homes: vec![home(3, &[Is::Parent]), home(9, &[Is::Relative])], ..Facts::default() };
    assert_eq!(told(&two, 40), (Whereabouts::Kin, Some(9)), "the last that it came to");
    let one_day =
        Facts { homes: vec![home(3, &[Is::Relative]), home(3, &[Is::Parent])], ..Facts::default() };
    assert_eq!(told(&one_day, 40), (Whereabouts::Home, Some(3)));
}

#[test]
fn a_family_that_moved_takes_its_children_along() {
    let moved = |since, moved| Home { moved_on: Some(day(moved)), ..home(since, &[]) };
    let gone = Facts { homes: vec![moved(0, 12)], ..Facts::default() };
    assert_eq!(told(&gone, 40), (Whereabouts::Moved, Some(12)));
    let stayed =
        Facts { homes: vec![home(0, &[MemberRole::Relative]), moved(5, 12)], ..Facts::default() };
    assert_eq!(told(&stayed, 40), (Whereabouts::Kin, Some(0)), "in the household that is here");
    let came_later = Facts { homes: vec![moved(20, 12)], ..Facts::default() };
    assert_eq!(told(&came_later, 40), (Whereabouts::Home, Some(20)));
    let returned = |moves| Facts {
        stays: vec![stay(10, Some((20, Destination::BirthFamily)))],
        homes: vec![moved(0, moves)],
        ..Facts::default()
    };
    assert_eq!(told(&returned(25), 40), (Whereabouts::Moved, Some(25)));
    assert_eq!(told(&returned(12), 40), (Whereabouts::Home, Some(20)), "it came back to them");
}

#[test]
fn a_family_moved_if_no_work_goes_on_and_the_last_was_closed_for_that() {
    let worked = |opened: i64, closed: Option<(i64, ClosureClass)>| Worked {
        opened_on: day(opened),
        closed_on: closed.map(|(closed, _)| day(closed)),
        class: closed.map(|(_, class)| class),
    };
    let moved = worked(0, Some((10, ClosureClass::Moved)));
    assert_eq!(moved_on(&[], day(10)), None);
    assert_eq!(moved_on(&[moved], day(9)), None);
    assert_eq!(moved_on(&[moved], day(10)), Some(day(10)));
    let reopened = worked(15, None);
    assert_eq!(moved_on(&[moved, reopened], day(14)), Some(day(10)));
    assert_eq!(moved_on(&[reopened, moved], day(15)), None);
    let overcame = worked(15, Some((20, ClosureClass::Overcame)));
    assert_eq!(moved_on(&[overcame, moved], day(30)), None);
}

fn days() -> impl Strategy<Value = NaiveDate> {
    (0_i64..40).prop_map(day)
}

fn stays() -> impl Strategy<Value = Stay> {
    let destinations = [
        Destination::BirthFamily,
        Destination::Kin,
        Destination::Foster,
        Destination::Medical,
        Destination::Custody,
        Destination::LeftWithoutPermission,
    ];
    let kinds = [AbsenceKind::HomeLeave, AbsenceKind::Hospital, AbsenceKind::Missing];
    let absence = (select(kinds.to_vec()), days(), option::of(days()));
    let absence = absence.prop_map(|(kind, since, until)| Away { kind, since, until });
    let left = option::of((0_i64..20, select(destinations.to_vec())));
    (any::<u128>(), days(), left, vec(absence, 0..3)).prop_map(|(id, came_on, left, absences)| {
        Stay {
            placement_id: Uuid::from_u128(id),
            came_on,
            left_on: left.map(|(stayed, _)| came_on + TimeDelta::days(stayed)),
            destination: left.map(|(_, destination)| destination),
            absences,
        }
    })
}

fn homes() -> impl Strategy<Value = Home> {
    let roles = [MemberRole::Parent, MemberRole::Guardian, MemberRole::Relative, MemberRole::Other];
    let adults = vec(select(roles.to_vec()), 0..3);
    (any::<u128>(), days(), option::of(days()), option::of(days()), adults).prop_map(
        |(id, since, until, moved_on, adults)| Home {
            family_id: Uuid::from_u128(id),
            since,
            until,
            moved_on,
            adults,
        },
    )
}

fn facts() -> impl Strategy<Value = Facts> {
    let kinds = [
        LegalStatusKind::ParentalCare,
        LegalStatusKind::Guardianship,
        LegalStatusKind::Foster,
        LegalStatusKind::Orphan,
    ];
    let status = (select(kinds.to_vec()), days()).prop_map(|(kind, since)| Status { kind, since });
    (vec(stays(), 0..4), vec(status, 0..2), vec(homes(), 0..4))
        .prop_map(|(stays, statuses, homes)| Facts { stays, statuses, homes })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// Whatever is recorded, there is one class, it doesn't depend on the order of the rows, and what
    /// is told beside it fits it.
    #[test]
    fn every_history_has_one_class(mut facts in facts(), on in days()) {
        // A story's facts are of the day and of before.
        facts.statuses.retain(|status| status.since <= on);
        facts.homes.retain(|home| home.since <= on);
        for home in &mut facts.homes {
            home.moved_on = home.moved_on.filter(|moved_on| *moved_on <= on);
        }
        let found = classify(&facts, on);
        let mut turned = facts.clone();
        turned.stays.reverse();
        turned.homes.reverse();
        turned.statuses.reverse();
        prop_assert_eq!(found, classify(&turned, on));
        let Verdict { class, since, placement_id, family_id } = found;
        prop_assert!(since.is_none_or(|since| since <= on));
        prop_assert!(since.is_some() || class == Whereabouts::Unknown);
        let in_unit = facts.stays.iter().any(|stay| {
            stay.came_on <= on && stay.left_on.is_none_or(|left_on| on < left_on)
        });
        prop_assert_eq!(placement_id.is_some(), in_unit);
        if in_unit {
            prop_assert!(matches!(class, Whereabouts::Unit | Whereabouts::Hospital
                | Whereabouts::OnLeave | Whereabouts::Missing));
        } else {
            prop_assert!(!matches!(class, Whereabouts::Unit | Whereabouts::OnLeave));
        }
        if family_id.is_some() {
            prop_assert!(matches!(class, Whereabouts::Home | Whereabouts::Kin | Whereabouts::Moved));
        }
    }
}
