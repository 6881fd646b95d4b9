//! One keep-alive connection to a server.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap, HeaderValue};
use hyper::{Method, Request, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::Failure;

/// A connection; it closes when this is dropped.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
}

/// Status and body of an answer.
pub struct Answer {
    pub status: u16,
    pub body: Bytes,
}

/// Where requests of an operation go, and with which headers.
#[derive(Clone)]
pub struct Endpoint {
    pub port: u16,
    pub path: Uri,
    pub headers: HeaderMap,
}

impl Endpoint {
    /// A path of a server on this machine, with further headers.
    pub fn new(port: u16, path: &str, further: &[(&'static str, &str)]) -> Result<Self, Failure> {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_str(&format!("127.0.0.1:{port}"))?);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert("accept", HeaderValue::from_static("application/json"));
        for (name, value) in further {
            headers.insert(*name, HeaderValue::from_str(value)?);
        }
        Ok(Self { port, path: path.parse()?, headers })
    }
}

impl Connection {
    /// Connects to a port of this machine.
    pub async fn open(port: u16) -> Result<Self, Failure> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender })
    }

    /// Posts a body, and reads the whole answer.
    pub async fn post(&mut self, endpoint: &Endpoint, body: Bytes) -> Result<Answer, Failure> {
        self.send(Method::POST, endpoint, body).await
    }

    /// Gets what is there.
    pub async fn get(&mut self, endpoint: &Endpoint) -> Result<Answer, Failure> {
        self.send(Method::GET, endpoint, Bytes::new()).await
    }

    async fn send(
        &mut self,
        method: Method,
        endpoint: &Endpoint,
        body: Bytes,
    ) -> Result<Answer, Failure> {
        let length = HeaderValue::from(body.len());
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = endpoint.path.clone();
        *request.headers_mut() = endpoint.headers.clone();
        request.headers_mut().insert(CONTENT_LENGTH, length);
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status().as_u16();
        Ok(Answer { status, body: response.into_body().collect().await?.to_bytes() })
    }
}
