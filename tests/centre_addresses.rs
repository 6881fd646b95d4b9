//! The protected address of a centre: for those who run it, and for whoever has somebody there.

use entity::access_grant::{AccessLevel, GrantBasis};
use entity::membership::Role;
use entity::placement::PlacementStatus;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::world::{Person, id};
use crate::harness::{Stage, run};

const SCOPE: &[&str] = &["restricted:read"];

/// What somebody reads of the protected address, and whether it is told to be hidden.
async fn address(stage: &Stage, by: &Person, scopes: &[&str], centre: Uuid) -> (Value, Value) {
    let fields = "name isAddressProtected protectedAddress redactedFields";
    let query =
        format!("{{ node(id: \"{}\") {{ ... on Centre {{ {fields} }} }} }}", id("centre", centre));
    let answer = stage.as_with(by, scopes).query(&query).await;
    assert_eq!(answer.data("/node/name"), "Centre", "the centre is known: {}", answer.text);
    assert_eq!(answer.data("/node/isAddressProtected"), true);
    (answer.data("/node/protectedAddress").clone(), answer.data("/node/redactedFields").clone())
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told at once")]
fn a_protected_address_is_for_those_who_go_there() {
    run(async |stage| {
        let area = stage.area("Area", None).await;
        let provider = stage.organisation("Provider", None).await;
        let office = stage.organisation("Office", None).await;
        let partner = stage.organisation("Partner", None).await;
        let centre = stage.centre(&provider, &area, 9).await;
        let (staff, worker) = (
            stage.worker(&provider, Role::CentreStaff).await,
            stage.worker(&office, Role::Caseworker).await,
        );
        let road = json!("Hidden road 1");
        let hidden = (Value::Null, json!(["protectedAddress"]));
        let shown = (road, json!([]));
        assert_eq!(address(stage, &staff, SCOPE, centre.0).await, shown);
        assert_eq!(address(stage, &staff, &[], centre.0).await, hidden, "it needs the scope");
        assert_eq!(
            address(stage, &worker, SCOPE, centre.0).await,
            hidden,
            "the scope is not enough"
        );
        for role in [Role::Analyst, Role::Auditor, Role::Admin, Role::Reporter] {
            let other = stage.worker(&office, role).await;
            assert_eq!(address(stage, &other, SCOPE, centre.0).await, hidden, "{role:?}");
        }

        let home = stage.household(&office, &area, "X").await;
        let asked = stage.placement(&home, centre, PlacementStatus::Requested);
        let stay = asked.id.clone().unwrap();
        stage.put(asked).await;
        assert_eq!(
            address(stage, &worker, SCOPE, centre.0).await,
            hidden,
            "who asked has no place"
        );
        let (helper, boss) = (
            stage.worker(&partner, Role::NgoWorker).await,
            stage.worker(&partner, Role::Supervisor).await,
        );
        let (level, basis) = (AccessLevel::Summary, GrantBasis::Referral);
        stage.grant(&partner, home.id, level, basis, Uuid::now_v7()).await;
        for status in
            [PlacementStatus::Reserved, PlacementStatus::Admitted, PlacementStatus::OnLeave]
        {
            let now = entity::placement::ActiveModel {
                id: Set(stay),
                status: Set(status),
                reserved_until: Set(Some(stage.now() + chrono::TimeDelta::days(1))),
                admitted_at: Set(Some(stage.now())),
                ..Default::default()
            };
            now.update(&stage.database.writer).await.unwrap();
            assert_eq!(address(stage, &worker, SCOPE, centre.0).await, shown, "{status:?}");
            assert_eq!(address(stage, &worker, &[], centre.0).await, hidden, "{status:?}");
            for other in [&helper, &boss] {
                assert_eq!(address(stage, other, SCOPE, centre.0).await, hidden, "in summary");
            }
        }
        let left = entity::placement::ActiveModel {
            id: Set(stay),
            status: Set(PlacementStatus::Discharged),
            discharged_at: Set(Some(stage.now())),
            destination: Set(Some(entity::placement::Destination::BirthFamily)),
            ..Default::default()
        };
        left.update(&stage.database.writer).await.unwrap();
        assert_eq!(address(stage, &worker, SCOPE, centre.0).await, hidden, "after the stay");
    });
}
