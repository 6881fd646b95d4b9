//! The scan of a document's raw text that runs before the parser, because deep nesting overflows
//! the parser's stack and ends the process. Pure and linear; it must not allocate.

use std::fmt;

/// What the text of one document may hold.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Characters, strings and comments included.
    pub characters: usize,
    /// Lexical tokens: names, numbers, strings and punctuators.
    pub tokens: usize,
    /// Brackets of any kind inside each other.
    pub nesting: usize,
    /// `...Name`; inline fragments are not counted.
    pub spreads: usize,
    /// Operations and fragments.
    pub definitions: usize,
}

impl Bounds {
    /// For text that a client sends.
    pub const FREE_FORM: Self =
        Self { characters: 15_000, tokens: 1_500, nesting: 32, spreads: 30, definitions: 20 };
    /// For documents that the operator installed: roomier, but never deeper than the parser bears.
    pub const TRUSTED: Self =
        Self { characters: 200_000, tokens: 20_000, nesting: 32, spreads: 1_000, definitions: 500 };
}

/// Why a text was refused. The number is the bound that it broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breach {
    Characters(usize),
    Tokens(usize),
    Nesting(usize),
    Spreads(usize),
    Definitions(usize),
    /// A string without its closing quotes: where it ends is undecided, so nothing after it counts.
    UnterminatedString,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Characters(most) => write!(f, "The document has more than {most} characters."),
            Self::Tokens(most) => write!(f, "The document has more than {most} tokens."),
            Self::Nesting(most) => write!(f, "The document nests brackets deeper than {most}."),
            Self::Spreads(most) => {
                write!(f, "The document spreads fragments more than {most} times.")
            }
            Self::Definitions(most) => {
                write!(f, "The document has more than {most} operations and fragments.")
            }
            Self::UnterminatedString => f.write_str("The document has a string that does not end."),
        }
    }
}

/// Passes a text that is safe to parse.
pub fn scan(text: &str, bounds: &Bounds) -> Result<(), Breach> {
    if text.chars().count() > bounds.characters {
        return Err(Breach::Characters(bounds.characters));
    }
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0, seen: Seen::default(), bounds };
    while let Some(&byte) = scanner.bytes.get(scanner.at) {
        scanner.step(byte)?;
    }
    Ok(())
}

#[derive(Default)]
struct Seen {
    tokens: usize,
    nesting: usize,
    spreads: usize,
    definitions: usize,
    after_dots: bool,
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    seen: Seen,
    bounds: &'a Bounds,
}

impl Scanner<'_> {
    fn step(&mut self, byte: u8) -> Result<(), Breach> {
        match byte {
            // Blanks, and the later bytes of a character.
            b' ' | b'\t' | b'\n' | b'\r' | b',' | 0x80..=0xBF => self.at += 1,
            b'#' => self.skip_while(|byte| byte != b'\n' && byte != b'\r'),
            0xEF if self.rest().starts_with(b"\xEF\xBB\xBF") => self.at += 3,
            _ => return self.token(byte),
        }
        Ok(())
    }

    fn token(&mut self, byte: u8) -> Result<(), Breach> {
        self.seen.tokens += 1;
        if self.seen.tokens > self.bounds.tokens {
            return Err(Breach::Tokens(self.bounds.tokens));
        }
        let after_dots = std::mem::take(&mut self.seen.after_dots);
        match byte {
            b'"' => self.string()?,
            b'{' | b'[' | b'(' => self.open(byte)?,
            b'}' | b']' | b')' => {
                self.seen.nesting = self.seen.nesting.saturating_sub(1);
                self.at += 1;
            }
            b'.' if self.rest().starts_with(b"...") => {
                self.seen.after_dots = true;
                self.at += 3;
            }
            b'-' | b'0'..=b'9' => self.number(),
            _ if is_name_start(byte) => self.name(after_dots)?,
            _ => self.at += 1,
        }
        Ok(())
    }

    fn open(&mut self, byte: u8) -> Result<(), Breach> {
        // Each definition opens exactly one brace outside all brackets.
        if byte == b'{' && self.seen.nesting == 0 {
            self.seen.definitions += 1;
            if self.seen.definitions > self.bounds.definitions {
                return Err(Breach::Definitions(self.bounds.definitions));
            }
        }
        self.seen.nesting += 1;
        if self.seen.nesting > self.bounds.nesting {
            return Err(Breach::Nesting(self.bounds.nesting));
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<(), Breach> {
        if self.rest().starts_with(br#"""""#) {
            self.at += 3;
            return self.block_string();
        }
        self.at += 1;
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                None | Some(b'\n' | b'\r') => return Err(Breach::UnterminatedString),
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        Ok(())
    }

    fn block_string(&mut self) -> Result<(), Breach> {
        while self.at < self.bytes.len() {
            if self.rest().starts_with(br#"""""#) {
                self.at += 3;
                return Ok(());
            }
            self.at += if self.rest().starts_with(br#"\""""#) { 4 } else { 1 };
        }
        Err(Breach::UnterminatedString)
    }

    /// One number as the parser reads it: `007` is three of them.
    fn number(&mut self) {
        if self.peek(0) == Some(b'-') {
            self.at += 1;
        }
        match self.peek(0) {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.skip_while(|byte| byte.is_ascii_digit()),
            _ => return,
        }
        if self.peek(0) == Some(b'.') && self.peek(1).is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
            self.skip_while(|byte| byte.is_ascii_digit());
        }
        if matches!(self.peek(0), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(self.peek(1), Some(b'+' | b'-')));
            if self.peek(1 + sign).is_some_and(|byte| byte.is_ascii_digit()) {
                self.at += 1 + sign;
                self.skip_while(|byte| byte.is_ascii_digit());
            }
        }
    }

    fn name(&mut self, after_dots: bool) -> Result<(), Breach> {
        let start = self.at;
        self.skip_while(|byte| is_name_start(byte) || byte.is_ascii_digit());
        if after_dots && !(&self.bytes[start..self.at] == b"on" && self.type_name_follows()) {
            self.seen.spreads += 1;
            if self.seen.spreads > self.bounds.spreads {
                return Err(Breach::Spreads(self.bounds.spreads));
            }
        }
        Ok(())
    }

    /// The parser takes `... on` for a type condition only before blanks and a name; else it is the
    /// spread of a fragment that is called `on`.
    fn type_name_follows(&self) -> bool {
        let rest = self.rest();
        let blanks =
            rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b','));
        let blanks = blanks.count();
        blanks > 0 && rest.get(blanks).is_some_and(|&byte| is_name_start(byte))
    }

    fn skip_while(&mut self, goes_on: impl Fn(u8) -> bool) {
        while self.peek(0).is_some_and(&goes_on) {
            self.at += 1;
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

#[cfg(test)]
mod tests;
