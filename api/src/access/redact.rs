//! Which fields a viewer sees of a row: each column of each table has exactly one class, and
//! a level shows the classes up to its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use entity::access_grant::{AccessLevel, DataCategory, Shown};
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

/// How closely a value is kept, and what it tells of; OPERATIONAL values are shown with their row,
/// whatever they tell of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Veil {
    /// How closely it is kept.
    pub class: Class,
    /// What it tells of.
    pub about: DataCategory,
}

impl Veil {
    /// Values of a class that tell of something.
    pub const fn new(class: Class, about: DataCategory) -> Self {
        Self { class, about }
    }

    /// What a grant must show for such a value to be seen.
    pub const fn needs(self) -> Shown {
        Shown::bit(self.class.needs(), self.about)
    }

    /// How closely columns are kept, those that are named.
    pub fn of<E: Classified>(columns: impl IntoIterator<Item = Option<E::Column>>) -> Vec<Self> {
        columns.into_iter().flatten().map(|column| E::veil(&column)).collect()
    }
}

/// An entity whose columns are classed.
pub trait Classified: EntityTrait {
    /// The class of a column, and what it tells of.
    fn veil(column: &Self::Column) -> Veil;

    /// The class of a column.
    fn class(column: &Self::Column) -> Class {
        Self::veil(column).class
    }
}

/// A row together with what the viewer may see of it, and where it notes what is shown of it.
#[derive(Debug)]
pub struct Seen<M> {
    row: M,
    shown: Shown,
    lasting: Shown,
    restricted: bool,
    notes: Option<Arc<Notes>>,
    /// The highest class that was noted.
    noted: AtomicU8,
}

/// A row as loaders and objects share it.
pub type Row<M> = Arc<Seen<M>>;

/// The name under which a query selects what the viewer is shown.
pub(super) const SHOWN: &str = "viewer_shown";

/// The same without what was taken in an emergency; selected where they may differ.
pub(super) const LASTING: &str = "lasting_shown";

impl<M> Seen<M> {
    const fn new(row: M, shown: Shown) -> Self {
        let noted = AtomicU8::new(0);
        Self { row, shown, lasting: shown, restricted: false, notes: None, noted }
    }

    /// A row of which this is shown, in all and without what was taken in an emergency.
    pub(super) fn of(row: M, shown: Shown, lasting: Shown) -> Self {
        Self { lasting, ..Self::new(row, shown) }
    }

    /// The row as a request shows it: whether with its RESTRICTED values, and where it is noted.
    pub(super) fn shown_by(self, restricted: bool, notes: &Arc<Notes>) -> Self {
        Self { restricted, notes: Some(Arc::clone(notes)), ..self }
    }

    /// The viewer's level on this row: the highest of any category.
    pub const fn level(&self) -> AccessLevel {
        self.shown.level()
    }

    /// The viewer's level on this row without what was taken in an emergency: by it the viewer
    /// acts, and sees what is restricted.
    pub const fn lasting(&self) -> AccessLevel {
        self.lasting.level()
    }

    /// Whether such values are shown.
    pub fn shows_veiled(&self, veil: Veil) -> bool {
        match veil.class {
            Class::Restricted => self.lasting.has(veil.needs()) && self.restricted,
            _ => self.shown.has(veil.needs()),
        }
    }
}

impl<M> Seen<M>
where
    M: ModelTrait,
    M::Entity: Classified,
{
    /// Whether a column is shown.
    pub fn shows(&self, column: <M::Entity as EntityTrait>::Column) -> bool {
        self.shows_veiled(M::Entity::veil(&column))
    }

    /// A column's value, if the viewer may see it. It is noted for the audit as shown.
    pub fn show<'a, T: ?Sized + 'a>(
        &'a self,
        column: <M::Entity as EntityTrait>::Column,
        value: impl FnOnce(&'a M) -> &'a T,
    ) -> Option<&'a T> {
        let veil = M::Entity::veil(&column);
        self.shows_veiled(veil).then(|| {
            self.note(veil.class);
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
        Ok(Self::new(M::from_query_result(result, prefix)?, result.try_get(prefix, SHOWN)?))
    }
}

/// A row as it is read for a viewer to whom something may be open in an emergency.
pub(super) struct Glimpsed<M>(pub Seen<M>);

impl<M: FromQueryResult> FromQueryResult for Glimpsed<M> {
    fn from_query_result(result: &QueryResult, prefix: &str) -> Result<Self, sea_orm::DbErr> {
        let seen = Seen::from_query_result(result, prefix)?;
        Ok(Self(Seen { lasting: result.try_get(prefix, LASTING)?, ..seen }))
    }
}

/// The class of a group of columns, and what they tell of: OPERATIONAL ones need not say it.
macro_rules! veil {
    (Operational) => {
        Veil::new(Class::Operational, DataCategory::Identity)
    };
    ($class:ident $about:ident) => {
        Veil::new(Class::$class, DataCategory::$about)
    };
}

macro_rules! classes {
    ($($table:ident: $($class:ident $(of $about:ident)? { $($column:ident),+ $(,)? })+;)+) => {
        $(impl Classified for entity::$table::Entity {
            fn veil(column: &Self::Column) -> Veil {
                use entity::$table::Column;
                match column {
                    $($(Column::$column)|+ => veil!($class $($about)?),)+
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
    person: Operational { Id, GivenName, IsAddressProtected, MergedIntoId, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy } Personal of Identity { FamilyName, Patronymic, Sex, BirthDate, BirthPrecision, DeathDate, SearchKey } Sensitive of Health { Disability } Sensitive of Contact { Phone };
    person_name: Operational { Id, PersonId, RecordedAt } Personal of Identity { Kind, FamilyName, GivenName, Patronymic, Since, Until };
    person_identifier: Operational { Id, PersonId, Kind, RecordedAt, VoidedAt } Restricted of Identity { Value, ValueHash } Sensitive of Identity { VoidReason };
    identity_fact: Operational { Id, PersonId, Kind, RecordedAt, RecordedBy } Sensitive of Identity { Value, OtherId };
    relationship: Operational { Id, PersonId, OtherId, RecordedAt, VoidedAt } Personal of Identity { Kind, Since, Until } Sensitive of Identity { VoidReason };
    family: Operational { Id, Reference, LeadOrganisationId, IsAddressProtected, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy } Personal of Identity { Label, SearchKey } Personal of Contact { AreaId } Sensitive of Contact { Address, AddressKey } Restricted of Contact { ProtectedAddress };
    family_characteristic: Operational { FamilyId, RecordedAt } Sensitive of Needs { Kind };
    family_member: Operational { Id, FamilyId, PersonId, Role, Since, Until, RecordedAt, EndedRecordedAt, VoidedAt } Personal of Identity { LivesHere, LegalResponsibility, PrimaryCaregiver } Sensitive of Identity { VoidReason };
    decision: Operational { Id, BodyId, FamilyId, PersonId, DecidedOn, EffectSince, EffectUntil, RecordedAt, RecordedById } Personal of Casework { Kind, Number } Sensitive of Casework { Document };
    legal_status: Operational { Id, PersonId, DecisionId, Since, Until, RecordedAt, EndedRecordedAt, VoidedAt } Personal of Identity { Status } Sensitive of Identity { VoidReason };
    register: Operational { Id, Code, Name, Class, Subject, IsActive };
    register_entry: Operational { Id, RegisterId, FamilyId, PersonId, DecisionId, RemovalDecisionId, Since, Until, RecordedAt, EndedRecordedAt, VoidedAt } Sensitive of Needs { Grounds, RemovalReason, VoidReason };
    concern_report: Operational { Id, Reference, ReceivedAt, Channel, SourceClass, IsAnonymous, SubmittedById, SubmittedByClientId, OrganisationId, AreaId, Urgency, DueAt, Status, DecidedAt, FamilyId, CaseId, DuplicateOfId, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy, VoidedAt } Sensitive of Needs { Narrative, Decision, VoidReason } Restricted of Needs { ReporterName, ReporterContact };
    concern_category: Operational { ConcernReportId } Sensitive of Needs { Kind };
    case: Operational { Id, FamilyId, Reference, Kind, LeadOrganisationId, Status, SupportLevel, OpenedOn, ClosedOn, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy } Personal of Contact { AreaId } Sensitive of Needs { RiskLevel };
    episode: Operational { Id, CaseId, FamilyId, No, OpenedOn, SourceReportId, ClosedOn, ClosureClass, ClosedById, ApprovedById, RecordedAt, ClosureRecordedAt } Sensitive of Casework { Reason, ClosureReason, Summary };
    assignment: Operational { Id, CaseId, FamilyId, WorkerId, Role, Since, Until, RecordedAt };
    case_note: Operational { Id, CaseId, EpisodeId, FamilyId, Kind, AuthorId, RecordedAt } Sensitive of Casework { Body };
    assessment: Operational { Id, CaseId, FamilyId, Tool, ToolVersion, AssessedOn, AssessedById, ApprovedById, Status, NextDueOn, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy } Sensitive of Needs { Answers, Score, RiskLevel, Needs, DecisionNote };
    plan: Operational { Id, CaseId, FamilyId, Revision, Since, Until, Status, ReviewDueOn, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy } Sensitive of Casework { FamilyAgreed, ChildViews, ReviewNote };
    plan_sign_off: Operational { PlanId, OrganisationId, FamilyId, WorkerId, SignedAt };
    goal: Operational { Id, PlanId, FamilyId, Status } Sensitive of Casework { Statement, Need, Indicator };
    measure: Operational { Id, PlanId, GoalId, CaseId, FamilyId, ServiceTypeId, ResponsibleId, DueOn, Status, DoneOn, RecordedAt, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy } Sensitive of Casework { Description, Result };
    service_type: Operational { Id, Code, Name, Class, IsActive };
    service: Operational { Id, CaseId, FamilyId, MeasureId, ServiceTypeId, ProviderId, DeliveredOn, Quantity, RecordedAt, VoidedAt } Sensitive of Casework { VoidReason };
    service_person: Operational { ServiceId, PersonId };
    visit: Operational { Id, CaseId, ConcernReportId, EnrolmentId, FamilyId, WorkerId, Purpose, ScheduledFor, VisitedAt, Status, NextDueOn, RecordedAt, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy, VoidedAt } Sensitive of Casework { Note, VoidReason };
    visit_child: Operational { VisitId, PersonId } Sensitive of Casework { Seen, SeenAlone };
    centre: Operational { Id, OrganisationId, Name, Kind, Regime, AreaId, Address, IsAddressProtected, Status, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy } Restricted of Contact { ProtectedAddress };
    unit: Operational { Id, CentreId, Name, MinAgeMonths, MaxAgeMonths, Sex, TakesFamilies, MaxStayDays, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy };
    capacity_period: Operational { Id, UnitId, Since, Until, Places };
    placement: Operational { Id, PersonId, CaseId, FamilyId, GroupId, Basis, DecisionId, Status, IsResidential, HoldsPlace, Priority, RequestedAt, ReservedUntil, AdmittedAt, PlannedDischargeOn, DischargedAt, DecidedById, ReservedAt, ClosedAt, AdmissionRecordedAt, DischargeRecordedAt, RecordedAt, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy, VoidedAt } Personal of Placement { CentreId, UnitId, Destination } Sensitive of Placement { DischargeReason, StatusReason, VoidReason };
    placement_breach: Operational { Id, PlacementId, PersonId, ApprovedById, RecordedAt } Personal of Placement { Kind } Sensitive of Placement { Reason };
    absence: Operational { Id, PlacementId, PersonId, Kind, HoldsPlace, Since, Until, RecordedAt };
    programme: Operational { Id, OrganisationId, Name, Summary, Kind, EnrolmentUnit, Since, Until, Status, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy };
    budget_line: Operational { Id, ProgrammeId, Year, Purpose, AmountMinor, Currency };
    programme_availability: Operational { Id, ProgrammeId, AreaId, Since, Until };
    eligibility_rule: Operational { Id, ProgrammeId, Kind, MinValue, MaxValue, Code, AreaId, RegisterId, PriorProgrammeId };
    programme_priority: Operational { Id, ProgrammeId, Characteristic, Points };
    programme_stage: Operational { Id, ProgrammeId, No, Name, OwnerKind, RequiresConsent, PrerequisiteId, RelapseToId };
    intake: Operational { Id, ProgrammeId, Name, OpensOn, ClosesOn, StartsOn, EndsOn, Capacity, HasWaitingList, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy };
    enrolment: Operational { Id, IntakeId, ProgrammeId, FamilyId, PersonId, CaseId, WorkerId, Status, Priority, RequestedAt, EnrolledOn, EndedOn, Outcome, OfferedAt, OfferedUntil, ClosedAt, RecordedAt, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy } Sensitive of Casework { StatusReason };
    enrolment_person: Operational { EnrolmentId, PersonId };
    stage_event: Operational { Id, EnrolmentId, StageId, FamilyId, Kind, OccurredOn, OrganisationId, WorkerId, RecordedAt };
    attendance: Operational { EnrolmentId, PersonId, HeldOn, FamilyId, IsPresent, RecordedAt, RecordedBy };
    training_event: Operational { Id, Topic, Kind, OrganiserId, HeldOn, RecordedAt, CreatedBy, VoidedAt, VoidReason };
    training_headcount: Operational { TrainingEventId, OrganisationKind, Participants };
    task: Operational { Id, Kind, SubjectId, FamilyId, CaseId, ConcernReportId, OrganisationId, OwnerId, DueOn, Status, ClosedAt, ClosedBy, Version, CreatedAt, UpdatedAt };
    consent: Operational { Id, FamilyId, PersonId, GivenById, Form, Since, Until, Status, WithdrawnAt, RecordedAt, Version, UpdatedAt, RecordedBy, UpdatedBy } Personal of Identity { Capacity, Purposes, Categories } Sensitive of Casework { WithdrawalReason };
    consent_recipient: Operational { ConsentId, OrganisationId, FamilyId };
    referral: Operational { Id, CaseId, FamilyId, SenderId, ReceiverId, ServiceTypeId, Level, Sections, ConsentId, Status, SentAt, ApprovedBy, ApprovedAt, AnsweredAt, EndedAt, ExpiresAt, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy } Sensitive of Casework { Reason, LegalBasis, StatusReason };
    transfer: Operational { Id, CaseId, FamilyId, SenderId, ReceiverId, Status, ProposedAt, ExpiresAt, AnsweredAt, EndedAt, WorkerId, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy } Sensitive of Casework { Reason, StatusReason };
    access_grant: Operational { Id, OrganisationId, WorkerId, FamilyId, PersonId, Level, Shown, Basis, SourceId, Since, Until, CreatedAt, CreatedBy };
    break_glass: Operational { Id, WorkerId, OrganisationId, FamilyId, PersonId, Level, Since, Until, EndedAt, Outcome, ReviewedAt, ReviewedById, Version, CreatedAt, UpdatedAt, CreatedBy, UpdatedBy } Sensitive of Casework { Reason, ReviewNote };
    audit_event: Operational { Seq, OccurredAt, RequestId, Subject, ClientId, OrganisationId, Role, Operation, Document, Origin, Action, EntityKind, EntityIds, FieldClass };
    audit_seal: Operational { No, FirstSeq, LastSeq, Count, Root, Leaves, Hash, SealedAt };
    snapshot: Operational { Id, OrganisationId, Audience, Since, Through, AsOf, PublishedAt, PublishedById, Sha256, Content };
    rollup: Operational { Id, Question, AsOf, AskedAt, Content };
    change: Operational { Seq, TransactionNo, ChangedAt, EntityKind, EntityId, FamilyId, PersonId, OrganisationId, WorkerId, Kind, Version };
    idempotency_key: Operational { Subject, ClientMutationId, Action, PayloadHash, EntityKind, EntityId, CreatedAt };
}
