//! Where a key set is read from, within 3 seconds and 64 KiB. Only the configured place is ever
//! asked: no redirects, no proxy from the environment, nothing that a token names.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::{Client, Response, StatusCode, Url, header, redirect, retry};
use tokio::fs::File;
use tokio::io::AsyncReadExt;
use tokio::time::timeout;

use super::KeyError;
use crate::access::token::KeySource;

const LONGEST_WAIT: Duration = Duration::from_secs(3);
const LARGEST: usize = 64 * 1024;

pub(super) enum Source {
    Fixed(Vec<u8>),
    File(PathBuf),
    Remote { url: Url, client: Client },
}

impl Source {
    pub(super) fn open(source: KeySource) -> Result<Self, KeyError> {
        Ok(match source {
            KeySource::Inline(text) if text.len() > LARGEST => return Err(KeyError::TooLarge),
            KeySource::Inline(text) => Self::Fixed(text.into_bytes()),
            KeySource::File(path) => Self::File(path),
            KeySource::Url(url) => Self::Remote { url: address(&url)?, client: client()? },
        })
    }

    pub(super) async fn read(&self) -> Result<Vec<u8>, KeyError> {
        let reading = async {
            match self {
                Self::Fixed(text) => Ok(text.clone()),
                Self::File(path) => read_file(path).await,
                Self::Remote { url, client } => fetch(client, url).await,
            }
        };
        timeout(LONGEST_WAIT, reading).await.unwrap_or(Err(KeyError::Slow))
    }

    pub(super) fn may_change(&self) -> bool {
        !matches!(self, Self::Fixed(_))
    }

    pub(super) fn is_remote(&self) -> bool {
        matches!(self, Self::Remote { .. })
    }
}

fn address(url: &str) -> Result<Url, KeyError> {
    let url = Url::parse(url).map_err(|_| KeyError::Address)?;
    let is_anonymous = url.username().is_empty() && url.password().is_none();
    let is_guarded = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    if is_anonymous && is_guarded { Ok(url) } else { Err(KeyError::Address) }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let is_loopback_address = bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    host == "localhost" || is_loopback_address
}

fn client() -> Result<Client, KeyError> {
    Client::builder()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .no_proxy()
        .referer(false)
        .pool_max_idle_per_host(0)
        .build()
        .map_err(KeyError::Client)
}

async fn fetch(client: &Client, url: &Url) -> Result<Vec<u8>, KeyError> {
    let request = client
        .get(url.clone())
        .header(header::ACCEPT, "application/jwk-set+json, application/json");
    let mut response = request.send().await.map_err(unreachable)?;
    if response.status() != StatusCode::OK {
        return Err(KeyError::Status(response.status().as_u16()));
    }
    body(&mut response).await
}

async fn body(response: &mut Response) -> Result<Vec<u8>, KeyError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > LARGEST {
            return Err(KeyError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// An address may hold a secret in its query.
fn unreachable(error: reqwest::Error) -> KeyError {
    KeyError::Unreachable(error.without_url())
}

async fn read_file(path: &Path) -> Result<Vec<u8>, KeyError> {
    let file = File::open(path).await.map_err(KeyError::File)?;
    let mut text = Vec::new();
    let one_more = LARGEST as u64 + 1;
    file.take(one_more).read_to_end(&mut text).await.map_err(KeyError::File)?;
    if text.len() > LARGEST {
        return Err(KeyError::TooLarge);
    }
    Ok(text)
}
