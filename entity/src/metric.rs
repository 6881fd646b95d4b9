//! What is measured and by what it is broken down: the codes that results, snapshots and roll-ups are
//! kept under. How each is defined is said where it is computed.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// What is measured over a period, or on its last day. The exact definition, with its version, comes
/// with each result and from `metricDefinitions`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MetricId {
    /// Families with a register entry or an open episode on the last day.
    FamiliesOnRegister,
    /// Children in families on a register on the last day.
    ChildrenInFamiliesOnRegister,
    /// Children with a register entry of their own on the last day.
    ChildrenOnRegister,
    /// Families with an episode of a case in the period.
    FamiliesCovered,
    /// Covered families that were visited or served, or for which a measure was done, in the period.
    FamiliesServed,
    /// Children in covered families.
    ChildrenInCoveredFamilies,
    /// Children in families that were served.
    ChildrenInFamiliesServed,
    /// Covered families that overcame their difficulties.
    FamiliesOvercame,
    /// Covered families with whom the work goes on at the end of the period.
    FamiliesContinuing,
    /// Covered families whose work ended in the period otherwise than by overcoming.
    FamiliesOtherExits,
    /// Covered families whose work began in the period.
    FamiliesNew,
    /// Covered families whose work began before the period.
    FamiliesCarriedIn,
    /// Episodes opened within a year after the family had overcome.
    ReEntries,
    /// Families that had overcome and came back within a year.
    ReEntryRate,
    /// Days from a report to the first completed visit.
    IdentificationToVisit,
    /// Measures done of those due in the period.
    MeasuresDone,
    /// Visits made by their day of those planned for the period.
    VisitsOnTime,
    /// Children of open cases whom no completed visit of the period saw.
    ChildrenNotSeen,
    /// Residential stays that began.
    Admissions,
    /// Residential stays that ended.
    Discharges,
    /// Moves between units or centres within a stay.
    Moves,
    /// Nights of the residential stays that ended.
    AverageLengthOfStay,
    /// Nights for which places were held.
    BedDays,
    /// Nights held of the nights that there were places for.
    OccupancyRate,
    /// Places held on the last day.
    OccupancyOn,
    /// Residential stays of children that ended in the birth family.
    ReturnedToBirthFamilyRate,
    /// Residential stays of children that ended in a family.
    FamilyBasedExitRate,
    /// Children who had returned to the birth family and stayed there for half a year.
    ReturnStability,
    /// Persons who stayed in a centre, or were served or taught by it.
    PersonsServed,
    /// What became of the enrolments in each stage of a programme.
    ProgrammeFunnel,
    /// Enrolments that ended completed.
    ProgrammeCompletionRate,
    /// Who waits on the last day, for a place in a centre or in a programme.
    Waiting,
    /// Open cases of each worker on the last day.
    Caseload,
    /// Children of the open cases of each worker on the last day.
    CaseloadChildren,
    /// Participants of training events.
    TrainingParticipants,
}

/// By what a result is broken down.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Dimension {
    /// By region.
    Region,
    /// By district.
    District,
    /// By municipality.
    Municipality,
    /// By district of a city.
    CityDistrict,
    /// By settlement.
    Settlement,
    /// By the organisation that does it: that leads the case, runs the centre or the programme, is
    /// responsible for the measure, or organises the event.
    Organisation,
    /// By programme.
    Programme,
    /// By centre.
    Centre,
    /// By sex.
    Sex,
    /// By age, on the day on which the metric looks at it.
    AgeBand,
    /// By the grounds of register entries; who has several counts once under each.
    Grounds,
    /// By the level of support of the case.
    SupportLevel,
    /// By the class of the closure.
    ClosureClass,
    /// By where somebody was discharged to.
    Destination,
    /// By the calendar month in which it happened, as `YYYY-MM`.
    Month,
    /// By stage of a programme.
    Stage,
    /// By what became of it: of an enrolment in a stage.
    Outcome,
    /// By worker.
    Worker,
}

/// Ages, in completed years.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AgeBand {
    /// 0 to 2 years.
    Infant,
    /// 3 to 6 years.
    Preschool,
    /// 7 to 13 years.
    School,
    /// 14 to 17 years.
    Adolescent,
    /// 18 years and older.
    Adult,
    /// The date of birth is not known.
    Unknown,
}

/// In what a value is counted.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MetricUnit {
    /// Families.
    Families,
    /// Children.
    Children,
    /// Persons.
    Persons,
    /// Episodes of cases.
    Episodes,
    /// Open cases.
    Cases,
    /// Reports of concern.
    Reports,
    /// Measures of plans.
    Measures,
    /// Visits.
    Visits,
    /// Residential stays.
    Stays,
    /// Moves between units or centres.
    Moves,
    /// Nights.
    Nights,
    /// Places.
    Places,
    /// Enrolments in programmes.
    Enrolments,
    /// Requests for a place.
    Waiting,
    /// Participants of training events.
    Participants,
}
