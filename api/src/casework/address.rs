//! Addresses that may be kept secret: an open one and a secret one stand in two columns, of which one is
//! filled, so that protection hides it at once.

use entity::secret::{Sealed, Secret};
use uuid::Uuid;

use super::change::Change;
use super::problem::{Halt, Problem};
use super::wording::Text;
use crate::access::audit::Node;
use crate::access::viewer::RESTRICTED_SCOPE;
use crate::access::{Place, Session};
use crate::error::Result;

/// The two columns of an address.
pub type Columns = (Option<String>, Option<Sealed>);

/// Where an address stands, as its protection says; a secret one is sealed for its place.
pub fn columns(
    session: &Session,
    place: Place,
    address: Option<String>,
    is_protected: bool,
) -> Result<Columns> {
    if !is_protected {
        return Ok((address, None));
    }
    let sealed = address.map(|address| session.seal(place, &Secret::new(address)));
    Ok((None, sealed.transpose()?))
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
        session: &Session,
        place: Place,
        (open, secret): (Option<&str>, Option<&Sealed>),
        was: bool,
    ) -> Result<(Columns, bool)> {
        let is_protected = self.is_protected.unwrap_or(was);
        // What stays the secret that it is stays sealed as it is.
        if let Some(sealed) = secret
            && was
            && is_protected
            && self.is_kept(session, place, sealed)
        {
            return Ok(((None, Some(sealed.clone())), is_protected));
        }
        let address = match (&self.address, secret) {
            (Some(address), _) => address.clone(),
            (None, Some(sealed)) if was => Some(session.open(place, sealed)?.expose().to_owned()),
            (None, _) if was => None,
            (None, _) => open.map(str::to_owned),
        };
        // A plain address beside a protected one stays hidden too.
        Ok((columns(session, place, address, is_protected)?, is_protected))
    }

    /// Whether a secret address is left as it is, or told again. One that doesn't open is replaced.
    fn is_kept(&self, session: &Session, place: Place, sealed: &Sealed) -> bool {
        let Some(told) = &self.address else { return true };
        let kept = told.as_deref().zip(session.open(place, sealed).ok());
        kept.is_some_and(|(told, kept)| told == kept.expose())
    }

    /// Refuses to show a protected address to who may not read it, by ending its protection; for who
    /// may, it is a disclosure.
    pub fn check_shown(
        &self,
        change: &mut Change,
        secret: Option<&Sealed>,
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
