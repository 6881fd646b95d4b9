//! A key server on loopback that answers as ill as it is told to, and counts who asks.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone)]
pub enum Answer {
    Json(String),
    /// The same, after a while.
    Late(Duration, String),
    Status(u16),
    Html,
    /// Goes on for ever, without saying how long it will be.
    Huge,
    /// Says at once that it is too long.
    Announced,
    Redirect(String),
    /// Takes the request and says nothing.
    Silent,
    /// A byte every 400 ms.
    Dripping(String),
    HangUp,
}

pub struct KeyServer {
    pub url: String,
    answer: Arc<Mutex<Answer>>,
    asked: Arc<AtomicUsize>,
}

impl KeyServer {
    pub async fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/keys", listener.local_addr().unwrap());
        let answer = Arc::new(Mutex::new(answer));
        let asked = Arc::new(AtomicUsize::new(0));
        let (told, count) = (Arc::clone(&answer), Arc::clone(&asked));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let answer = told.lock().unwrap().clone();
                tokio::spawn(async move { reply(stream, answer).await.ok() });
            }
        });
        Self { url, answer, asked }
    }

    pub fn tell(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    /// How many connections there have been.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

async fn reply(mut stream: TcpStream, answer: Answer) -> std::io::Result<()> {
    if matches!(answer, Answer::HangUp) {
        return Ok(());
    }
    let mut request = [0; 4096];
    let _ = stream.read(&mut request).await?;
    match answer {
        Answer::Json(body) => whole(&mut stream, "200 OK", &body).await,
        Answer::Late(wait, body) => {
            tokio::time::sleep(wait).await;
            whole(&mut stream, "200 OK", &body).await
        }
        Answer::Status(code) => whole(&mut stream, &format!("{code} No"), r#"{"keys":[]}"#).await,
        Answer::Html => whole(&mut stream, "200 OK", "<html>Welcome</html>").await,
        Answer::Huge => huge(&mut stream).await,
        Answer::Announced => {
            let head = "HTTP/1.1 200 OK\r\ncontent-length: 9999999999\r\n\r\n";
            stream.write_all(head.as_bytes()).await?;
            endless(&mut stream).await
        }
        Answer::Redirect(to) => {
            let status = format!("302 Found\r\nlocation: {to}");
            whole(&mut stream, &status, "").await
        }
        Answer::Dripping(body) => dripping(&mut stream, &body).await,
        Answer::Silent | Answer::HangUp => std::future::pending().await,
    }
}

async fn whole(stream: &mut TcpStream, status: &str, body: &str) -> std::io::Result<()> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close");
    let answer = format!("{head}\r\n\r\n{body}");
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

async fn huge(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
    endless(stream).await
}

async fn endless(stream: &mut TcpStream) -> std::io::Result<()> {
    loop {
        stream.write_all(&[b' '; 8192]).await?;
    }
}

async fn dripping(stream: &mut TcpStream, body: &str) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
    for byte in body.bytes() {
        stream.write_all(&[byte]).await?;
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
    Ok(())
}
