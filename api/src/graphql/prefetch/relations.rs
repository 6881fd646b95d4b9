//! Which relations the fields of objects follow, and by which question. A field that is not here asks
//! the request's loader.

use std::future::Future;
use std::pin::Pin;

use entity::{
    area, break_glass, case, centre, concern_report, consent, decision, enrolment, family, goal,
    intake, measure, organisation, person, plan, programme, programme_stage, register,
    service_type, unit, worker,
};

use super::Answer;
use crate::access::Session;
use crate::access::session::{A, B};
use crate::error::Result;
use crate::graphql::assessment::LastAssessmentsOf;
use crate::graphql::case::episode::NotesOf;
use crate::graphql::case::{AssignmentsOf, CasesOf, EpisodesOf, OpenCaseOf};
use crate::graphql::centre::{CapacityOf, UnitsOf};
use crate::graphql::concern::{CategoriesOf, ReportsOf};
use crate::graphql::consent::{ConsentsOf, RecipientsOf};
use crate::graphql::enrolment::{
    EnrolmentsOfFamily, EnrolmentsOfPerson, LastAttendanceOf, LastEnrolmentsIn, LastEnrolmentsOf,
    Participants, StageEventsOf, VisitsAfter,
};
use crate::graphql::family::{CharacteristicsOf, HomesOf, MembersOf};
use crate::graphql::loader::{By, Keyed};
use crate::graphql::organisation::{AreasOf, AreasWithin, BranchesOf};
use crate::graphql::person::{ChildBy, IdentifiersOf, IdentityFactsOf, LegalStatusesOf, NamesOf};
use crate::graphql::placement::{
    AbsencesOf, BreachesOf, CurrentPlacementOf, GroupOf, LastPlacementsOf, PlacementsOf,
};
use crate::graphql::plan::{ActivePlanOf, GoalsOf, MeasuresOf, PlansOf, SignOffsOf};
use crate::graphql::programme::{
    AvailabilityOf, BudgetOf, LastIntakesOf, PrioritiesOf, RulesOf, StagesOf,
};
use crate::graphql::referral::ReferralsOf;
use crate::graphql::register::{EntriesOfFamily, EntriesOfPerson};
use crate::graphql::service::{LastServicesOf, PersonsServed};
use crate::graphql::training::HeadcountsOf;
use crate::graphql::transfer::TransfersOf;
use crate::graphql::visit::{ChildrenAt, LastVisitsOf};

/// Where a field leads.
pub enum Leads {
    /// To a row that was read with this one.
    Within {
        /// By what its columns' names begin.
        part: &'static str,
        /// The type of what it leads to.
        to: &'static str,
    },
    /// To what a question finds.
    By {
        /// The column that is asked by.
        key: &'static str,
        /// The question.
        ask: Ask,
        /// By what the columns of what it leads to begin, among those that are found.
        part: &'static str,
        /// The type of what it leads to.
        to: &'static str,
    },
}

type Reading = Pin<Box<dyn Future<Output = Result<Answer>> + Send>>;

/// A question, without the key that it is asked by.
#[derive(Clone, Copy)]
pub struct Ask(fn(Session, u64) -> Reading);

impl Ask {
    const fn of<Q: Keyed>() -> Self {
        Self(reading::<Q>)
    }

    /// Whether it is the same question.
    pub fn is(self, other: Self) -> bool {
        std::ptr::fn_addr_eq(self.0, other.0)
    }

    /// Reads what it finds, as a part of a joint statement.
    pub fn read(self, session: Session, last: u64) -> Reading {
        (self.0)(session, last)
    }
}

fn reading<Q: Keyed>(session: Session, last: u64) -> Reading {
    Box::pin(async move { Ok(Answer::of::<Q>(Q::read(&session, &[], last).await?)) })
}

#[expect(clippy::unnecessary_wraps, reason = "each arm of a table is an answer")]
const fn by<Q: Keyed>(key: &'static str, to: &'static str) -> Option<Leads> {
    Some(Leads::By { key, ask: Ask::of::<Q>(), part: "", to })
}

#[expect(clippy::unnecessary_wraps, reason = "each arm of a table is an answer")]
const fn pair<Q: Keyed>(key: &'static str, part: &'static str, to: &'static str) -> Option<Leads> {
    Some(Leads::By { key, ask: Ask::of::<Q>(), part, to })
}

#[expect(clippy::unnecessary_wraps, reason = "each arm of a table is an answer")]
const fn within(part: &'static str, to: &'static str) -> Option<Leads> {
    Some(Leads::Within { part, to })
}

const fn area(key: &'static str) -> Option<Leads> {
    by::<By<area::Entity>>(key, "Area")
}

const fn organisation(key: &'static str) -> Option<Leads> {
    by::<By<organisation::Entity>>(key, "Organisation")
}

const fn worker(key: &'static str) -> Option<Leads> {
    by::<By<worker::Entity>>(key, "Worker")
}

const fn family(key: &'static str) -> Option<Leads> {
    by::<By<family::Entity>>(key, "Family")
}

const fn person(key: &'static str) -> Option<Leads> {
    by::<By<person::Entity>>(key, "Person")
}

const fn child(key: &'static str) -> Option<Leads> {
    by::<ChildBy>(key, "Child")
}

const fn case(key: &'static str) -> Option<Leads> {
    by::<By<case::Entity>>(key, "Case")
}

const fn centre(key: &'static str) -> Option<Leads> {
    by::<By<centre::Entity>>(key, "Centre")
}

const fn programme(key: &'static str) -> Option<Leads> {
    by::<By<programme::Entity>>(key, "Programme")
}

const fn decision(key: &'static str) -> Option<Leads> {
    by::<By<decision::Entity>>(key, "Decision")
}

const fn stage(key: &'static str) -> Option<Leads> {
    by::<By<programme_stage::Entity>>(key, "Stage")
}

const fn report(key: &'static str) -> Option<Leads> {
    by::<By<concern_report::Entity>>(key, "ConcernReport")
}

const fn service_type(key: &'static str) -> Option<Leads> {
    by::<By<service_type::Entity>>(key, "ServiceType")
}

/// Where a field of a type leads; none if it follows no relation that can be read ahead.
pub fn leads(on: &str, field: &str) -> Option<Leads> {
    match on {
        "Family" => of_family(field),
        "Child" | "Person" => of_person(field),
        "Case" => of_case(field),
        "Placement" => of_placement(field),
        "Enrolment" => of_enrolment(field),
        "Plan" | "Measure" | "SignOff" => of_plan(on, field),
        "Programme" | "Intake" | "Stage" | "Availability" | "EligibilityRule" => {
            of_programme(on, field)
        }
        "ConcernReport" | "Consent" | "Referral" | "Transfer" | "BreakGlass" => {
            of_sharing(on, field)
        }
        "Area" | "Organisation" | "Centre" | "Unit" => of_place(on, field),
        _ => of_part(on, field),
    }
}

fn of_family(field: &str) -> Option<Leads> {
    match field {
        "area" => area("area_id"),
        "leadOrganisation" => organisation("lead_organisation_id"),
        "characteristics" => by::<CharacteristicsOf>("id", "FamilyCharacteristic"),
        "members" => pair::<MembersOf>("id", A, "FamilyMember"),
        "children" => pair::<MembersOf>("id", B, "Child"),
        "cases" => by::<CasesOf>("id", "Case"),
        "openCase" => by::<OpenCaseOf>("id", "Case"),
        "enrolments" => by::<EnrolmentsOfFamily>("id", "Enrolment"),
        "registerEntries" => by::<EntriesOfFamily>("id", "RegisterEntry"),
        "concernReports" => by::<ReportsOf>("id", "ConcernReport"),
        "consents" => by::<ConsentsOf>("id", "Consent"),
        _ => None,
    }
}

fn of_person(field: &str) -> Option<Leads> {
    match field {
        "person" => within("", "Person"),
        "asChild" => child("id"),
        "names" => by::<NamesOf>("id", "PersonName"),
        "identifiers" => by::<IdentifiersOf>("id", "PersonIdentifier"),
        "identityFacts" => by::<IdentityFactsOf>("id", "IdentityFact"),
        "legalStatus" | "legalStatuses" => by::<LegalStatusesOf>("id", "LegalStatus"),
        "currentPlacement" => by::<CurrentPlacementOf>("id", "Placement"),
        "placements" => by::<PlacementsOf>("id", "Placement"),
        "enrolments" => by::<EnrolmentsOfPerson>("id", "Enrolment"),
        "registerEntries" => by::<EntriesOfPerson>("id", "RegisterEntry"),
        "families" => pair::<HomesOf>("id", B, "Family"),
        "caregivers" => pair::<HomesOf>("id", B, "FamilyOfCaregivers"),
        _ => None,
    }
}

fn of_case(field: &str) -> Option<Leads> {
    match field {
        "family" => family("family_id"),
        "leadOrganisation" => organisation("lead_organisation_id"),
        "area" => area("area_id"),
        "episodes" => by::<EpisodesOf>("id", "Episode"),
        "assignments" => by::<AssignmentsOf>("id", "Assignment"),
        "assessments" => by::<LastAssessmentsOf>("id", "Assessment"),
        "plans" => by::<PlansOf>("id", "Plan"),
        "activePlan" => by::<ActivePlanOf>("id", "Plan"),
        "visits" => by::<LastVisitsOf>("id", "Visit"),
        "services" => by::<LastServicesOf>("id", "Service"),
        "referrals" => by::<ReferralsOf>("id", "Referral"),
        "transfers" => by::<TransfersOf>("id", "Transfer"),
        _ => None,
    }
}

fn of_placement(field: &str) -> Option<Leads> {
    match field {
        "person" => person("person_id"),
        "child" => child("person_id"),
        "centre" => centre("centre_id"),
        "unit" => by::<By<unit::Entity>>("unit_id", "Unit"),
        "case" => case("case_id"),
        "decision" => decision("decision_id"),
        "group" => by::<GroupOf>("group_id", "Placement"),
        "decidedBy" => worker("decided_by_id"),
        "breaches" => by::<BreachesOf>("id", "PlacementBreach"),
        "absences" => by::<AbsencesOf>("id", "Absence"),
        _ => None,
    }
}

fn of_enrolment(field: &str) -> Option<Leads> {
    match field {
        "intake" => by::<By<intake::Entity>>("intake_id", "Intake"),
        "programme" => programme("programme_id"),
        "family" => family("family_id"),
        "person" => person("person_id"),
        "participants" => pair::<Participants>("id", B, "Person"),
        "case" => case("case_id"),
        "worker" => worker("worker_id"),
        "stageEvents" => by::<StageEventsOf>("id", "StageEvent"),
        "attendance" => by::<LastAttendanceOf>("id", "Attendance"),
        "followUpVisits" => by::<VisitsAfter>("id", "Visit"),
        _ => None,
    }
}

fn of_plan(on: &str, field: &str) -> Option<Leads> {
    match (on, field) {
        ("Plan", "goals") => by::<GoalsOf>("id", "Goal"),
        ("Plan", "measures") => by::<MeasuresOf>("id", "Measure"),
        ("Plan", "signOffs") => by::<SignOffsOf>("id", "SignOff"),
        ("Measure", "serviceType") => service_type("service_type_id"),
        ("Measure", "goal") => by::<By<goal::Entity>>("goal_id", "Goal"),
        ("Measure", "responsible") => organisation("responsible_id"),
        ("SignOff", "organisation") => organisation("organisation_id"),
        ("SignOff", "worker") => worker("worker_id"),
        _ => None,
    }
}

fn of_programme(on: &str, field: &str) -> Option<Leads> {
    match (on, field) {
        ("Programme", "organisation") => organisation("organisation_id"),
        ("Programme", "stages") => by::<StagesOf>("id", "Stage"),
        ("Programme", "intakes") => by::<LastIntakesOf>("id", "Intake"),
        ("Programme", "availability") => by::<AvailabilityOf>("id", "Availability"),
        ("Programme", "eligibilityRules") => by::<RulesOf>("id", "EligibilityRule"),
        ("Programme", "priorities") => by::<PrioritiesOf>("id", "ProgrammePriority"),
        ("Programme", "budget") => by::<BudgetOf>("id", "BudgetLine"),
        ("Programme", "enrolments") => by::<LastEnrolmentsOf>("id", "Enrolment"),
        ("Intake", "programme") => programme("programme_id"),
        ("Intake", "enrolments") => by::<LastEnrolmentsIn>("id", "Enrolment"),
        ("Stage", "prerequisite") => stage("prerequisite_id"),
        ("Stage", "relapseTo") => stage("relapse_to_id"),
        ("Availability" | "EligibilityRule", "area") => area("area_id"),
        ("EligibilityRule", "register") => by::<By<register::Entity>>("register_id", "Register"),
        ("EligibilityRule", "priorProgramme") => programme("prior_programme_id"),
        _ => None,
    }
}

fn of_sharing(on: &str, field: &str) -> Option<Leads> {
    match (on, field) {
        ("ConcernReport", "categories") => by::<CategoriesOf>("id", "ConcernCategory"),
        ("ConcernReport" | "BreakGlass", "organisation") => organisation("organisation_id"),
        ("ConcernReport", "area") => area("area_id"),
        ("ConcernReport", "duplicateOf") => report("duplicate_of_id"),
        (_, "family") => family("family_id"),
        ("ConcernReport" | "Referral" | "Transfer", "case") => case("case_id"),
        ("Consent" | "BreakGlass", "person") => person("person_id"),
        ("Consent", "givenBy") => person("given_by_id"),
        ("Consent", "recipients") => by::<RecipientsOf>("id", "ConsentRecipient"),
        ("Consent", "recordedBy") => worker("recorded_by"),
        ("Referral" | "Transfer", "sender") => organisation("sender_id"),
        ("Referral" | "Transfer", "receiver") => organisation("receiver_id"),
        ("Referral", "serviceType") => service_type("service_type_id"),
        ("Referral", "consent") => by::<By<consent::Entity>>("consent_id", "Consent"),
        ("Referral", "approvedBy") => worker("approved_by"),
        ("Transfer" | "BreakGlass", "worker") => worker("worker_id"),
        ("BreakGlass", "reviewedBy") => worker("reviewed_by_id"),
        _ => None,
    }
}

fn of_place(on: &str, field: &str) -> Option<Leads> {
    match (on, field) {
        ("Area", "parent") | ("Centre", "area") => {
            area(if on == "Area" { "parent_id" } else { "area_id" })
        }
        ("Area", "areas") => by::<AreasWithin>("id", "Area"),
        ("Organisation", "parent") => organisation("parent_id"),
        ("Organisation", "branches") => by::<BranchesOf>("id", "Organisation"),
        ("Organisation", "areas") => pair::<AreasOf>("id", B, "Area"),
        ("Centre", "organisation") => organisation("organisation_id"),
        ("Centre", "units") => by::<UnitsOf>("id", "Unit"),
        ("Centre", "placements") => by::<LastPlacementsOf>("id", "Placement"),
        ("Unit", "centre") => centre("centre_id"),
        ("Unit", "capacity") => by::<CapacityOf>("id", "CapacityPeriod"),
        _ => None,
    }
}

fn of_part(on: &str, field: &str) -> Option<Leads> {
    match (on, field) {
        ("FamilyMember", "person") => within(B, "Person"),
        ("FamilyMember" | "RegisterEntry" | "Task", "family") => family("family_id"),
        ("VisitChild", "child") => child("person_id"),
        ("Attendance" | "RegisterEntry", "person") => person("person_id"),
        ("Visit" | "Task", "case") => case("case_id"),
        ("Visit" | "Task", "concernReport") => report("concern_report_id"),
        ("Visit", "enrolment") => by::<By<enrolment::Entity>>("enrolment_id", "Enrolment"),
        ("Visit", "children") => by::<ChildrenAt>("id", "VisitChild"),
        ("StageEvent", "stage") => stage("stage_id"),
        ("Service", "serviceType") => service_type("service_type_id"),
        ("Service", "measure") => by::<By<measure::Entity>>("measure_id", "Measure"),
        ("Service", "persons") => pair::<PersonsServed>("id", B, "Person"),
        ("RegisterEntry", "register") => by::<By<register::Entity>>("register_id", "Register"),
        ("RegisterEntry" | "LegalStatus", "decision") => decision("decision_id"),
        ("RegisterEntry", "removalDecision") => decision("removal_decision_id"),
        ("Task", "plan") => by::<By<plan::Entity>>("subject_id", "Plan"),
        ("Task", "measure") => by::<By<measure::Entity>>("subject_id", "Measure"),
        ("Task", "breakGlass") => by::<By<break_glass::Entity>>("subject_id", "BreakGlass"),
        ("TrainingEvent", "headcounts" | "participants") => {
            by::<HeadcountsOf>("id", "TrainingHeadcount")
        }
        ("Episode", "sourceReport") => report("source_report_id"),
        ("Episode", "notes") => by::<NotesOf>("id", "CaseNote"),
        _ => by_whom(on, field),
    }
}

/// Who did or does something.
fn by_whom(on: &str, field: &str) -> Option<Leads> {
    match (on, field) {
        ("Episode", "closedBy") => worker("closed_by_id"),
        ("Episode" | "Assessment" | "PlacementBreach", "approvedBy") => worker("approved_by_id"),
        ("CaseNote", "author") => worker("author_id"),
        ("Assessment", "assessedBy") => worker("assessed_by_id"),
        ("Assignment" | "Visit" | "StageEvent", "worker") => worker("worker_id"),
        ("Task", "owner") => worker("owner_id"),
        ("Snapshot", "publishedBy") => worker("published_by_id"),
        ("StageEvent" | "Task" | "Snapshot", "organisation") => organisation("organisation_id"),
        ("Service", "provider") => organisation("provider_id"),
        ("Decision", "body") => organisation("body_id"),
        ("TrainingEvent", "organiser") => organisation("organiser_id"),
        _ => None,
    }
}
