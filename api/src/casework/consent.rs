//! Consents to share data: who gave them, in what capacity, for what, to whom, and until when.

pub mod giving;
pub mod upkeep;
pub mod withdrawing;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::access_grant::DataCategory;
use entity::consent::{self, Column, ConsentPurpose, ConsentStatus};
use entity::consent_recipient;
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{ActiveEnum, ColumnTrait, Condition, Order};
use uuid::Uuid;

use super::names::split;
use crate::access::{Row, Session};
use crate::error::Result;

/// That a consent is in force at a moment, whether its end is noted or not.
pub fn in_force(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(Column::Status.eq(ConsentStatus::Given))
        .add(Column::Since.lte(now))
        .add(Condition::any().add(Column::Until.is_null()).add(Column::Until.gt(now)))
}

/// That a consent is for a purpose.
pub fn is_for(purpose: ConsentPurpose) -> SimpleExpr {
    let purposes = Expr::cust("' ' || consent.purposes || ' '");
    purposes.like(format!("% {} %", purpose.to_value()))
}

/// The same of a row.
pub fn is_in_force(consent: &consent::Model, now: DateTime<Utc>) -> bool {
    let lasts = consent.until.is_none_or(|until| until > now);
    consent.status == ConsentStatus::Given && consent.since <= now && lasts
}

/// What data may be shared for.
pub fn purposes(consent: &consent::Model) -> Vec<ConsentPurpose> {
    split(&consent.purposes)
}

/// What may be shared.
pub fn categories(consent: &consent::Model) -> Vec<DataCategory> {
    split(&consent.categories)
}

/// The consents of families, latest first.
pub async fn of_families(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<consent::Model>>>> {
    let rows = session.find::<consent::Entity>().of(Column::FamilyId, ids);
    rows.order(Column::RecordedAt, Order::Desc)
        .order(Column::Id, Order::Desc)
        .grouped(|consent| consent.family_id)
        .await
}

/// The organisations that consents name.
pub async fn recipients_of(
    session: &Session,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Row<consent_recipient::Model>>>> {
    use consent_recipient::Column;
    let rows = session.find::<consent_recipient::Entity>().of(Column::ConsentId, ids);
    rows.order(Column::OrganisationId, Order::Asc).grouped(|row| row.consent_id).await
}
