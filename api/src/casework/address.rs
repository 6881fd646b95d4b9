//! Addresses that may be kept secret: an open one and a secret one stand in two columns, of which one is
//! filled, so that protection hides it at once.

use entity::secret::Secret;
use uuid::Uuid;

use super::change::Change;
use super::problem::{Halt, Problem};
use super::wording::Text;
use crate::access::audit::Node;
use crate::access::viewer::RESTRICTED_SCOPE;

/// The two columns of an address.
pub type Columns = (Option<String>, Option<Secret>);

/// Where an address stands, as its protection says.
pub fn columns(address: Option<String>, is_protected: bool) -> Columns {
    if is_protected { (None, address.map(Secret::new)) } else { (address, None) }
}

/// What is told of an address: omitted, cleared or set, and whether it is protected from now on.
#[derive(Clone, Debug)]
#[expect(clippy::option_option, reason = "left as it is, cleared, or set")]
pub struct Told {
    /// The address.
    pub address: Option<Option<String>>,
    /// Whether it is kept secret.
    pub is_protected: Option<bool>,
}

impl Told {
    /// The address after a change, and whether it is protected.
    pub fn over(
        &self,
        (open, secret): (Option<&str>, Option<&Secret>),
        was: bool,
    ) -> (Columns, bool) {
        let kept = if was { secret.map(Secret::expose) } else { open };
        let address = self.address.clone().unwrap_or_else(|| kept.map(str::to_owned));
        let is_protected = self.is_protected.unwrap_or(was);
        // A plain address beside a protected one stays hidden too.
        (columns(address, is_protected), is_protected)
    }

    /// Refuses to show a protected address to who may not read it, by ending its protection; for who
    /// may, it is a disclosure.
    pub fn check_shown(
        &self,
        change: &mut Change,
        secret: Option<&Secret>,
        (kind, id): (&'static str, Uuid),
    ) -> Result<(), Halt> {
        let is_shown =
            self.is_protected == Some(false) && self.address.is_none() && secret.is_some();
        if is_shown && !change.session().viewer().has_scope(RESTRICTED_SCOPE) {
            return Err(Problem::at("input.isAddressProtected", Text::AddressProtected).into());
        }
        if is_shown {
            change.disclose(Node { kind, id });
        }
        Ok(())
    }
}
