//! Times of a template (MAN-9).

use super::TemplateError;
use jiff::Timestamp;
use protocol::ids::Minutes;
use serde::Deserialize;

/// A time in whole minutes, with its offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Moment(toml::value::Datetime);

impl Moment {
    /// Minutes since 1970-01-01T00:00Z, or a refusal that names the field.
    pub(super) fn minutes(self, field: &'static str) -> Result<Minutes, TemplateError> {
        self.since_epoch().ok_or(TemplateError::Time(field))
    }

    fn since_epoch(self) -> Option<Minutes> {
        // With all its parts, the TOML date-time is one of RFC 3339.
        let (_, time, _) = (self.0.date?, self.0.time?, self.0.offset?);
        let timestamp: Timestamp = self.0.to_string().parse().ok()?;
        let whole = time.second == 0 && time.nanosecond == 0;
        u64::try_from(timestamp.as_second()).ok().filter(|_| whole).map(|seconds| seconds / 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_minutes_since_1970() {
        let minutes = |text: &str| {
            let table: toml::Table = format!("at = {text}").parse().unwrap();
            Moment(*table["at"].as_datetime().unwrap()).since_epoch()
        };
        assert_eq!(minutes("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(minutes("2000-02-29T23:59:00Z"), Some(15_864_479));
        assert_eq!(minutes("2000-03-01T00:00:00Z"), Some(15_864_480));
        assert_eq!(minutes("1970-01-01T02:00:00+01:30"), Some(30));
        assert_eq!(minutes("1969-12-31T23:59:00Z"), None);
    }
}
