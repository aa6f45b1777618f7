//! The address of a board, and of what lies below it.

use super::ClientError;

/// An address of http or https without query or fragment, in the form in which a browser would write it, with a final slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address(String);

impl Address {
    /// # Errors
    /// [`ClientError::Address`].
    pub(super) fn parse(text: &str) -> Result<Self, ClientError> {
        let refusal = || ClientError::Address(text.to_owned());
        let known = href(text).filter(|href| href.starts_with("http://") || href.starts_with("https://"));
        // An empty query or fragment shows in the address alone.
        let mut href = known.filter(|href| !href.contains(['?', '#'])).ok_or_else(refusal)?;
        if !href.ends_with('/') {
            href.push('/');
        }
        Ok(Self(href))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// What lies at a plain path below it, which has no `..` and needs no escapes.
    pub(super) fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

/// What a browser makes of the text, if it is the address of anything.
#[cfg(not(target_family = "wasm"))]
fn href(text: &str) -> Option<String> {
    reqwest::Url::parse(text).ok().map(String::from)
}

/// The same, by the browser itself: its tables of names need not be in the page twice.
#[cfg(target_family = "wasm")]
fn href(text: &str) -> Option<String> {
    web_sys::Url::new(text).ok().map(|url| url.href())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_or_refused() {
        let read = |text: &str| Address::parse(text).map(|address| address.as_str().to_owned()).ok();
        assert_eq!(read("https://board.example.org").as_deref(), Some("https://board.example.org/"));
        assert_eq!(read("http://127.0.0.1:8080/vote").as_deref(), Some("http://127.0.0.1:8080/vote/"));
        assert_eq!(read("HTTPS://Board.Example.org/a/").as_deref(), Some("https://board.example.org/a/"));
        for text in
            ["", "board.example.org", "ftp://a/", "file:///a", "https://a/?q", "https://a/#f", "mailto:a@b", "data:,x"]
        {
            assert_eq!(read(text), None, "{text}");
        }
        let address = Address::parse("http://[::1]:1/x").unwrap();
        assert_eq!(address.join("e/ab/tile/0/000"), "http://[::1]:1/x/e/ab/tile/0/000");
    }
}
