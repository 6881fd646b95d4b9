//! Which of the two media types the client reads, by its `Accept` header.

use axum::http::{HeaderMap, HeaderValue, header};

/// A media type of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// `application/graphql-response+json`: the HTTP status tells what became of the request.
    GraphQl,
    /// `application/json`: 200 for every well-formed GraphQL request.
    Json,
}

impl Media {
    pub fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::GraphQl => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        })
    }

    fn subtype(self) -> &'static str {
        match self {
            Self::GraphQl => "graphql-response+json",
            Self::Json => "json",
        }
    }
}

/// The type that the client likes best; `None` if it accepts neither (406). Without the header, or
/// where wildcards alone decide, `application/json`; where both are named alike, the newer type.
pub fn negotiate(headers: &HeaderMap) -> Option<Media> {
    let mut ranges = Vec::new();
    for value in headers.get_all(header::ACCEPT) {
        ranges.extend(value.to_str().ok()?.split(',').filter_map(Range::of));
    }
    if headers.get_all(header::ACCEPT).iter().all(|value| value.as_bytes().trim_ascii().is_empty())
    {
        return Some(Media::Json);
    }
    let graphql = Liking::of(Media::GraphQl, &ranges);
    let json = Liking::of(Media::Json, &ranges);
    match (graphql.quality, json.quality) {
        (0, 0) => None,
        (newer, older) if newer > older => Some(Media::GraphQl),
        (newer, older) if newer < older => Some(Media::Json),
        _ if graphql.is_named && graphql.precision >= json.precision => Some(Media::GraphQl),
        _ => Some(Media::Json),
    }
}

/// One media range of the header.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    /// Thousandths.
    quality: u16,
}

impl<'a> Range<'a> {
    /// `None` for what is no media range, and for another charset than UTF-8.
    fn of(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let mut range = Self { kind, subtype, quality: 1_000 };
        for parameter in parts {
            let Some((name, value)) = parameter.split_once('=') else {
                continue;
            };
            let value = value.trim().trim_matches('"');
            match name.trim() {
                name if name.eq_ignore_ascii_case("q") => range.quality = quality(value)?,
                name if name.eq_ignore_ascii_case("charset") && !is_utf_8(value) => return None,
                _ => {}
            }
        }
        Some(range)
    }

    /// How precisely the range names a type: 0 not at all, 3 in full.
    fn precision(&self, media: Media) -> u8 {
        let is_ours = self.kind.eq_ignore_ascii_case("application");
        match (self.kind, self.subtype) {
            ("*", "*") => 1,
            (_, "*") if is_ours => 2,
            (_, subtype) if is_ours && subtype.eq_ignore_ascii_case(media.subtype()) => 3,
            _ => 0,
        }
    }
}

/// What the most precise range says of one media type.
#[derive(Default)]
struct Liking {
    quality: u16,
    precision: u8,
    is_named: bool,
}

impl Liking {
    fn of(media: Media, ranges: &[Range<'_>]) -> Self {
        let matching = ranges.iter().map(|range| (range.precision(media), range.quality));
        let best = matching.filter(|(precision, _)| *precision > 0).max();
        best.map_or_else(Self::default, |(precision, quality)| Self {
            quality,
            precision,
            is_named: precision == 3,
        })
    }
}

/// `0`, `0.5`, `1.000`: at most three digits after the point.
fn quality(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1_000),
        _ => None,
    }
}

pub fn is_utf_8(charset: &str) -> bool {
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(value: &'static str) -> Option<Media> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(value));
        negotiate(&headers)
    }

    #[test]
    fn without_a_preference_the_answer_is_json() {
        assert_eq!(negotiate(&HeaderMap::new()), Some(Media::Json));
        for value in ["", " ", "*/*", "application/*", "*/*;q=0.1", "text/html, */*;q=0.8"] {
            assert_eq!(accept(value), Some(Media::Json), "{value}");
        }
    }

    #[test]
    fn the_better_liked_type_is_taken() {
        for (value, media) in [
            ("application/graphql-response+json", Media::GraphQl),
            ("application/json", Media::Json),
            ("APPLICATION/JSON ; Charset=\"UTF-8\"", Media::Json),
            ("application/graphql-response+json, application/json;q=0.9", Media::GraphQl),
            (
                "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8",
                Media::GraphQl,
            ),
            ("application/json, application/graphql-response+json", Media::GraphQl),
            ("application/graphql-response+json;q=0.5, application/json;q=0.6", Media::Json),
            ("application/graphql-response+json;q=0, */*", Media::Json),
            ("application/json;q=0, */*;q=0.1", Media::GraphQl),
            ("application/json, */*", Media::Json),
            ("application/graphql-response+json, */*", Media::GraphQl),
            (
                "text/event-stream, application/*;q=0.2, application/graphql-response+json;q=0.200",
                Media::GraphQl,
            ),
        ] {
            assert_eq!(accept(value), Some(media), "{value}");
        }
    }

    #[test]
    fn neither_type_is_not_acceptable() {
        for value in [
            "text/html",
            "application/xml, image/*",
            "application/json;q=0",
            "*/*;q=0.0",
            "application/json; charset=utf-16",
            "application/json;q=2",
            "json",
        ] {
            assert_eq!(accept(value), None, "{value}");
        }
    }

    #[test]
    fn several_headers_are_one_list() {
        let mut headers = HeaderMap::new();
        headers.append(header::ACCEPT, HeaderValue::from_static("text/html"));
        headers.append(header::ACCEPT, HeaderValue::from_static("application/json;q=0.3"));
        assert_eq!(negotiate(&headers), Some(Media::Json));
    }
}
