//! Who may: tokens become viewers, a viewer has a reach over rows and classes of fields, and
//! every read begins at a session.

pub mod policy;
pub mod redact;
pub mod scope;
pub mod session;
mod rollup;
pub mod audit;
pub mod token;
pub mod viewer;
pub mod vault;

pub use redact::{Class, Classified, Row, Seen, Veil};
pub use scope::{Need, Visible};
pub use session::{Rows, Session};
pub use vault::{Place, Vault};
pub use viewer::Viewer;
