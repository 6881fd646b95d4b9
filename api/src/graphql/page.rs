//! Pages of a list by keyset: connections, edges, and opaque cursors that this server alone
//! can make.

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;

use async_graphql::{Context, Object, OutputType, SimpleObject, TypeName};
use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use sea_orm::{EntityTrait, FromQueryResult, Iden, ModelTrait, Value};
use uuid::Uuid;

use super::loader::Asking;
use super::prefetch::{ROWS, with_relations};
use crate::access::session::Keyset;
use crate::access::{Row, Rows, Session, Visible};
use crate::error::{Error, Result};

/// How many rows a page holds unless asked otherwise, and at most.
pub const FIRST: i32 = 25;
/// Most rows of a page.
pub const MOST: i32 = 100;

/// A page of a list.
pub struct Connection<T> {
    edges: Vec<Edge<T>>,
    has_next_page: bool,
    has_previous_page: bool,
    /// Where the next page begins, if not behind the last row.
    next: Option<String>,
    count: Counter,
}

type Counter = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<u64>> + Send>> + Send + Sync>;

/// One row of a page with its cursor.
pub struct Edge<T> {
    node: T,
    cursor: String,
}

/// Where a page stands in its list.
#[derive(SimpleObject)]
pub struct PageInfo {
    /// Whether rows follow this page.
    has_next_page: bool,
    /// Whether this page was asked for with `after`, so that rows stand before it.
    has_previous_page: bool,
    /// The cursor of the first row, or null on an empty page.
    start_cursor: Option<String>,
    /// The cursor of the last row, or, in a list that looks at more rows than it gives, of the last
    /// row looked at: give it as `after` for the next page.
    end_cursor: Option<String>,
}

impl<T: OutputType> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::type_name()).into()
    }
}

impl<T: OutputType> TypeName for Edge<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::type_name()).into()
    }
}

/// A page of a list, ordered, with a cursor for each row.
#[Object(serial, name_type)]
impl<T: OutputType> Connection<T> {
    /// The rows with their cursors.
    async fn edges(&self) -> &[Edge<T>] {
        &self.edges
    }

    /// The rows alone.
    async fn nodes(&self) -> Vec<&T> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Where this page stands in the list.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next_page,
            has_previous_page: self.has_previous_page,
            start_cursor: self.edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: self.next.clone().or(self.edges.last().map(|edge| edge.cursor.clone())),
        }
    }

    /// How many rows the whole list has for the viewer under this filter. Counted only when it
    /// is asked for. Cost: 10.
    async fn total_count(&self) -> Option<Result<i32>> {
        let count = (self.count)().await;
        Some(count.map(|count| i32::try_from(count).unwrap_or(i32::MAX)))
    }
}

/// A row of a page with its cursor.
#[Object(serial, name_type)]
impl<T: OutputType> Edge<T> {
    /// The row.
    async fn node(&self) -> &T {
        &self.node
    }

    /// The row's place in this list under this order and filter: opaque, give it as `after`.
    async fn cursor(&self) -> &str {
        &self.cursor
    }
}

/// What a client asks of a list.
pub struct Asked<E: EntityTrait> {
    /// How many rows.
    pub first: Option<i32>,
    /// Behind which cursor.
    pub after: Option<String>,
    /// In which order.
    pub order: Keyset<E>,
    /// A text that names the list and its filter: a cursor holds for one of them only.
    pub filter: String,
}

/// A page of rows as objects.
pub async fn page<T, E>(ctx: &Context<'_>, rows: Rows<E>, asked: Asked<E>) -> Result<Connection<T>>
where
    T: OutputType + From<Row<E::Model>>,
    E: Visible,
    E::Model: ModelTrait<Entity = E> + FromQueryResult + Send + Sync,
    E::Column: Send + Sync,
{
    let first = size(asked.first)?;
    let seal = ctx.data_opt::<Seal>().ok_or(Error::Internal)?;
    let list = digest_of(&asked);
    let has_previous_page = asked.after.is_some();
    let after = asked.after.map(|text| seal.open(&text, &list)).transpose()?;
    let counted = rows.clone();
    let read = |session: Session| async move {
        rows.through(&session).page(asked.order, after, first).await
    };
    let mut found = Box::pin(with_relations(ctx, &T::type_name(), ROWS, read)).await?;
    let most = usize::try_from(first).unwrap_or(usize::MAX);
    let has_next_page = found.len() > most;
    found.truncate(most);
    let edges = found
        .into_iter()
        .map(|row| {
            let key = asked.order.key_of(&row);
            let cursor = seal.make(&list, key.as_ref(), id_of::<E::Model>(&row));
            Edge { node: T::from(row), cursor }
        })
        .collect();
    let count: Counter = Box::new(move || Box::pin(counted.clone().count()));
    ctx.session()?;
    Ok(Connection { edges, has_next_page, has_previous_page, next: None, count })
}

/// A place in a list by id that takes more than one query to read.
pub struct Place {
    /// How many rows are asked for.
    pub first: usize,
    /// Behind which row.
    pub after: Option<Uuid>,
    list: Vec<u8>,
    has_previous_page: bool,
}

/// The place that a client asks for.
pub fn opened<E: EntityTrait>(ctx: &Context<'_>, asked: Asked<E>) -> Result<Place> {
    let seal = ctx.data_opt::<Seal>().ok_or(Error::Internal)?;
    let first = usize::try_from(size(asked.first)?).unwrap_or(usize::MAX);
    let list = digest_of(&asked);
    let has_previous_page = asked.after.is_some();
    let after = asked.after.map(|text| seal.open(&text, &list)).transpose()?;
    Ok(Place { first, after: after.map(|(_, id)| id), list, has_previous_page })
}

impl Place {
    /// The page: its rows with their ids, and the row to go on behind if there may be more.
    pub fn closed<T, F>(
        self,
        ctx: &Context<'_>,
        rows: impl Iterator<Item = (Uuid, T)>,
        next: Option<Uuid>,
        count: impl Fn() -> F + Send + Sync + 'static,
    ) -> Result<Connection<T>>
    where
        F: Future<Output = Result<u64>> + Send + 'static,
    {
        let seal = ctx.data_opt::<Seal>().ok_or(Error::Internal)?;
        let cursor = |id| seal.make(&self.list, None, id);
        let edges = rows.map(|(id, node)| Edge { node, cursor: cursor(id) }).collect();
        let count: Counter = Box::new(move || Box::pin(count()));
        let has_previous_page = self.has_previous_page;
        let next = next.map(cursor);
        Ok(Connection { edges, has_next_page: next.is_some(), has_previous_page, next, count })
    }
}

fn size(first: Option<i32>) -> Result<u64> {
    let first = first.unwrap_or(FIRST);
    if !(1..=MOST).contains(&first) {
        return Err(Error::BadInput(format!("`first` must be from 1 to {MOST}, not {first}.")));
    }
    Ok(u64::try_from(first).unwrap_or_default())
}

fn id_of<M: ModelTrait>(model: &M) -> Uuid {
    use sea_orm::{Iterable, PrimaryKeyToColumn};
    let key = <M::Entity as EntityTrait>::PrimaryKey::iter().next();
    match key.map(|key| model.get(key.into_column())) {
        Some(Value::Uuid(Some(id))) => id,
        _ => Uuid::nil(),
    }
}

/// What a cursor belongs to: the table, the order and the filter.
fn digest_of<E: EntityTrait>(asked: &Asked<E>) -> Vec<u8> {
    let column = asked.order.column.map(|column| Iden::unquoted(&column).to_owned());
    let text = format!(
        "{}|{}|{}|{}",
        E::default().table_name(),
        column.unwrap_or_default(),
        asked.order.descending,
        asked.filter
    );
    digest::digest(&digest::SHA256, text.as_bytes()).as_ref()[..8].to_vec()
}

/// The key with which cursors are sealed; servers behind one balancer share it.
pub struct Seal(hmac::Key);

const MAC_BYTES: usize = 16;

impl Seal {
    /// A seal from a secret of any length.
    pub fn new(secret: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// A seal that no other server has.
    pub fn random() -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let mut secret = [0; 32];
        aws_lc_rs::rand::fill(&mut secret).map_err(|_| "no randomness for the cursor secret")?;
        Ok(Self::new(&secret))
    }

    fn make(&self, list: &[u8], key: Option<&Value>, id: Uuid) -> String {
        let mut bytes = list.to_vec();
        bytes.extend_from_slice(id.as_bytes());
        bytes.extend_from_slice(written(key).as_bytes());
        let mac = hmac::sign(&self.0, &bytes);
        bytes.extend_from_slice(&mac.as_ref()[..MAC_BYTES]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn open(&self, cursor: &str, list: &[u8]) -> Result<(Option<Value>, Uuid)> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| Error::InvalidCursor)?;
        let split = bytes.len().checked_sub(MAC_BYTES).ok_or(Error::InvalidCursor)?;
        let (body, mac) = bytes.split_at(split);
        let expected = hmac::sign(&self.0, body);
        aws_lc_rs::constant_time::verify_slices_are_equal(&expected.as_ref()[..MAC_BYTES], mac)
            .map_err(|_| Error::InvalidCursor)?;
        let rest = body.strip_prefix(list).ok_or(Error::InvalidCursor)?;
        let (id, key) = rest.split_at_checked(16).ok_or(Error::InvalidCursor)?;
        let id = Uuid::from_slice(id).map_err(|_| Error::InvalidCursor)?;
        let key = std::str::from_utf8(key).map_err(|_| Error::InvalidCursor)?;
        Ok((read(key)?, id))
    }
}

/// A sort key as text, led by its type.
fn written(key: Option<&Value>) -> String {
    match key {
        Some(Value::ChronoDateTimeUtc(Some(at))) => {
            format!("t{}", at.to_rfc3339_opts(SecondsFormat::Micros, true))
        }
        Some(Value::ChronoDate(Some(day))) => format!("d{day}"),
        Some(Value::String(Some(text))) => format!("s{text}"),
        _ => String::new(),
    }
}

fn read(text: &str) -> Result<Option<Value>> {
    let Some(tag) = text.chars().next() else { return Ok(None) };
    let rest = &text[tag.len_utf8()..];
    match tag {
        't' => rest.parse::<DateTime<Utc>>().map(|at| Some(at.into())).ok(),
        'd' => rest.parse::<NaiveDate>().map(|day| Some(day.into())).ok(),
        's' => Some(Some(rest.into())),
        _ => None,
    }
    .ok_or(Error::InvalidCursor)
}
