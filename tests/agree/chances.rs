//! Who sees what of made-up data, by chance: grants of every kind, and memberships that were taken back.

use chrono::{DateTime, TimeDelta};
use entity::access_grant::{self, AccessLevel, DataCategory, GrantBasis, Shown};
use entity::{family, family_member, membership, organisation, person};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, Iterable};
use uuid::Uuid;

use super::Chance;
use crate::harness::Stage;

/// Grants of every kind by chance; some are over, some not begun, and some one worker's alone, for an
/// emergency.
pub async fn share(stage: &Stage, chance: &mut Chance) {
    let database = &stage.database.reader;
    let families = family::Entity::find().all(database).await.unwrap();
    let persons = person::Entity::find().all(database).await.unwrap();
    let organisations = organisation::Entity::find().all(database).await.unwrap();
    let memberships = membership::Entity::find().all(database).await.unwrap();
    let bases: Vec<GrantBasis> = GrantBasis::iter().collect();
    let hours = |hours| stage.now() + TimeDelta::hours(hours);
    for _ in 0..families.len() * 2 {
        let family = (chance.below(3) > 0).then(|| chance.one(&families).unwrap().id);
        let person = family.is_none().then(|| chance.one(&persons).unwrap().id);
        let grant = access_grant::ActiveModel {
            organisation_id: Set(chance.one(&organisations).unwrap().id),
            worker_id: Set(None),
            basis: Set(*chance.one(&bases).unwrap()),
            since: Set(hours(-24)),
            until: Set([hours(-1), hours(9)].get(chance.below(3)).copied()),
            ..some_of(chance, family, person)
        };
        let worker = chance.one(&memberships).unwrap();
        stage
            .put(match chance.below(6) {
                0 => access_grant::ActiveModel { since: Set(hours(1)), until: Set(None), ..grant },
                1 | 2 => access_grant::ActiveModel {
                    organisation_id: Set(worker.organisation_id),
                    worker_id: Set(Some(worker.worker_id)),
                    basis: Set(GrantBasis::BreakGlass),
                    until: Set(Some(hours(9))),
                    ..grant
                },
                _ => grant,
            })
            .await;
    }
}

/// A grant that shows some of a family or of a person.
fn some_of(
    chance: &mut Chance,
    family: Option<Uuid>,
    person: Option<Uuid>,
) -> access_grant::ActiveModel {
    let levels = [AccessLevel::ServiceOnly, AccessLevel::Summary, AccessLevel::Full];
    let level = *chance.one(&levels).unwrap();
    let categories: Vec<DataCategory> =
        DataCategory::iter().filter(|_| chance.below(4) > 0).collect();
    access_grant::ActiveModel {
        id: Set(Uuid::now_v7()),
        family_id: Set(family),
        person_id: Set(person),
        level: Set(level),
        shown: Set(Shown::of(level, &categories)),
        source_id: Set(Some(Uuid::now_v7())),
        created_at: Set(DateTime::UNIX_EPOCH),
        created_by: Set(None),
        ..Default::default()
    }
}

/// Takes back what was recorded of some who belong to families.
pub async fn void_some(stage: &Stage, chance: &mut Chance) {
    let database = &stage.database.reader;
    for member in family_member::Entity::find().all(database).await.unwrap() {
        if chance.below(8) == 0 {
            let mut member = member.into_active_model();
            member.voided_at = Set(Some(stage.now()));
            member.void_reason = Set(Some("A slip of the pen".to_owned()));
            member.update(&stage.database.writer).await.unwrap();
        }
    }
}
