//! Faults to order, beneath the real schema: an operation that is called `Held` waits until it is
//! released, `Panicking` panics, and `Foreign` and `Textual` have an error that is not ours.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextPrepareRequest, NextRequest,
};
use async_graphql::{PathSegment, Request, Response, ServerError, ServerResult};
use tokio::sync::watch;

/// What became of the operations that were held.
#[derive(Default)]
pub struct Faults {
    begun: AtomicUsize,
    ended: AtomicUsize,
    dropped: AtomicUsize,
    released: watch::Sender<bool>,
}

impl Faults {
    /// Waits until so many operations have been held.
    pub async fn begun(&self, count: usize) {
        while self.begun.load(Ordering::SeqCst) < count {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Waits until so many operations were dropped while they were held.
    pub async fn dropped(&self, count: usize) {
        while self.dropped.load(Ordering::SeqCst) < count {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// How many went on after their release, and how many were dropped before.
    pub fn outcome(&self) -> (usize, usize) {
        (self.ended.load(Ordering::SeqCst), self.dropped.load(Ordering::SeqCst))
    }

    /// Lets all go on, and those that come.
    pub fn release(&self) {
        self.released.send_replace(true);
    }

    async fn hold(&self) {
        self.begun.fetch_add(1, Ordering::SeqCst);
        let mut waiting = Waiting { count: &self.dropped };
        let mut released = self.released.subscribe();
        let _ = released.wait_for(|released| *released).await;
        waiting.count = &self.ended;
    }
}

struct Waiting<'f> {
    count: &'f AtomicUsize,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.count.fetch_add(1, Ordering::SeqCst);
    }
}

/// Brings the faults into a schema.
pub struct OnOrder(pub Arc<Faults>);

impl ExtensionFactory for OnOrder {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Order { faults: Arc::clone(&self.0), name: Mutex::default() })
    }
}

/// One operation's.
struct Order {
    faults: Arc<Faults>,
    name: Mutex<Option<String>>,
}

#[async_trait]
impl Extension for Order {
    async fn request(&self, context: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        let mut response = next.run(context).await;
        match self.name.lock().unwrap().as_deref() {
            Some("Foreign") => response.errors.push(foreign()),
            Some("Textual") => response.errors.push(textual()),
            _ => {}
        }
        response
    }

    async fn prepare_request(
        &self,
        context: &ExtensionContext<'_>,
        request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        self.name.lock().unwrap().clone_from(&request.operation_name);
        match request.operation_name.as_deref() {
            Some("Held") => self.faults.hold().await,
            Some("Panicking") => panic!("a secret"),
            _ => {}
        }
        next.run(context, request).await
    }
}

/// As a `?` on an error of some library makes it.
fn foreign() -> ServerError {
    let cause = "a secret".parse::<i32>().unwrap_err();
    ServerError { source: Some(Arc::new(cause)), ..textual() }
}

/// As a `?` on a text makes it.
fn textual() -> ServerError {
    let path = vec![PathSegment::Field("viewer".to_owned())];
    ServerError::new("a secret: invalid digit", None).with_path(path)
}
