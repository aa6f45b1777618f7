//! Times of a template (MAN-9).

use super::TemplateError;
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

    /// Minutes since 1970-01-01T00:00Z, by the days of the proleptic Gregorian calendar.
    fn since_epoch(self) -> Option<Minutes> {
        let (date, time, offset) = (self.0.date?, self.0.time?, self.0.offset?);
        if time.second != 0 || time.nanosecond != 0 {
            return None;
        }
        let offset = match offset {
            toml::value::Offset::Z => 0,
            toml::value::Offset::Custom { minutes } => i64::from(minutes),
        };
        // Years from March on, so that the leap day is a year's last: 306 days from March 1 to January 1.
        let (year, month) = (i64::from(date.year), i64::from(date.month));
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let days = 365 * year + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (153 * month + 2) / 5
            + i64::from(date.day)
            - 1;
        let minutes = (days - 719_468) * 1440 + i64::from(time.hour) * 60 + i64::from(time.minute) - offset;
        u64::try_from(minutes).ok()
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
