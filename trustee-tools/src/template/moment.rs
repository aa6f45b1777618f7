//! Times of a template (MAN-9).

use jiff::Timestamp;
use protocol::ids::Minutes;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use toml::{Value, value::Datetime};

/// A time in whole minutes, with its offset from UTC; or, for the years in which a date has more than four digits, the minutes since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// A date and time.
    At(Datetime),
    /// Minutes since 1970-01-01T00:00Z.
    Minute(Minutes),
}

impl Moment {
    /// That minute, as a date if it has one.
    pub(super) fn new(minutes: Minutes) -> Self {
        let seconds = i64::try_from(minutes).ok().and_then(|minutes| minutes.checked_mul(60));
        let time = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
        let date = time.and_then(|time| time.strftime("%Y-%m-%dT%H:%M:00Z").to_string().parse().ok());
        date.map_or(Self::Minute(minutes), Self::At)
    }

    /// Minutes since 1970-01-01T00:00Z. (What was read has them; a template made of a manifest, too.)
    pub(super) fn minutes(self) -> Minutes {
        self.since_epoch().unwrap_or(Minutes::MAX)
    }

    fn since_epoch(self) -> Option<Minutes> {
        let date = match self {
            Self::Minute(minutes) => return Some(minutes),
            Self::At(date) => date,
        };
        // With all its parts, the TOML date-time is one of RFC 3339.
        let (_, time, _) = (date.date?, date.time?, date.offset?);
        let timestamp: Timestamp = date.to_string().parse().ok()?;
        let whole = time.second == 0 && time.nanosecond == 0;
        u64::try_from(timestamp.as_second()).ok().filter(|_| whole).map(|seconds| seconds / 60)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Datetime(date) => {
                let moment = Self::At(date);
                moment.since_epoch().map(|_| moment).ok_or_else(|| {
                    D::Error::custom(
                        "not a date and time in whole minutes with its offset, such as 2026-11-23T08:00:00+01:00",
                    )
                })
            }
            Value::Integer(minutes) => Minutes::try_from(minutes).map(Self::Minute).map_err(D::Error::custom),
            other => Err(D::Error::custom(format!("invalid type: {}, expected a date and time", other.type_str()))),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::At(date) => date.serialize(serializer),
            Self::Minute(minutes) => minutes.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_minutes_since_1970() {
        #[derive(Deserialize)]
        struct Line {
            at: Moment,
        }
        let minutes = |text: &str| toml::from_str::<Line>(&format!("at = {text}")).ok()?.at.since_epoch();
        assert_eq!(minutes("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(minutes("2000-02-29T23:59:00Z"), Some(15_864_479));
        assert_eq!(minutes("2000-03-01T00:00:00Z"), Some(15_864_480));
        assert_eq!(minutes("1970-01-01T02:00:00+01:30"), Some(30));
        assert_eq!(minutes("1969-12-31T23:59:00Z"), None);
        assert_eq!(minutes("4294967295"), Some(4_294_967_295));
        assert_eq!(minutes("-1"), None);
        assert_eq!(minutes("\"2000-03-01T00:00:00Z\""), None);
    }

    #[test]
    fn a_minute_is_a_date_as_long_as_there_are_dates() {
        assert!(matches!(Moment::new(29_912_820), Moment::At(_)));
        for minute in [0, 15_864_479, 29_912_820, 4_294_967_295, u64::MAX] {
            assert_eq!(Moment::new(minute).since_epoch(), Some(minute));
        }
    }
}
