//! Placements in centres: of a child, or of a mother with a child; with absences and with what
//! the centre may see meanwhile.

use chrono::{DateTime, NaiveDate, Utc};
use entity::absence::{self, AbsenceKind};
use entity::access_grant::{AccessLevel, GrantBasis, Shown};
use entity::placement::{self, Destination, PlacementBasis, PlacementStatus};
use uuid::Uuid;

use super::Chronicle;
use super::course::StayDays;
use super::grants::{Sight, Whom};
use crate::synthetic::agencies::Agency;
use crate::synthetic::calendar::{after, morning};
use crate::synthetic::centres::{centre_id, provider, unit_id};
use crate::synthetic::outline::House;
use crate::synthetic::story::Berth;

const BASES: [PlacementBasis; 8] = [
    PlacementBasis::Parent,
    PlacementBasis::Parent,
    PlacementBasis::Commission,
    PlacementBasis::Guardianship,
    PlacementBasis::Police,
    PlacementBasis::Court,
    PlacementBasis::Emergency,
    PlacementBasis::SelfReferral,
];
/// Most children return to the birth family.
const DESTINATIONS: [(u32, Destination); 10] = [
    (62, Destination::BirthFamily),
    (10, Destination::Kin),
    (8, Destination::Guardianship),
    (6, Destination::Foster),
    (2, Destination::Adoption),
    (4, Destination::OtherCentre),
    (3, Destination::Medical),
    (2, Destination::LeftWithoutPermission),
    (2, Destination::Independent),
    (1, Destination::Other),
];

const DISCHARGED_BECAUSE: &str = "The aim of the stay was reached.";

/// What the persons of a group have in common.
#[derive(Clone, Copy)]
struct Group {
    berth: Berth,
    days: StayDays,
    id: Option<Uuid>,
    decision_id: Option<Uuid>,
    basis: PlacementBasis,
    destination: Option<Destination>,
    absence: Option<AbsenceKind>,
}

impl Chronicle<'_> {
    pub(super) fn write_stay(&mut self) {
        let (Some(berth), Some(days)) = (self.plot.story.berth, self.plot.course.stay) else {
            return;
        };
        let child = self.home.children.first().map(|child| child.id);
        let mother = self.home.caregiver().map(|caregiver| caregiver.id);
        let is_family = berth.house == House::Crisis;
        let group = self.group(berth, days, (is_family, child));
        for person_id in [child, mother.filter(|_| is_family)].into_iter().flatten() {
            self.place(group, person_id);
        }
    }

    fn group(
        &mut self,
        berth: Berth,
        days: StayDays,
        (is_family, child): (bool, Option<Uuid>),
    ) -> Group {
        let basis = match berth.house {
            House::Crisis => PlacementBasis::SelfReferral,
            House::EarlyHelp => PlacementBasis::Parent,
            _ => self.plot.chance.pick(&BASES),
        };
        let body = match basis {
            PlacementBasis::Commission => Some(Agency::Commission),
            PlacementBasis::Guardianship => Some(Agency::Guardianship),
            _ => None,
        };
        let requested_at = morning(days.requested);
        let is_over = berth.status == PlacementStatus::Discharged;
        Group {
            berth,
            days,
            id: is_family.then(|| self.plot.chance.id(requested_at)),
            decision_id: body.map(|body| self.decide(body, "PLACEMENT", (child, days.requested))),
            basis,
            destination: is_over.then(|| self.destination(berth.house)),
            absence: self.absence(berth.status),
        }
    }

    fn destination(&mut self, house: House) -> Destination {
        if house == House::Crisis && self.plot.chance.percent(60) {
            return Destination::Independent;
        }
        self.plot.chance.weigh(&DESTINATIONS)
    }

    fn absence(&mut self, status: PlacementStatus) -> Option<AbsenceKind> {
        let kinds = [AbsenceKind::HomeLeave, AbsenceKind::Hospital, AbsenceKind::Missing];
        (status == PlacementStatus::OnLeave).then(|| self.plot.chance.pick(&kinds))
    }

    fn place(&mut self, group: Group, person_id: Uuid) {
        let requested_at = self.plot.chance.moment(group.days.requested);
        let id = self.plot.chance.id(requested_at);
        let ended_at = group.days.ended.map(|day| self.plot.chance.moment(day));
        let row = self.placement(&group, (id, person_id), (requested_at, ended_at));
        let shown_until = ended_at.or(row.reserved_until);
        self.rows.placement.push(row);
        self.write_absences(&group, (id, person_id));
        self.show_to_centre(&group, (id, person_id), (requested_at, shown_until));
    }

    #[expect(clippy::too_many_lines, reason = "one line a column")]
    fn placement(
        &mut self,
        group: &Group,
        (id, person_id): (Uuid, Uuid),
        (requested_at, ended_at): (DateTime<Utc>, Option<DateTime<Utc>>),
    ) -> placement::Model {
        let Group { berth, days, .. } = *group;
        let status = berth.status;
        let admitted_at = days.admitted.map(|day| self.plot.chance.moment(day));
        let is_present = matches!(status, PlacementStatus::Admitted | PlacementStatus::OnLeave);
        let by = Some(self.lead_on(days.requested));
        placement::Model {
            id,
            person_id,
            centre_id: centre_id(berth.house, berth.centre),
            unit_id: unit_id(berth.house, berth.centre, berth.unit),
            case_id: Some(self.case_id),
            family_id: Some(self.family_id),
            group_id: group.id,
            basis: group.basis,
            decision_id: group.decision_id,
            status,
            is_residential: berth.house != House::EarlyHelp,
            holds_place: group.holds_place(),
            priority: i32::try_from(self.plot.chance.below(3)).unwrap_or_default(),
            requested_at,
            reserved_until: self.reserved_until(status, ended_at),
            admitted_at,
            planned_discharge_on: is_present
                .then(|| self.plot.chance.day_after(self.today(), 5, 50)),
            discharged_at: ended_at.filter(|_| group.destination.is_some()),
            discharge_reason: group.destination.map(|_| DISCHARGED_BECAUSE.to_owned()),
            destination: group.destination,
            decided_by_id: None,
            reserved_at: (status == PlacementStatus::Reserved).then_some(requested_at),
            closed_at: ended_at.filter(|_| group.destination.is_none()),
            admission_recorded_at: admitted_at,
            discharge_recorded_at: ended_at.filter(|_| group.destination.is_some()),
            status_reason: None,
            recorded_at: requested_at,
            version: 1 + status as i32,
            created_at: requested_at,
            updated_at: ended_at.or(admitted_at).unwrap_or(requested_at),
            created_by: by,
            updated_by: by,
            voided_at: None,
            void_reason: None,
        }
    }

    /// A reservation that stands runs out in some days; one that ran out did so when it ended.
    fn reserved_until(
        &mut self,
        status: PlacementStatus,
        ended_at: Option<DateTime<Utc>>,
    ) -> Option<DateTime<Utc>> {
        match status {
            PlacementStatus::Reserved => {
                let day = self.plot.chance.day_after(self.today(), 3, 12);
                Some(self.plot.chance.moment(day))
            }
            PlacementStatus::Expired => ended_at,
            _ => None,
        }
    }

    /// Whoever is away now is so since some days; some were away before.
    fn write_absences(&mut self, group: &Group, (placement_id, person_id): (Uuid, Uuid)) {
        let Some(admitted_on) = group.days.admitted else { return };
        if let Some(kind) = group.absence {
            let since = self.plot.chance.day_after(self.today(), -5, -1);
            let holds_place = group.holds_place();
            self.push_absence((placement_id, person_id), kind, holds_place, (since, None));
        } else if self.plot.chance.percent(20) && group.berth.house != House::EarlyHelp {
            let since = after(admitted_on, 2);
            let until = Some(after(since, 2));
            self.push_absence(
                (placement_id, person_id),
                AbsenceKind::HomeLeave,
                true,
                (since, until),
            );
        }
    }

    fn push_absence(
        &mut self,
        (placement_id, person_id): (Uuid, Uuid),
        kind: AbsenceKind,
        holds_place: bool,
        (since, until): (NaiveDate, Option<NaiveDate>),
    ) {
        let recorded_at = self.plot.chance.moment(since);
        self.rows.absence.push(absence::Model {
            id: self.plot.chance.id(recorded_at),
            placement_id,
            person_id,
            kind,
            holds_place,
            since,
            until,
            recorded_at,
        });
    }

    /// The person in full and the family in summary, from the request to the end.
    fn show_to_centre(
        &mut self,
        group: &Group,
        (placement_id, person_id): (Uuid, Uuid),
        (since, until): (DateTime<Utc>, Option<DateTime<Utc>>),
    ) {
        let sight = |level| Sight {
            organisation_id: provider(group.berth.house, group.berth.centre).id(),
            level,
            shown: Shown::all(level),
            basis: GrantBasis::Placement,
            source_id: placement_id,
            since,
            until,
        };
        self.grant(Whom::Person(person_id), sight(AccessLevel::Full));
        self.grant(Whom::Family, sight(AccessLevel::Summary));
    }
}

impl Group {
    /// Whether a place is held: not while somebody is missing.
    fn holds_place(&self) -> bool {
        use PlacementStatus::{Admitted, OnLeave, Reserved};
        match self.berth.status {
            Reserved | Admitted => true,
            OnLeave => self.absence != Some(AbsenceKind::Missing),
            _ => false,
        }
    }
}
