//! Enrolments in programmes, and the pathway's stages.

use chrono::{NaiveDate, TimeDelta};
use entity::access_grant::{AccessLevel, GrantBasis, Shown};
use entity::consent::ConsentStatus;
use entity::enrolment::{self, EnrolmentOutcome, EnrolmentStatus};
use entity::enrolment_person;
use entity::stage_event::{self, StageEventKind};
use uuid::Uuid;

use super::Chronicle;
use super::course::SeatDays;
use super::grants::{Sight, Whom};
use super::sharing::Answer;
use crate::synthetic::agencies::Agency;
use crate::synthetic::calendar::{after, morning};
use crate::synthetic::outline::Scheme;
use crate::synthetic::programmes::stage_id;
use crate::synthetic::story::Seat;

impl Chronicle<'_> {
    pub(super) fn write_seat(&mut self) {
        let (Some(seat), Some(days)) = (self.plot.story.seat, self.plot.course.seat) else {
            return;
        };
        let id = self.enrol(&seat, &days);
        for person_id in self.participants(seat.scheme) {
            self.rows
                .enrolment_person
                .push(enrolment_person::Model { enrolment_id: id, person_id });
        }
        if seat.scheme == Scheme::Pathway && days.enrolled_on.is_some() {
            self.consent_to_treatment(&days);
            self.write_stages(id, &seat, &days);
        }
        self.show_to_programme(id, &seat, &days);
    }

    fn enrol(&mut self, seat: &Seat, days: &SeatDays) -> Uuid {
        let stamp = self.stamp(days.requested_on, self.changed_on(seat.status, days));
        let id = self.plot.chance.id(stamp.made_at);
        let person = match seat.scheme {
            Scheme::ParentsSchool => None,
            Scheme::Pathway => self.home.caregiver(),
            Scheme::EarlyHelp => self.home.children.first(),
        };
        let person_id = person.map(|person| person.id);
        self.rows.enrolment.push(enrolment::Model {
            id,
            intake_id: seat.scheme.intake_id(self.today(), seat.cohort, seat.group),
            programme_id: seat.scheme.id(),
            family_id: self.family_id,
            person_id,
            case_id: Some(self.case_id),
            worker_id: Some(self.lead_on(days.requested_on)),
            status: seat.status,
            priority: i32::try_from(self.plot.chance.below(3)).unwrap_or_default(),
            requested_at: stamp.made_at,
            enrolled_on: days.enrolled_on,
            ended_on: days.ended.map(|(ended_on, _)| ended_on),
            outcome: days.ended.map(|(_, outcome)| outcome),
            offered_at: None,
            offered_until: None,
            closed_at: is_over(seat.status).then_some(stamp.changed_at),
            status_reason: None,
            recorded_at: stamp.made_at,
            version: stamp.version,
            created_at: stamp.made_at,
            updated_at: stamp.changed_at,
            created_by: stamp.by,
            updated_by: stamp.by,
        });
        id
    }

    /// When the status was reached that an enrolment has now.
    fn changed_on(&self, status: EnrolmentStatus, days: &SeatDays) -> Option<NaiveDate> {
        use EnrolmentStatus::{Expired, Offered, Withdrawn};
        let answered_on = after(days.requested_on, 6).min(self.yesterday());
        let is_answered = matches!(status, Offered | Withdrawn | Expired);
        let ended_on = days.ended.map(|(ended_on, _)| ended_on);
        ended_on.or(days.enrolled_on).or(is_answered.then_some(answered_on))
    }

    /// The caregiver, and the child that the programme is about.
    fn participants(&self, scheme: Scheme) -> Vec<Uuid> {
        let caregiver = self.home.caregiver();
        let child = self.home.children.first().filter(|_| scheme != Scheme::Pathway);
        caregiver.into_iter().chain(child).map(|person| person.id).collect()
    }

    /// Treatment begins only with a consent.
    fn consent_to_treatment(&mut self, days: &SeatDays) {
        let answer = Answer {
            status: ConsentStatus::Given,
            purposes: "PROGRAMME",
            since: morning(days.requested_on),
            until: None,
            withdrawn_at: None,
        };
        let clinic_id = Agency::Clinic(self.plot.branch.no).id();
        self.ask_consent(answer, clinic_id);
    }

    /// Treatment, training, a job, in that order; some fall back to treatment.
    fn write_stages(&mut self, enrolment_id: Uuid, seat: &Seat, days: &SeatDays) {
        use StageEventKind::{Completed, Dropped, Entered, Relapsed};
        let Some(start_on) = days.enrolled_on else { return };
        let steps: &[(u32, StageEventKind, i64)] = match (seat.status, days.ended) {
            (EnrolmentStatus::Enrolled, _) => &[],
            (_, Some((_, EnrolmentOutcome::Completed))) => &[
                (1, Entered, 2),
                (1, Completed, 62),
                (2, Entered, 66),
                (2, Completed, 150),
                (3, Entered, 155),
                (3, Completed, 205),
            ],
            (_, Some(_)) => &[(1, Entered, 2), (1, Dropped, 18)],
            _ => match self.plot.story.index % 4 {
                0 => &[(1, Entered, 2)],
                1 => &[(1, Entered, 2), (1, Completed, 62), (2, Entered, 66)],
                2 => &[
                    (1, Entered, 2),
                    (1, Completed, 62),
                    (2, Entered, 66),
                    (2, Completed, 150),
                    (3, Entered, 155),
                ],
                _ => &[
                    (1, Entered, 2),
                    (1, Completed, 62),
                    (2, Entered, 66),
                    (2, Relapsed, 110),
                    (1, Entered, 115),
                ],
            },
        };
        for (stage, kind, ago) in steps {
            self.write_stage_event(enrolment_id, *stage, *kind, after(start_on, *ago));
        }
    }

    fn write_stage_event(
        &mut self,
        enrolment_id: Uuid,
        stage: u32,
        kind: StageEventKind,
        occurred_on: NaiveDate,
    ) {
        let recorded_at = self.plot.chance.moment(occurred_on);
        self.rows.stage_event.push(stage_event::Model {
            id: self.plot.chance.id(recorded_at),
            enrolment_id,
            stage_id: stage_id(stage),
            family_id: self.family_id,
            kind,
            occurred_on,
            organisation_id: None,
            worker_id: None,
            recorded_at,
        });
    }

    /// From the enrolment to its end; a request alone shows nothing.
    fn show_to_programme(&mut self, enrolment_id: Uuid, seat: &Seat, days: &SeatDays) {
        let Some(enrolled_on) = days.enrolled_on else { return };
        let sight = Sight {
            organisation_id: seat.scheme.agency().id(),
            level: AccessLevel::ServiceOnly,
            shown: Shown::all(AccessLevel::ServiceOnly),
            basis: GrantBasis::Enrolment,
            source_id: enrolment_id,
            since: morning(enrolled_on),
            until: days.ended.map(|(ended_on, _)| morning(ended_on) + TimeDelta::hours(2)),
        };
        self.grant(Whom::Family, sight);
    }
}

/// Whether an enrolment comes to nothing more.
const fn is_over(status: EnrolmentStatus) -> bool {
    use EnrolmentStatus::{Ended, Expired, Ineligible, Withdrawn};
    matches!(status, Ended | Expired | Ineligible | Withdrawn)
}
