//! Who sees what, said once more and in another way than the code does: by `domain.md`, section 6,
//! and by the class that the schema's text gives each field.

use entity::membership::Role;

/// What a family has to do with the viewer's organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The viewer's organisation leads the work.
    Own,
    /// A branch of the viewer's organisation leads it.
    Below,
    /// Another branch of the organisation that the viewer's belongs to leads it.
    Sister,
    /// The organisation above the viewer's leads it.
    Above,
    /// Nothing.
    Foreign,
    /// It was referred at a level, and that holds.
    Referred(Level),
    /// It was referred, and the time is over.
    Expired,
    /// It was referred, and that was taken back before its time.
    Withdrawn,
    /// It will be referred.
    Ahead,
    /// A caseworker of the viewer's organisation opened it in an emergency.
    BreakGlass,
    /// By law.
    Statute,
    /// A member takes part in a programme of the viewer's organisation.
    Enrolled,
    /// The child has a place in a centre of the viewer's organisation.
    Placed,
    /// The child had one, and left.
    Left,
}

/// How much is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    ServiceOnly,
    Summary,
    Full,
}

/// All relations.
pub const RELATIONS: [Relation; 16] = [
    Relation::Own,
    Relation::Below,
    Relation::Sister,
    Relation::Above,
    Relation::Foreign,
    Relation::Referred(Level::ServiceOnly),
    Relation::Referred(Level::Summary),
    Relation::Referred(Level::Full),
    Relation::Expired,
    Relation::Withdrawn,
    Relation::Ahead,
    Relation::BreakGlass,
    Relation::Statute,
    Relation::Enrolled,
    Relation::Placed,
    Relation::Left,
];

/// Whose part of a family a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Family,
    Parent,
    Child,
    /// A report, received by whoever leads.
    Report,
    /// On what the lead shares it, and with whom.
    Sharing,
}

/// The level at which a role sees a row, if it does.
pub fn level(role: Role, relation: Relation, in_area: bool, about: About) -> Option<Level> {
    if about == About::Sharing {
        let leads = matches!(relation, Relation::Own | Relation::Below);
        let works = matches!(role, Role::Caseworker | Role::Supervisor);
        return (leads && works).then_some(Level::Full);
    }
    match role {
        Role::Caseworker if relation == Relation::BreakGlass => Some(Level::Full),
        Role::Caseworker | Role::Supervisor => granted(relation, about),
        Role::AreaCoordinator => in_area.then_some(Level::Summary),
        Role::NgoWorker | Role::Integration if about != About::Report => match relation {
            Relation::Own | Relation::Below | Relation::Placed => None,
            other => granted(other, about),
        },
        Role::CentreStaff if about != About::Report && relation == Relation::Placed => {
            granted(relation, about)
        }
        _ => None,
    }
}

/// What a grant gives, whoever may use it.
const fn granted(relation: Relation, about: About) -> Option<Level> {
    match (relation, about) {
        (Relation::Own | Relation::Below, _) | (Relation::Placed, About::Child) => {
            Some(Level::Full)
        }
        (Relation::Statute | Relation::Placed, _) => Some(Level::Summary),
        (Relation::Enrolled, _) => Some(Level::ServiceOnly),
        (Relation::Referred(level), _) => Some(level),
        _ => None,
    }
}

/// Whether a field is hidden at a level, by the class in its description.
pub fn is_hidden(description: &str, level: Level, has_scope: bool) -> bool {
    if description.contains("Restricted") {
        return level < Level::Full || !has_scope;
    }
    (description.contains("Sensitive") && level < Level::Full)
        || (description.contains("Personal") && level < Level::Summary)
}
