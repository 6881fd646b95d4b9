//! Where a request comes from: the address at the other end of its connection, or the one that a
//! trusted proxy names in a header.

use std::net::{IpAddr, SocketAddr};

use axum::{extract::Request, http::HeaderName};

use super::listen::Peer;

/// The client's address. The last element of a proxy's header is the one that the proxy itself wrote:
/// those before it are the client's own words.
pub fn of(request: &Request, header: Option<&HeaderName>) -> Option<IpAddr> {
    let named = header.and_then(|header| {
        let last = request.headers().get_all(header).iter().next_back()?;
        address(last.to_str().ok()?.rsplit(',').next()?.trim())
    });
    named.or_else(|| request.extensions().get().map(|Peer(address)| *address))
}

/// An address, which may come with a port.
fn address(text: &str) -> Option<IpAddr> {
    let plain = text.trim_start_matches('[').trim_end_matches(']');
    plain.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use axum::{
        body::Body,
        extract::Request,
        http::{HeaderName, HeaderValue},
    };

    use super::of;
    use crate::server::listen::Peer;

    const HEADER: HeaderName = HeaderName::from_static("x-forwarded-for");

    fn origin(lines: &[&'static str], header: Option<&HeaderName>) -> Option<String> {
        let mut request = Request::new(Body::empty());
        request.extensions_mut().insert(Peer(IpAddr::V4(Ipv4Addr::LOCALHOST)));
        for line in lines {
            request.headers_mut().append(HEADER, HeaderValue::from_static(line));
        }
        of(&request, header).map(|address| address.to_string())
    }

    #[test]
    fn the_proxys_word_counts_where_a_setting_names_its_header() {
        for (lines, told) in [
            (&["1.2.3.4"][..], "1.2.3.4"),
            (&["9.9.9.9, 1.2.3.4"], "1.2.3.4"),
            (&["9.9.9.9", "8.8.8.8,1.2.3.4:5678"], "1.2.3.4"),
            (&["2001:db8::1"], "2001:db8::1"),
            (&["[2001:db8::1]:80"], "2001:db8::1"),
            (&["[2001:db8::1]"], "2001:db8::1"),
            (&["1.2.3.4, unknown"], "127.0.0.1"),
            (&[], "127.0.0.1"),
        ] {
            assert_eq!(origin(lines, Some(&HEADER)).as_deref(), Some(told), "{lines:?}");
            assert_eq!(origin(lines, None).as_deref(), Some("127.0.0.1"));
        }
    }

    #[test]
    fn without_a_connection_there_is_no_address() {
        assert_eq!(of(&Request::new(Body::empty()), None), None);
    }
}
