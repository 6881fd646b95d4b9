//! Who sees what is shared and on what it rests: whoever leads the work with the family; of a referral
//! and a transfer also whoever received it, as long as it waits for them or holds.

use entity::access_grant::AccessLevel;
use entity::membership::Role;
use entity::referral::ReferralStatus;
use entity::transfer::TransferStatus;
use entity::{consent, consent_recipient, referral, transfer};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, IntoSimpleExpr};

use super::{Need, Visible, in_families, level, one_of};
use crate::access::viewer::Viewer;

/// The family that the viewer's organisation leads the work with.
fn led(viewer: &Viewer, family_id: impl IntoSimpleExpr) -> SimpleExpr {
    in_families(&viewer.leading(), Need::Row(AccessLevel::Full), family_id)
}

/// The organisations that receive do not see the consent on which a referral rests.
macro_rules! seen_by_lead {
    ($($entity:ident),+) => {
        $(impl Visible for $entity::Entity {
            fn visible_to(viewer: &Viewer, _: Need) -> Condition {
                if viewer.is_house {
                    return Condition::all();
                }
                Condition::all().add(led(viewer, Expr::col((Self, $entity::Column::FamilyId))))
            }

            fn shown_to(_: &Viewer) -> SimpleExpr {
                level(AccessLevel::Full)
            }
        })+
    };
}

seen_by_lead!(consent, consent_recipient);

/// Who receives sees a referral with its reason while it waits for an answer, and while it holds: not
/// once it is over or ran out, whether that is noted or not.
impl Visible for referral::Entity {
    fn visible_to(viewer: &Viewer, _: Need) -> Condition {
        use referral::Column;
        if viewer.is_house {
            return Condition::all();
        }
        let answers = matches!(
            viewer.role,
            Role::Caseworker | Role::Supervisor | Role::NgoWorker | Role::Integration
        );
        let received = (answers && !viewer.is_leading).then(|| {
            let lasts = Condition::any()
                .add(Column::ExpiresAt.is_null())
                .add(Column::ExpiresAt.gt(viewer.now));
            Condition::all()
                .add(one_of(viewer.backend, Column::ReceiverId, viewer.organisations.clone()))
                .add(Column::Status.is_in([ReferralStatus::Sent, ReferralStatus::Accepted]))
                .add(lasts)
        });
        Condition::any().add(led(viewer, Expr::col((Self, Column::FamilyId)))).add_option(received)
    }

    fn shown_to(_: &Viewer) -> SimpleExpr {
        level(AccessLevel::Full)
    }
}

/// Supervisors of who receives see a transfer with its reason while it waits for their answer.
impl Visible for transfer::Entity {
    fn visible_to(viewer: &Viewer, _: Need) -> Condition {
        use transfer::Column;
        if viewer.is_house {
            return Condition::all();
        }
        let answers = viewer.role == Role::Supervisor && !viewer.is_leading;
        let received = answers.then(|| {
            Condition::all()
                .add(one_of(viewer.backend, Column::ReceiverId, viewer.organisations.clone()))
                .add(Column::Status.eq(TransferStatus::Proposed))
                .add(Column::ExpiresAt.gt(viewer.now))
        });
        Condition::any().add(led(viewer, Expr::col((Self, Column::FamilyId)))).add_option(received)
    }

    fn shown_to(_: &Viewer) -> SimpleExpr {
        level(AccessLevel::Full)
    }
}
