//! What could be done with consents, referrals and transfers.

use entity::consent::{self, ConsentStatus};
use entity::referral::{self, ReferralStatus};
use entity::transfer::{self, TransferStatus};

use super::{Permitted, is_viewer, is_worker};
use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::state::Machine;
use crate::casework::{referral as referrals, transfer as transfers};

/// What could be done with a consent: whoever sees it leads the work with the family.
pub fn of_consent(session: &Session, consent: &consent::Model) -> Permitted {
    let runs = consent.status.may_become(ConsentStatus::Withdrawn);
    Permitted::of(session, [(Action::ConsentWithdraw, runs)])
}

/// What could be done with a referral, of a family that the viewer's organisation leads or not.
pub fn of_referral(session: &Session, referral: &referral::Model, is_led: bool) -> Permitted {
    use ReferralStatus::{Accepted, Completed, Draft, Revoked, Withdrawn};
    let status = referral.status;
    let lasts = !referrals::ran_out(referral, session.now());
    let is_ours = session.viewer().organisations.contains(&referral.receiver_id) && lasts;
    let is_anothers = is_worker(session) && !is_viewer(session, referral.created_by);
    let rests = referral.legal_basis.is_some() || referral.consent_id.is_some();
    let is_sent_on = is_led && is_anothers && lasts && rests && status == Draft;
    Permitted::of(
        session,
        [
            (Action::ReferralApprove, is_sent_on),
            (Action::ReferralAnswer, is_ours && status.may_become(Accepted)),
            (Action::ReferralComplete, is_ours && status.may_become(Completed)),
            (Action::ReferralWithdraw, is_ours && status.may_become(Withdrawn)),
            (Action::ReferralRevoke, is_led && status.may_become(Revoked)),
        ],
    )
}

/// What could be done with a transfer, of a family that the viewer's organisation leads or not.
pub fn of_transfer(session: &Session, transfer: &transfer::Model, is_led: bool) -> Permitted {
    let ours = &session.viewer().organisations;
    let waits = transfer.status == TransferStatus::Proposed;
    let lasts = !transfers::ran_out(transfer, session.now());
    let is_received = ours.contains(&transfer.receiver_id);
    let is_sent = is_led && ours.contains(&transfer.sender_id);
    Permitted::of(
        session,
        [
            (Action::TransferAnswer, is_received && waits && lasts),
            (Action::TransferRevoke, is_sent && waits),
        ],
    )
}
