//! What the tables themselves refuse, whatever the code above them does.

use chrono::TimeDelta;
use entity::organisation::OrganisationKind;
use entity::placement::{Destination, PlacementStatus};
use entity::training_event::{self, TrainingKind};
use entity::{
    capacity_period, case, episode, family_member, plan, register_entry, training_headcount,
};
use sea_orm::{ActiveValue::Set, SqlErr};
use uuid::Uuid;

use crate::harness::world::{Household, START};
use crate::harness::{Stage, run};

async fn home(stage: &Stage) -> (Household, (Uuid, Uuid)) {
    let area = stage.area("Area", None).await;
    let office = stage.organisation("Office", None).await;
    let place = stage.centre(&office, &area, 4).await;
    (stage.household(&office, &area, "X").await, place)
}

fn is_unique(outcome: Result<(), sea_orm::DbErr>) -> bool {
    matches!(
        outcome.expect_err("a constraint refuses this").sql_err(),
        Some(SqlErr::UniqueConstraintViolation(_))
    )
}

#[test]
fn a_child_has_one_residential_stay_and_one_reservation() {
    run(async |stage| {
        let (home, place) = home(stage).await;
        for status in [PlacementStatus::Admitted, PlacementStatus::Reserved] {
            stage.put(stage.placement(&home, place, status)).await;
            assert!(is_unique(stage.try_put(stage.placement(&home, place, status)).await));
        }
        let leave = stage.placement(&home, place, PlacementStatus::OnLeave);
        assert!(is_unique(stage.try_put(leave).await));
        let mut day = stage.placement(&home, place, PlacementStatus::Admitted);
        day.is_residential = Set(false);
        stage.put(day).await;
    });
}

#[test]
fn a_discharge_has_a_destination_and_comes_after_the_admission() {
    run(async |stage| {
        let (home, place) = home(stage).await;
        let mut left = stage.placement(&home, place, PlacementStatus::Discharged);
        left.destination = Set(None);
        assert!(stage.try_put(left).await.is_err());
        let mut early = stage.placement(&home, place, PlacementStatus::Discharged);
        early.discharged_at = Set(Some(stage.now() - TimeDelta::days(30)));
        assert!(stage.try_put(early).await.is_err());
        let mut right = stage.placement(&home, place, PlacementStatus::Discharged);
        right.destination = Set(Some(Destination::Kin));
        stage.put(right).await;
    });
}

fn opening(home: &Household, number: i32) -> episode::ActiveModel {
    episode::ActiveModel {
        id: Set(Uuid::now_v7()),
        case_id: Set(home.case),
        family_id: Set(home.id),
        no: Set(number),
        opened_on: Set(START),
        reason: Set("Report".to_owned()),
        recorded_at: Set(chrono::DateTime::UNIX_EPOCH),
        ..Default::default()
    }
}

#[test]
fn a_case_has_one_open_episode_and_its_closure_is_approved_by_somebody_else() {
    run(async |stage| {
        let (home, _) = home(stage).await;
        let area = stage.area("B", None).await;
        let office = stage.organisation("Office", None).await;
        let one = stage.worker(&office, entity::membership::Role::Caseworker).await;
        let other = stage.worker(&office, entity::membership::Role::Supervisor).await;
        let _ = area;
        stage.put(opening(&home, 1)).await;
        assert!(is_unique(stage.try_put(opening(&home, 2)).await));

        let closed = |by: Uuid, approved: Uuid| episode::ActiveModel {
            closed_on: Set(Some(START)),
            closure_class: Set(Some(episode::ClosureClass::Overcame)),
            summary: Set(Some("Summary".to_owned())),
            closed_by_id: Set(Some(by)),
            approved_by_id: Set(Some(approved)),
            ..opening(&home, 3)
        };
        assert!(stage.try_put(closed(one.id, one.id)).await.is_err());
        let unsaid = episode::ActiveModel { summary: Set(None), ..closed(one.id, other.id) };
        assert!(stage.try_put(unsaid).await.is_err());
        stage.put(closed(one.id, other.id)).await;
    });
}

#[test]
fn a_case_has_one_active_plan() {
    run(async |stage| {
        let (home, _) = home(stage).await;
        let now = stage.now();
        let active = |revision| plan::ActiveModel {
            id: Set(Uuid::now_v7()),
            case_id: Set(home.case),
            family_id: Set(home.id),
            revision: Set(revision),
            since: Set(START),
            status: Set(plan::PlanStatus::Active),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        };
        stage.put(active(1)).await;
        assert!(is_unique(stage.try_put(active(2)).await));
    });
}

#[test]
fn intervals_are_in_order_and_open_ones_do_not_repeat() {
    run(async |stage| {
        let (home, (_, unit)) = home(stage).await;
        let member = |until| family_member::ActiveModel {
            id: Set(Uuid::now_v7()),
            family_id: Set(home.id),
            person_id: Set(home.child),
            role: Set(family_member::MemberRole::Child),
            lives_here: Set(true),
            legal_responsibility: Set(false),
            primary_caregiver: Set(false),
            since: Set(START),
            until: Set(until),
            recorded_at: Set(stage.now()),
            ..Default::default()
        };
        assert!(stage.try_put(member(Some(START))).await.is_err());
        assert!(is_unique(stage.try_put(member(None)).await));

        let capacity = |places, since| capacity_period::ActiveModel {
            id: Set(Uuid::now_v7()),
            unit_id: Set(unit),
            since: Set(since),
            until: Set(None),
            places: Set(places),
        };
        assert!(stage.try_put(capacity(3, START + TimeDelta::days(9))).await.is_err());
        assert!(stage.try_put(capacity(-1, START)).await.is_err());
    });
}

#[test]
fn a_register_entry_is_of_a_family_or_of_a_person() {
    run(async |stage| {
        let (home, _) = home(stage).await;
        let register = Uuid::now_v7();
        stage
            .put(entity::register::ActiveModel {
                id: Set(register),
                code: Set("R".to_owned()),
                name: Set("Register".to_owned()),
                class: Set(entity::register::RegisterClass::DifficultCircumstances),
                subject: Set(entity::register::RegisterSubject::Person),
                is_active: Set(true),
            })
            .await;
        let entry = |family, person| register_entry::ActiveModel {
            id: Set(Uuid::now_v7()),
            register_id: Set(register),
            family_id: Set(family),
            person_id: Set(person),
            grounds: Set(register_entry::RegisterGrounds::Neglect),
            since: Set(START),
            recorded_at: Set(stage.now()),
            ..Default::default()
        };
        assert!(stage.try_put(entry(None, None)).await.is_err());
        assert!(stage.try_put(entry(Some(home.id), Some(home.child))).await.is_err());
        stage.put(entry(None, Some(home.child))).await;
        assert!(is_unique(stage.try_put(entry(None, Some(home.child))).await));
    });
}

#[test]
fn rows_do_not_point_at_what_is_not_there() {
    run(async |stage| {
        let (home, _) = home(stage).await;
        let now = stage.now();
        let lost = case::ActiveModel {
            id: Set(Uuid::now_v7()),
            family_id: Set(home.id),
            reference: Set("C-lost".to_owned()),
            kind: Set(case::CaseKind::EarlyHelp),
            lead_organisation_id: Set(Uuid::now_v7()),
            area_id: Set(Uuid::now_v7()),
            status: Set(case::CaseStatus::Intake),
            opened_on: Set(START),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        };
        assert!(matches!(
            stage.try_put(lost).await.unwrap_err().sql_err(),
            Some(SqlErr::ForeignKeyConstraintViolation(_))
        ));
    });
}

#[test]
fn a_training_counts_each_class_once_and_nobody_less_than_none_and_is_voided_with_a_reason() {
    run(async |stage| {
        let office = stage.organisation("Office", None).await;
        let training = training_event::ActiveModel {
            id: Set(Uuid::now_v7()),
            topic: Set("Finding families together".to_owned()),
            kind: Set(TrainingKind::Seminar),
            organiser_id: Set(office.id),
            held_on: Set(START),
            recorded_at: Set(stage.now()),
            ..Default::default()
        };
        stage.put(training.clone()).await;
        let came = |organisation_kind, participants| training_headcount::ActiveModel {
            training_event_id: training.id.clone(),
            organisation_kind: Set(organisation_kind),
            participants: Set(participants),
        };
        stage.put(came(OrganisationKind::Health, 0)).await;
        assert!(is_unique(stage.try_put(came(OrganisationKind::Health, 1)).await));
        assert!(stage.try_put(came(OrganisationKind::Police, -1)).await.is_err());
        let mut voided = training_event::ActiveModel {
            id: Set(Uuid::now_v7()),
            voided_at: Set(Some(stage.now())),
            ..training.clone()
        };
        assert!(stage.try_put(voided.clone()).await.is_err());
        voided.void_reason = Set(Some("Recorded twice.".to_owned()));
        stage.put(voided).await;
    });
}
