//! Batches: what many objects of one answer ask at once is one question to the database. The
//! loaders of a request hold its session, so that nothing is shared between viewers.

use std::any::{Any, TypeId};
use std::collections::{HashMap, HashSet};
use std::fmt::Debug;
use std::future::Future;
use std::hash::Hash;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use async_graphql::{Context, ID, OutputType};
use dataloader::BatchFn;
use dataloader::cached::Loader;
use entity::secret::Sealed;
use sea_orm::{EntityTrait, FromQueryResult, ModelTrait};
use uuid::Uuid;

use super::id::Kind;
use super::prefetch::{ITSELF, by_ids};
use crate::access::policy::Action;
use crate::access::{Classified, Row, Seen, Session, Visible};
use crate::casework;
use crate::error::{Error, Result};

/// A key that names what is asked.
pub trait Question: Clone + Debug + Eq + Hash + Send + Sync + 'static {
    /// What answers it.
    type Answer: Send + Sync + 'static;

    /// Answers many at once; a key that is missing from the answer has none.
    fn answer(
        session: &Session,
        questions: &[Self],
    ) -> impl Future<Output = Result<HashMap<Self, Self::Answer>>> + Send;
}

/// A question about something that has an id.
pub trait Keyed: Question {
    /// The question about an id; `last` bounds a list, and says nothing elsewhere.
    fn of(id: Uuid, last: u64) -> Self;

    /// Reads the answers by their ids.
    fn read(
        session: &Session,
        ids: &[Uuid],
        last: u64,
    ) -> impl Future<Output = Result<HashMap<Uuid, Self::Answer>>> + Send;
}

/// The loaders of one request, made as they are needed.
#[derive(Debug)]
pub struct Loaders {
    session: Session,
    by_question: Mutex<HashMap<TypeId, Box<dyn Any + Send + Sync>>>,
    spared: OnceLock<HashSet<&'static str>>,
    looks_ahead: bool,
}

type Answered<Q> = Result<Option<Arc<<Q as Question>::Answer>>>;
type LoaderOf<Q> = Loader<Q, Answered<Q>, Batch<Q>>;

/// Most keys that one statement takes.
const LARGEST_BATCH: usize = 1000;

struct Batch<Q> {
    session: Session,
    question: PhantomData<Q>,
}

impl<Q: Question> BatchFn<Q, Answered<Q>> for Batch<Q> {
    async fn load(&mut self, keys: &[Q]) -> HashMap<Q, Answered<Q>> {
        // On the heap: else each field that asks is as large as what reads the answers.
        let answers = Box::pin(Q::answer(&self.session, keys)).await;
        match answers {
            Ok(mut answers) => keys
                .iter()
                .map(|key| (key.clone(), Ok(answers.remove(key).map(Arc::new))))
                .collect(),
            Err(error) => keys.iter().map(|key| (key.clone(), Err(error.clone()))).collect(),
        }
    }
}

impl Loaders {
    /// Loaders for one request.
    pub fn new(session: Session) -> Self {
        Self { session, by_question: Mutex::default(), spared: OnceLock::new(), looks_ahead: true }
    }

    /// Loaders that answer each field as it asks: the other way to every answer, for the tests.
    pub fn without_looking_ahead(session: Session) -> Self {
        Self { looks_ahead: false, ..Self::new(session) }
    }

    /// Whether root fields read ahead what is selected below them.
    pub const fn looks_ahead(&self) -> bool {
        self.looks_ahead
    }

    /// Forgets what was read, because it may have changed: the next question goes to the database.
    pub fn forget(&self) {
        self.by_question.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Asks, together with whoever asks the same at this moment.
    pub async fn ask<Q: Question>(&self, question: Q) -> Answered<Q> {
        // The loader's own error text holds the key: it never leaves here.
        self.loader::<Q>().try_load(question).await.unwrap_or(Err(Error::Internal))
    }

    /// Answers in advance what was asked of these ids; those without an answer have none.
    pub async fn prime<Q: Keyed>(
        &self,
        mut answers: HashMap<Uuid, Q::Answer>,
        ids: Vec<Uuid>,
        last: u64,
    ) {
        let ids: HashSet<Uuid> = ids.into_iter().collect();
        let answer = |id: Uuid| (Q::of(id, last), Ok(answers.remove(&id).map(Arc::new)));
        self.loader::<Q>().prime_many(ids.into_iter().map(answer)).await;
    }

    /// The columns that nothing in the request shows.
    pub fn spared(&self, find: impl FnOnce() -> HashSet<&'static str>) -> &HashSet<&'static str> {
        self.spared.get_or_init(find)
    }

    fn loader<Q: Question>(&self) -> LoaderOf<Q> {
        let mut loaders = self.by_question.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = loaders.entry(TypeId::of::<Q>()).or_insert_with(|| {
            let batch = Batch::<Q> { session: self.session.clone(), question: PhantomData };
            Box::new(Loader::new(batch).with_max_batch_size(LARGEST_BATCH).with_yield_count(1))
        });
        entry
            .downcast_ref::<LoaderOf<Q>>()
            .cloned()
            .unwrap_or_else(|| unreachable!("a loader is kept under the type of its question"))
    }
}

/// The session and the loaders of the request that a field is resolved for.
pub trait Asking {
    /// The session.
    fn session(&self) -> Result<&Session>;

    /// Asks the request's loaders.
    fn ask<Q: Question>(&self, question: Q) -> impl Future<Output = Answered<Q>> + Send;

    /// A RESTRICTED value, if the viewer may see it; see [`Session::reveal`].
    fn reveal<'a, M>(
        &self,
        row: &'a Seen<M>,
        column: <M::Entity as EntityTrait>::Column,
        sealed: impl FnOnce(&'a M) -> Option<&'a Sealed>,
    ) -> Option<Result<String>>
    where
        M: ModelTrait,
        M::Entity: Classified,
    {
        self.session().and_then(|session| session.reveal(row, column, sealed)).transpose()
    }
}

impl Asking for Context<'_> {
    fn session(&self) -> Result<&Session> {
        self.data_opt::<Loaders>().map(|loaders| &loaders.session).ok_or(Error::Unauthenticated)
    }

    async fn ask<Q: Question>(&self, question: Q) -> Answered<Q> {
        match self.data_opt::<Loaders>() {
            Some(loaders) => loaders.ask(question).await,
            None => Err(Error::Unauthenticated),
        }
    }
}

/// A row by its id.
pub struct By<E>(pub Uuid, PhantomData<E>);

impl<E> By<E> {
    /// The question for a row's id.
    pub const fn id(id: Uuid) -> Self {
        Self(id, PhantomData)
    }
}

impl<E> Clone for By<E> {
    fn clone(&self) -> Self {
        Self::id(self.0)
    }
}

impl<E> Debug for By<E> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("By").field(&self.0).finish()
    }
}

impl<E> PartialEq for By<E> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<E> Eq for By<E> {}

impl<E> Hash for By<E> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<E> Question for By<E>
where
    E: Visible,
    E::Model: FromQueryResult + Send + Sync,
    E::Column: Send + Sync,
{
    type Answer = Row<<E as EntityTrait>::Model>;

    async fn answer(session: &Session, questions: &[Self]) -> Result<HashMap<Self, Self::Answer>> {
        let ids: Vec<Uuid> = questions.iter().map(|question| question.0).collect();
        let rows = Self::read(session, &ids, u64::MAX).await?;
        Ok(rows.into_iter().map(|(id, row)| (Self::id(id), row)).collect())
    }
}

impl<E> Keyed for By<E>
where
    E: Visible,
    E::Model: FromQueryResult + Send + Sync,
    E::Column: Send + Sync,
{
    fn of(id: Uuid, _: u64) -> Self {
        Self::id(id)
    }

    async fn read(session: &Session, ids: &[Uuid], _: u64) -> Result<HashMap<Uuid, Self::Answer>> {
        casework::by_id::<E>(session, ids).await
    }
}

/// Declares questions whose keys are ids, each answered by a batch read of `casework`.
macro_rules! questions {
    ($($(#[$doc:meta])+ $name:ident -> $answer:ty = $read:path;)+) => {
        $($(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name(pub uuid::Uuid);

        impl $crate::graphql::loader::Question for $name {
            type Answer = $answer;

            async fn answer(
                session: &$crate::access::Session,
                questions: &[Self],
            ) -> $crate::error::Result<std::collections::HashMap<Self, Self::Answer>> {
                let ids: Vec<uuid::Uuid> = questions.iter().map(|question| question.0).collect();
                let answers = $read(session, &ids).await?;
                Ok(answers.into_iter().map(|(id, answer)| (Self(id), answer)).collect())
            }
        }

        impl $crate::graphql::loader::Keyed for $name {
            fn of(id: uuid::Uuid, _: u64) -> Self {
                Self(id)
            }

            async fn read(
                session: &$crate::access::Session,
                ids: &[uuid::Uuid],
                _: u64,
            ) -> $crate::error::Result<std::collections::HashMap<uuid::Uuid, Self::Answer>> {
                $read(session, ids).await
            }
        })+
    };
}
pub(crate) use questions;

/// One related object, or null: a nullable field keeps its failure to itself.
pub async fn one<T: From<Row<M>>, M, Q>(ctx: &Context<'_>, question: Option<Q>) -> Option<Result<T>>
where
    Q: Question<Answer = Row<M>>,
{
    let answer = ctx.ask(question?).await;
    answer.map(|found| found.map(|row| T::from(Row::clone(&row)))).transpose()
}

/// An object that a root field leads to, together with the relations that are selected of it.
pub async fn root<T, M, Q>(ctx: &Context<'_>, id: Option<Uuid>) -> Option<Result<T>>
where
    T: OutputType + From<Row<M>>,
    Q: Keyed<Answer = Row<M>>,
{
    let id = id?;
    if let Err(error) = Box::pin(by_ids::<Q>(ctx, &T::type_name(), ITSELF, &[id])).await {
        return Some(Err(error));
    }
    one(ctx, Some(Q::of(id, u64::MAX))).await
}

/// The related objects of a list that is short by nature.
pub async fn many<T: From<Row<M>>, M, Q>(ctx: &Context<'_>, question: Q) -> Result<Vec<T>>
where
    Q: Question<Answer = Vec<Row<M>>>,
{
    let rows = ctx.ask(question).await?;
    Ok(rows.iter().flat_map(|rows| rows.iter()).map(|row| T::from(Row::clone(row))).collect())
}

/// How many rows a bounded list under a parent holds unless asked otherwise, and at most.
pub const LAST: i32 = 25;
/// Most rows of a bounded list under a parent.
pub const MOST_LAST: i32 = 50;

/// The number of rows that a bounded list is asked for.
pub fn last(last: Option<i32>) -> Result<u64> {
    let last = last.unwrap_or(LAST);
    if !(1..=MOST_LAST).contains(&last) {
        return Err(Error::BadInput(format!("`last` must be from 1 to {MOST_LAST}, not {last}.")));
    }
    Ok(u64::try_from(last).unwrap_or_default())
}

/// Declares questions for the last rows under a parent, each answered by a batch read of
/// `casework` that takes the greatest number asked for.
macro_rules! last_questions {
    ($($(#[$doc:meta])+ $name:ident -> $answer:ty = $read:path;)+) => {
        $($(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name(pub uuid::Uuid, pub u64);

        impl $crate::graphql::loader::Question for $name {
            type Answer = Vec<$answer>;

            async fn answer(
                session: &$crate::access::Session,
                questions: &[Self],
            ) -> $crate::error::Result<std::collections::HashMap<Self, Self::Answer>> {
                let ids: Vec<uuid::Uuid> = questions.iter().map(|question| question.0).collect();
                let most = questions.iter().map(|question| question.1).max().unwrap_or_default();
                let answers = $read(session, &ids, most).await?;
                let cut = |question: &Self| {
                    let rows = answers.get(&question.0)?;
                    let count = usize::try_from(question.1).unwrap_or(usize::MAX);
                    Some((*question, rows.iter().take(count).cloned().collect()))
                };
                Ok(questions.iter().filter_map(cut).collect())
            }
        }

        impl $crate::graphql::loader::Keyed for $name {
            fn of(id: uuid::Uuid, last: u64) -> Self {
                Self(id, last)
            }

            async fn read(
                session: &$crate::access::Session,
                ids: &[uuid::Uuid],
                last: u64,
            ) -> $crate::error::Result<std::collections::HashMap<uuid::Uuid, Self::Answer>> {
                $read(session, ids, last).await
            }
        })+
    };
}
pub(crate) use last_questions;

/// A row that a root field asks for by its id: absent rows and hidden ones are both null.
pub async fn single<T, E>(
    ctx: &Context<'_>,
    action: Action,
    kind: Kind,
    id: &ID,
) -> Result<Option<T>>
where
    T: OutputType + From<Row<E::Model>>,
    E: Visible,
    E::Model: FromQueryResult + Send + Sync,
    E::Column: Send + Sync,
{
    ctx.session()?.may(action)?;
    let id = kind.parse(id)?;
    root::<T, _, By<E>>(ctx, Some(id)).await.transpose()
}
