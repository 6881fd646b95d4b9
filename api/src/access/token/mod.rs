//! stand-in
pub struct Claims {
    pub subject: String,
    pub client_id: String,
    pub organisation: uuid::Uuid,
    pub role: entity::membership::Role,
    pub scopes: std::collections::BTreeSet<String>,
    pub token_id: String,
    pub session_id: Option<String>,
}
