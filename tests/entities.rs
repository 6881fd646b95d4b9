//! The tables as types and as history agree: every entity selects from the migrated database, every
//! column has a class, and the history goes down and up again.

use migration::{Migrator, MigratorTrait};
use sea_orm::{EntityTrait, QuerySelect};

use crate::harness::{Stage, run};

macro_rules! every_entity {
    ($apply:ident) => {
        $apply!(
            area,
            organisation,
            organisation_area,
            worker,
            membership,
            api_client,
            revocation,
            person,
            person_name,
            person_identifier,
            identity_fact,
            relationship,
            family,
            family_characteristic,
            family_member,
            decision,
            legal_status,
            register,
            register_entry,
            concern_report,
            concern_category,
            case,
            episode,
            assignment,
            case_note,
            assessment,
            plan,
            plan_sign_off,
            goal,
            measure,
            service_type,
            service,
            service_person,
            visit,
            visit_child,
            centre,
            unit,
            capacity_period,
            placement,
            placement_breach,
            absence,
            programme,
            budget_line,
            programme_availability,
            eligibility_rule,
            programme_stage,
            programme_priority,
            intake,
            enrolment,
            enrolment_person,
            stage_event,
            attendance,
            training_event,
            training_headcount,
            task,
            consent,
            consent_recipient,
            referral,
            transfer,
            access_grant,
            break_glass,
            audit_event,
            audit_seal,
            change,
            snapshot,
            rollup,
            idempotency_key
        )
    };
}

pub(crate) use every_entity;

macro_rules! names {
    ($($entity:ident),+) => { [$(stringify!($entity)),+] };
}

async fn select_from_each(stage: &Stage) {
    macro_rules! select {
        ($($entity:ident),+) => {
            $(entity::$entity::Entity::find()
                .limit(1)
                .all(&stage.database.reader)
                .await
                .unwrap_or_else(|error| panic!("{}: {error}", stringify!($entity)));)+
        };
    }
    every_entity!(select);
}

#[test]
fn every_entity_selects_from_the_migrated_database() {
    run(async |stage| select_from_each(stage).await);
}

#[test]
fn the_list_above_holds_every_entity() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../entity/src");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|name| !["lib", "metric", "secret"].contains(&name.as_str()))
        .collect();
    files.sort();
    let mut listed: Vec<String> =
        every_entity!(names).iter().map(|name| (*name).to_owned()).collect();
    listed.sort();
    assert_eq!(files, listed);
}

#[test]
fn the_history_goes_down_and_up_again() {
    run(async |stage| {
        let steps = Migrator::migrations().len();
        assert!(stage.database.pending().await.unwrap().is_empty());
        Migrator::down(&stage.database.writer, None).await.unwrap();
        assert_eq!(stage.database.pending().await.unwrap().len(), steps);
        assert!(stage.app.ready().await.unwrap_err().contains("hearth migrate up"));
        stage.database.migrate().await.unwrap();
        assert!(stage.database.pending().await.unwrap().is_empty());
        assert_eq!(stage.app.ready().await, Ok(()));
        select_from_each(stage).await;
    });
}

#[test]
fn two_servers_may_migrate_at_once() {
    run(async |stage| {
        Migrator::down(&stage.database.writer, None).await.unwrap();
        let (one, other) = tokio::join!(stage.database.migrate(), stage.database.migrate());
        assert_eq!((one, other), (Ok(()), Ok(())));
        select_from_each(stage).await;
    });
}
