//! Factories of centres and placements.

use entity::centre::{CentreKind, CentreRegime, CentreStatus};
use entity::placement::{PlacementBasis, PlacementStatus};
use entity::secret::Sealed;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::Stage;
use super::world::{Branch, Household, START};

impl Stage {
    /// An open residential centre with one unit of so many places.
    pub async fn centre(&self, provider: &Branch, area: &Branch, places: i32) -> (Uuid, Uuid) {
        let (centre, unit) = (Uuid::now_v7(), Uuid::now_v7());
        let now = self.now();
        self.put(entity::centre::ActiveModel {
            id: Set(centre),
            organisation_id: Set(provider.id),
            name: Set("Centre".to_owned()),
            kind: Set(CentreKind::SocialRehabilitation),
            regime: Set(CentreRegime::Residential),
            area_id: Set(area.id),
            protected_address: Set(Some(self.hidden_road(centre))),
            is_address_protected: Set(true),
            status: Set(CentreStatus::Open),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        self.put(entity::unit::ActiveModel {
            id: Set(unit),
            centre_id: Set(centre),
            name: Set("Unit".to_owned()),
            takes_families: Set(false),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        self.put(entity::capacity_period::ActiveModel {
            id: Set(Uuid::now_v7()),
            unit_id: Set(unit),
            since: Set(START),
            until: Set(None),
            places: Set(places),
        })
        .await;
        (centre, unit)
    }

    fn hidden_road(&self, centre: Uuid) -> Sealed {
        self.seal(entity::centre::Column::ProtectedAddress, centre, "Hidden road 1")
    }

    /// A placement as it stands in a state.
    pub fn placement(
        &self,
        home: &Household,
        (centre, unit): (Uuid, Uuid),
        status: PlacementStatus,
    ) -> entity::placement::ActiveModel {
        let now = self.now();
        let stayed = matches!(
            status,
            PlacementStatus::Admitted | PlacementStatus::OnLeave | PlacementStatus::Discharged
        );
        let left = status == PlacementStatus::Discharged;
        entity::placement::ActiveModel {
            id: Set(Uuid::now_v7()),
            person_id: Set(home.child),
            centre_id: Set(centre),
            unit_id: Set(unit),
            case_id: Set(Some(home.case)),
            family_id: Set(Some(home.id)),
            basis: Set(PlacementBasis::Parent),
            status: Set(status),
            is_residential: Set(true),
            holds_place: Set(true),
            priority: Set(0),
            requested_at: Set(now - chrono::TimeDelta::days(9)),
            reserved_until: Set(
                (status == PlacementStatus::Reserved).then(|| now + chrono::TimeDelta::days(1))
            ),
            admitted_at: Set(stayed.then(|| now - chrono::TimeDelta::days(7))),
            discharged_at: Set(left.then(|| now - chrono::TimeDelta::days(1))),
            destination: Set(left.then_some(entity::placement::Destination::BirthFamily)),
            recorded_at: Set(now),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        }
    }
}
