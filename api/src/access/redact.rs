//! Which fields a viewer sees of a row: each column of each table has exactly one class, and
//! a level shows the classes up to its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use entity::access_grant::AccessLevel;
use sea_orm::{EntityTrait, FromQueryResult, ModelTrait, QueryResult};

use super::audit::Notes;
use super::audit::node::nodes_of;

/// How closely a value is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Class {
    /// Ids, statuses, dates, and the given names that those who serve a family need.
    Operational,
    /// Names, birth dates, areas.
    Personal,
    /// Assessments, notes, health, narratives.
    Sensitive,
    /// A reporter's identity, protected addresses, identifiers.
    Restricted,
}

impl Class {
    /// The lowest level at which a row shows a value of this class.
    pub const fn needs(self) -> AccessLevel {
        match self {
            Self::Operational => AccessLevel::ServiceOnly,
            Self::Personal => AccessLevel::Summary,
            Self::Sensitive | Self::Restricted => AccessLevel::Full,
        }
    }

    /// As what the audit names it.
    pub const fn told(self) -> &'static str {
        match self {
            Self::Operational => "OPERATIONAL",
            Self::Personal => "PERSONAL",
            Self::Sensitive => "SENSITIVE",
            Self::Restricted => "RESTRICTED",
        }
    }
}

/// An entity whose columns are classed.
pub trait Classified: EntityTrait {
    /// The class of a column.
    fn class(column: &Self::Column) -> Class;
}

/// A row together with what the viewer may see of it, and where it notes what is shown of it.
#[derive(Debug)]
pub struct Seen<M> {
    row: M,
    level: AccessLevel,
    restricted: bool,
    notes: Option<Arc<Notes>>,
    /// The highest class that was noted.
    noted: AtomicU8,
}

/// A row as loaders and objects share it.
pub type Row<M> = Arc<Seen<M>>;

/// The name under which a query selects the viewer's level.
pub(super) const LEVEL: &str = "viewer_level";

impl<M> Seen<M> {
    const fn new(row: M, level: AccessLevel) -> Self {
        Self { row, level, restricted: false, notes: None, noted: AtomicU8::new(0) }
    }

    /// The row as a request shows it: whether with its RESTRICTED values, and where it is noted.
    pub(super) fn shown_by(self, restricted: bool, notes: &Arc<Notes>) -> Self {
        Self { restricted, notes: Some(Arc::clone(notes)), ..self }
    }

    /// The viewer's level on this row.
    pub const fn level(&self) -> AccessLevel {
        self.level
    }

    /// Whether values of a class are shown.
    pub fn shows_class(&self, class: Class) -> bool {
        self.level >= class.needs() && (class != Class::Restricted || self.restricted)
    }
}

impl<M> Seen<M>
where
    M: ModelTrait,
    M::Entity: Classified,
{
    /// Whether a column is shown.
    pub fn shows(&self, column: <M::Entity as EntityTrait>::Column) -> bool {
        self.shows_class(M::Entity::class(&column))
    }

    /// A column's value, if the viewer may see it. It is noted for the audit as shown.
    pub fn show<'a, T: ?Sized + 'a>(
        &'a self,
        column: <M::Entity as EntityTrait>::Column,
        value: impl FnOnce(&'a M) -> &'a T,
    ) -> Option<&'a T> {
        let class = M::Entity::class(&column);
        self.shows_class(class).then(|| {
            self.note(class);
            value(&self.row)
        })
    }

    /// Notes for the audit that an answer tells something of a class of this row, where it is not a
    /// column's value.
    pub fn note(&self, class: Class) {
        if class == Class::Operational
            || self.noted.fetch_max(class as u8, Ordering::Relaxed) >= class as u8
        {
            return;
        }
        if let Some(notes) = &self.notes {
            nodes_of(&self.row).for_each(|node| notes.add(node, class));
        }
    }

    /// The names of those fields that are hidden, of a type's fields and their columns.
    pub fn hidden(&self, fields: &[(&str, <M::Entity as EntityTrait>::Column)]) -> Vec<String> {
        fields
            .iter()
            .filter(|(_, column)| !self.shows(*column))
            .map(|(name, _)| (*name).to_owned())
            .collect()
    }
}

/// Columns of class OPERATIONAL are read directly; the others through [`Seen::show`].
impl<M> std::ops::Deref for Seen<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.row
    }
}

impl<M: FromQueryResult> FromQueryResult for Seen<M> {
    fn from_query_result(result: &QueryResult, prefix: &str) -> Result<Self, sea_orm::DbErr> {
        Ok(Self::new(M::from_query_result(result, prefix)?, result.try_get(prefix, LEVEL)?))
    }
}

macro_rules! classes {
    ($($table:ident: $($class:ident { $($column:ident),+ $(,)? })+;)+) => {
        $(impl Classified for entity::$table::Entity {
            fn class(column: &Self::Column) -> Class {
                use entity::$table::Column;
                match column {
                    $($(Column::$column)|+ => Class::$class,)+
                }
            }
        })+
    };
}

classes! {
    area: Operational { Id, ParentId, Kind, Name, Path, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy };
    organisation: Operational { Id, ParentId, Kind, Name, Path, Status, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy };
    organisation_area: Operational { OrganisationId, AreaId };
    worker: Operational { Id, Subject, DisplayName, Status, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy };
    membership: Operational { Id, WorkerId, OrganisationId, Role, AreaId, Since, Until };
    api_client: Operational { Id, OrganisationId, ClientId, Name, Status, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy };
    revocation: Operational { Id, RevokedAt, ExpiresAt };
    person: Operational { Id, GivenName, IsAddressProtected, MergedIntoId, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy } Personal { FamilyName, Patronymic, Sex, BirthDate, BirthPrecision, DeathDate, SearchKey } Sensitive { Disability, Phone };
    person_name: Operational { Id, PersonId, RecordedAt } Personal { Kind, FamilyName, GivenName, Patronymic, Since, Until };
    person_identifier: Operational { Id, PersonId, Kind, RecordedAt, VoidedAt } Restricted { Value } Sensitive { VoidReason };
    identity_fact: Operational { Id, PersonId, Kind, RecordedAt, RecordedBy } Sensitive { Value, OtherId };
    relationship: Operational { Id, PersonId, OtherId, RecordedAt, VoidedAt } Personal { Kind, Since, Until } Sensitive { VoidReason };
    family: Operational { Id, Reference, LeadOrganisationId, IsAddressProtected, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy } Personal { Label, AreaId, SearchKey } Sensitive { Address, AddressKey } Restricted { ProtectedAddress };
    family_characteristic: Operational { FamilyId, RecordedAt } Sensitive { Kind };
    family_member: Operational { Id, FamilyId, PersonId, Role, Since, Until, RecordedAt, EndedRecordedAt, VoidedAt } Personal { LivesHere, LegalResponsibility, PrimaryCaregiver } Sensitive { VoidReason };
    decision: Operational { Id, BodyId, FamilyId, PersonId, DecidedOn, EffectSince, EffectUntil, RecordedAt, RecordedById } Personal { Kind, Number } Sensitive { Document };
    legal_status: Operational { Id, PersonId, DecisionId, Since, Until, RecordedAt, EndedRecordedAt, VoidedAt } Personal { Status } Sensitive { VoidReason };
    register: Operational { Id, Code, Name, Class, Subject, IsActive };
    register_entry: Operational { Id, RegisterId, FamilyId, PersonId, DecisionId, RemovalDecisionId, Since, Until, RecordedAt, EndedRecordedAt, VoidedAt } Sensitive { Grounds, RemovalReason, VoidReason };
    concern_report: Operational { Id, Reference, ReceivedAt, Channel, SourceClass, IsAnonymous, SubmittedById, SubmittedByClientId, OrganisationId, AreaId, Urgency, DueAt, Status, DecidedAt, FamilyId, CaseId, DuplicateOfId, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy, VoidedAt } Sensitive { Narrative, Decision, VoidReason } Restricted { ReporterName, ReporterContact };
    concern_category: Operational { ConcernReportId } Sensitive { Kind };
    case: Operational { Id, FamilyId, Reference, Kind, LeadOrganisationId, Status, SupportLevel, OpenedOn, ClosedOn, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy } Personal { AreaId } Sensitive { RiskLevel };
    episode: Operational { Id, CaseId, FamilyId, No, OpenedOn, SourceReportId, ClosedOn, ClosureClass, ClosedById, ApprovedById, RecordedAt, ClosureRecordedAt } Sensitive { Reason, ClosureReason, Summary };
    assignment: Operational { Id, CaseId, FamilyId, WorkerId, Role, Since, Until, RecordedAt };
    case_note: Operational { Id, CaseId, EpisodeId, FamilyId, Kind, AuthorId, RecordedAt } Sensitive { Body };
    assessment: Operational { Id, CaseId, FamilyId, Tool, ToolVersion, AssessedOn, AssessedById, ApprovedById, Status, NextDueOn, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy } Sensitive { Answers, Score, RiskLevel, Needs, DecisionNote };
    plan: Operational { Id, CaseId, FamilyId, Revision, Since, Until, Status, ReviewDueOn, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy } Sensitive { FamilyAgreed, ChildViews, ReviewNote };
    plan_sign_off: Operational { PlanId, OrganisationId, FamilyId, WorkerId, SignedAt };
    goal: Operational { Id, PlanId, FamilyId, Status } Sensitive { Statement, Need, Indicator };
    measure: Operational { Id, PlanId, GoalId, CaseId, FamilyId, ServiceTypeId, ResponsibleId, DueOn, Status, DoneOn, RecordedAt, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy } Sensitive { Description, Result };
    service_type: Operational { Id, Code, Name, Class, IsActive };
    service: Operational { Id, CaseId, FamilyId, MeasureId, ServiceTypeId, ProviderId, DeliveredOn, Quantity, RecordedAt, VoidedAt } Sensitive { VoidReason };
    service_person: Operational { ServiceId, PersonId };
    visit: Operational { Id, CaseId, ConcernReportId, EnrolmentId, FamilyId, WorkerId, Purpose, ScheduledFor, VisitedAt, Status, NextDueOn, RecordedAt, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy, VoidedAt } Sensitive { Note, VoidReason };
    visit_child: Operational { VisitId, PersonId } Sensitive { Seen, SeenAlone };
    centre: Operational { Id, OrganisationId, Name, Kind, Regime, AreaId, Address, IsAddressProtected, Status, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy } Restricted { ProtectedAddress };
    unit: Operational { Id, CentreId, Name, MinAgeMonths, MaxAgeMonths, Sex, TakesFamilies, MaxStayDays, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy };
    capacity_period: Operational { Id, UnitId, Since, Until, Places };
    placement: Operational { Id, PersonId, CaseId, FamilyId, GroupId, Basis, DecisionId, Status, IsResidential, HoldsPlace, Priority, RequestedAt, ReservedUntil, AdmittedAt, PlannedDischargeOn, DischargedAt, DecidedById, ReservedAt, ClosedAt, RecordedAt, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy, VoidedAt } Personal { CentreId, UnitId, Destination } Sensitive { DischargeReason, StatusReason, VoidReason };
    placement_breach: Operational { Id, PlacementId, PersonId, ApprovedById, RecordedAt } Personal { Kind } Sensitive { Reason };
    absence: Operational { Id, PlacementId, PersonId, Kind, HoldsPlace, Since, Until, RecordedAt };
    programme: Operational { Id, OrganisationId, Name, Summary, Kind, EnrolmentUnit, Since, Until, Status, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy };
    budget_line: Operational { Id, ProgrammeId, Year, Purpose, AmountMinor, Currency };
    programme_availability: Operational { Id, ProgrammeId, AreaId, Since, Until };
    eligibility_rule: Operational { Id, ProgrammeId, Kind, MinValue, MaxValue, Code, AreaId, RegisterId, PriorProgrammeId };
    programme_priority: Operational { Id, ProgrammeId, Characteristic, Points };
    programme_stage: Operational { Id, ProgrammeId, No, Name, OwnerKind, RequiresConsent, PrerequisiteId, RelapseToId };
    intake: Operational { Id, ProgrammeId, Name, OpensOn, ClosesOn, StartsOn, EndsOn, Capacity, HasWaitingList, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy };
    enrolment: Operational { Id, IntakeId, ProgrammeId, FamilyId, PersonId, CaseId, WorkerId, Status, Priority, RequestedAt, EnrolledOn, EndedOn, Outcome, OfferedAt, OfferedUntil, ClosedAt, RecordedAt, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy } Sensitive { StatusReason };
    enrolment_person: Operational { EnrolmentId, PersonId };
    stage_event: Operational { Id, EnrolmentId, StageId, FamilyId, Kind, OccurredOn, OrganisationId, WorkerId, RecordedAt };
    attendance: Operational { EnrolmentId, PersonId, HeldOn, FamilyId, IsPresent, RecordedAt, RecordedBy };
    task: Operational { Id, Kind, SubjectId, FamilyId, CaseId, ConcernReportId, OrganisationId, OwnerId, DueOn, Status, ClosedAt, ClosedBy, Version, CreatedAt, UpdatedAt };
    consent: Operational { Id, FamilyId, PersonId, GivenById, Since, Until, Status, WithdrawnAt, RecordedAt } Personal { Capacity, Purposes, Categories };
    consent_recipient: Operational { ConsentId, OrganisationId, FamilyId };
    referral: Operational { Id, CaseId, FamilyId, SenderId, ReceiverId, ServiceTypeId, Level, ConsentId, Status, SentAt, AnsweredAt, EndedAt, ExpiresAt, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy } Sensitive { Reason, LegalBasis };
    access_grant: Operational { Id, OrganisationId, FamilyId, PersonId, Level, Basis, SourceId, Since, Until, CreatedAt, CreatedBy };
    audit_event: Operational { Seq, OccurredAt, RequestId, Subject, ClientId, OrganisationId, Role, Operation, Document, Origin, Action, EntityKind, EntityId, FieldClass };
    audit_seal: Operational { No, FirstSeq, LastSeq, Count, Root, Leaves, Hash, SealedAt };
    change: Operational { Seq, TransactionNo, ChangedAt, EntityKind, EntityId, FamilyId, PersonId, OrganisationId, Kind, Version };
    idempotency_key: Operational { Subject, ClientMutationId, Action, PayloadHash, EntityKind, EntityId, CreatedAt };
}
