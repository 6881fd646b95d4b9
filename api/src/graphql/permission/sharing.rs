//! What the viewer could do with consents, referrals and transfers.

use async_graphql::Context;
use entity::{consent, referral, transfer};

use super::{ConsentPermissions, ReferralPermissions, TransferPermissions, leads};
use crate::access::Seen;
use crate::casework::permission::sharing;
use crate::error::Result;
use crate::graphql::loader::Asking;

/// What could be done with a consent.
pub fn of_consent(ctx: &Context<'_>, row: &consent::Model) -> Result<ConsentPermissions> {
    Ok(ConsentPermissions(sharing::of_consent(ctx.session()?, row)))
}

/// What could be done with a referral.
pub async fn of_referral(
    ctx: &Context<'_>,
    row: &Seen<referral::Model>,
) -> Result<ReferralPermissions> {
    let is_led = leads(ctx, row.lasting(), Some(row.family_id)).await?;
    Ok(ReferralPermissions(sharing::of_referral(ctx.session()?, row, is_led)))
}

/// What could be done with a transfer.
pub async fn of_transfer(
    ctx: &Context<'_>,
    row: &Seen<transfer::Model>,
) -> Result<TransferPermissions> {
    let is_led = leads(ctx, row.lasting(), Some(row.family_id)).await?;
    Ok(TransferPermissions(sharing::of_transfer(ctx.session()?, row, is_led)))
}
