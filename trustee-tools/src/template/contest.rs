//! A contest of a template, as it is written: one table, with the fields of its kind (MAN-30).

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, ops::Range, str::FromStr};
use toml::{Spanned, Value};

/// A field that may be absent, with its place in the text.
pub(crate) type Field<T> = Option<Spanned<T>>;

/// A field that stands nowhere in a text.
pub(crate) fn unplaced<T>(value: T) -> Field<T> {
    Some(Spanned::new(0..0, value))
}

/// What is asked, what may be marked, and who wins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContestTable {
    pub(crate) title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Field<KindName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) options: Field<Vec<String>>,
    #[serde(default)]
    pub(crate) blank: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) minimum: Field<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) maximum: Field<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) top: Field<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) points: Field<Points>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) most: Field<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) exactly: Field<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) currency: Field<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pot: Field<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) step: Field<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) places: Field<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) complete: Field<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) method: Field<MethodName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) passes: Field<Fraction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) whole: Field<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seat_rule: Field<SeatRuleName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seats: Field<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ties: Field<TieName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) order: Field<OrderName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) share: Field<Fraction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lists: Field<Vec<Spanned<ListTable>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) questions: Field<Vec<Spanned<QuestionTable>>>,
}

/// A list of candidates.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListTable {
    pub(super) name: String,
    pub(super) options: Spanned<Vec<String>>,
    /// Most of its candidates that may be marked; all of them if it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) limit: Field<u32>,
}

/// A question of linked answers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuestionTable {
    pub(super) title: String,
    pub(super) options: Spanned<Vec<String>>,
    /// 1 if it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) minimum: Field<u32>,
    /// 1 if it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) maximum: Field<u32>,
    /// The answer to an earlier question with which this one is asked, by its words or by its number in the contest, from 1.
    #[serde(rename = "if", skip_serializing_if = "Option::is_none")]
    pub(super) condition: Field<Answer>,
}

/// The kinds, by the names that a template has for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum KindName {
    ChooseOne,
    Choose,
    Approval,
    Score,
    Cumulative,
    Budget,
    Ranking,
    Pairwise,
    Question,
    Lists,
    Linked,
}

impl KindName {
    /// The fields that belong to the kind, beside those of every contest.
    pub(super) fn fields(self) -> &'static [&'static str] {
        match self {
            Self::ChooseOne | Self::Approval => &["options"],
            Self::Choose => &["options", "minimum", "maximum"],
            Self::Score => &["options", "top"],
            Self::Cumulative => &["options", "points", "most", "exactly"],
            Self::Budget => &["options", "currency", "pot", "step"],
            Self::Ranking => &["options", "places", "points", "minimum"],
            Self::Pairwise => &["options", "method", "complete"],
            Self::Question => &["options", "passes"],
            Self::Lists => &["lists", "minimum", "maximum", "whole", "seat_rule"],
            Self::Linked => &["questions"],
        }
    }
}

impl fmt::Display for KindName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(formatter)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum MethodName {
    Schulze,
    RankedPairs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SeatRuleName {
    Most,
    #[serde(rename = "d-hondt")]
    DHondt,
    SainteLague,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TieName {
    Reported,
    Listed,
    Lot,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum OrderName {
    Listed,
    Shuffled,
}

/// All points of a cumulative ballot, or those of the places of a ranking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Points {
    Number(u32),
    List(Vec<u32>),
    Borda,
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = |value: &Value| value.as_integer().and_then(|number| u32::try_from(number).ok());
        let value = Value::deserialize(deserializer)?;
        let read = match &value {
            Value::String(text) if text == "borda" => Some(Self::Borda),
            Value::Array(values) => values.iter().map(number).collect::<Option<_>>().map(Self::List),
            value => number(value).map(Self::Number),
        };
        read.ok_or_else(|| D::Error::custom("points are a number from 0 to 4294967295, a list of them, or \"borda\""))
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(points) => points.serialize(serializer),
            Self::List(points) => points.serialize(serializer),
            Self::Borda => "borda".serialize(serializer),
        }
    }
}

/// A share such as `1/2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Fraction {
    pub(super) numerator: u32,
    pub(super) denominator: u32,
}

impl Fraction {
    /// More than half.
    pub(crate) const HALF: Self = Self { numerator: 1, denominator: 2 };
}

/// A share that is none.
#[derive(Debug, thiserror::Error)]
#[error("a share is two whole numbers such as \"1/2\"")]
pub(crate) struct NoFraction;

impl FromStr for Fraction {
    type Err = NoFraction;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (numerator, denominator) = text.split_once('/').ok_or(NoFraction)?;
        let number = |text: &str| text.trim().parse().map_err(|_| NoFraction);
        Ok(Self { numerator: number(numerator)?, denominator: number(denominator)? })
    }
}

impl TryFrom<String> for Fraction {
    type Error = NoFraction;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Fraction> for String {
    fn from(fraction: Fraction) -> Self {
        format!("{}/{}", fraction.numerator, fraction.denominator)
    }
}

/// An option, by its words or by its number from 1.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub(crate) enum Answer {
    Words(String),
    Number(u32),
}

impl fmt::Display for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(words) => write!(formatter, "{words:?}"),
            Self::Number(number) => write!(formatter, "{number}"),
        }
    }
}

impl ContestTable {
    /// What all contests have: a title, options in one list, and perhaps a blank.
    pub(crate) fn new(title: String, kind: KindName, options: Vec<String>, blank: bool) -> Self {
        Self { title, kind: unplaced(kind), options: unplaced(options), blank, ..Self::default() }
    }

    /// Without `kind` the limits tell, as they did before there were other kinds.
    pub(super) fn kind_name(&self) -> KindName {
        let limited = self.minimum.is_some() || self.maximum.is_some();
        let implied = if limited { KindName::Choose } else { KindName::ChooseOne };
        self.kind.as_ref().map_or(implied, |kind| *kind.get_ref())
    }

    /// Every field that stands in the table and not in every contest, with its place.
    pub(super) fn present(&self) -> impl Iterator<Item = (&'static str, Range<usize>)> {
        fn place<T>(name: &'static str, field: &Field<T>) -> Option<(&'static str, Range<usize>)> {
            field.as_ref().map(|field| (name, field.span()))
        }
        [
            place("options", &self.options),
            place("minimum", &self.minimum),
            place("maximum", &self.maximum),
            place("top", &self.top),
            place("points", &self.points),
            place("most", &self.most),
            place("exactly", &self.exactly),
            place("currency", &self.currency),
            place("pot", &self.pot),
            place("step", &self.step),
            place("places", &self.places),
            place("complete", &self.complete),
            place("method", &self.method),
            place("passes", &self.passes),
            place("whole", &self.whole),
            place("seat_rule", &self.seat_rule),
            place("lists", &self.lists),
            place("questions", &self.questions),
        ]
        .into_iter()
        .flatten()
    }
}
