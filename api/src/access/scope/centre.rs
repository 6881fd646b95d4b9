//! Centres are known to everybody signed in; the protected address of one is not. It is for those who
//! run the centre, and for whoever sees somebody in full who has a place there.

use entity::access_grant::AccessLevel;
use entity::placement::PlacementStatus;
use entity::{centre, placement};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition};

use super::{Need, Visible, level, one_of};
use crate::access::redact::Class;
use crate::access::viewer::{RESTRICTED_SCOPE, Viewer};

/// The states in which somebody has a place.
const WITH_A_PLACE: [PlacementStatus; 3] =
    [PlacementStatus::Reserved, PlacementStatus::Admitted, PlacementStatus::OnLeave];

impl Visible for centre::Entity {
    fn visible_to(viewer: &Viewer, need: Need) -> Condition {
        match need {
            Need::Value(veil) if veil.class == Class::Restricted => goes_there(viewer),
            _ => Condition::all(),
        }
    }

    fn shown_to(viewer: &Viewer) -> SimpleExpr {
        // Without the scope nobody is shown the address: then nobody is asked where they go.
        if !viewer.has_scope(RESTRICTED_SCOPE) {
            return level(AccessLevel::Summary);
        }
        CaseStatement::new()
            .case(goes_there(viewer), level(AccessLevel::Full))
            .finally(level(AccessLevel::Summary))
            .into()
    }
}

/// That the viewer's organisation runs a centre, or the viewer sees somebody in full who has a place
/// in it.
fn goes_there(viewer: &Viewer) -> Condition {
    let runs = Expr::col((centre::Entity, centre::Column::OrganisationId));
    let mut places = Query::select();
    places
        .expr(Expr::val(1))
        .from(placement::Entity)
        .and_where(
            Expr::col((placement::Entity, placement::Column::CentreId))
                .equals((centre::Entity, centre::Column::Id)),
        )
        .and_where(placement::Column::Status.is_in(WITH_A_PLACE))
        .cond_where(placement::Entity::visible_to(
            &viewer.asking_each(),
            Need::Row(AccessLevel::Full),
        ));
    Condition::any()
        .add(one_of(viewer.backend, runs, viewer.organisations.clone()))
        .add(Expr::exists(places))
}
