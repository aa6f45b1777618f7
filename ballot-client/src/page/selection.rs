//! Selections as the page holds them: options by their numbers in the manifest, from 0 (BAL-82).

use super::fault::{Fault, bad_request};
use protocol::Selection;
use serde::{Deserialize, Serialize};

/// A selection in JSON: an object with exactly one of these names.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Chosen {
    /// The explicit blank; `true`.
    Blank(bool),
    /// The options marked.
    Options(Vec<usize>),
    /// A whole list.
    List(usize),
    /// A number for each option.
    Amounts(Vec<u32>),
    /// Options from the first place on.
    Ranking(Vec<usize>),
}

impl Chosen {
    pub(super) fn of(selection: &Selection) -> Self {
        match selection {
            Selection::Blank => Self::Blank(true),
            Selection::Options(options) => Self::Options(options.clone()),
            Selection::List(list) => Self::List(*list),
            Selection::Amounts(amounts) => Self::Amounts(amounts.clone()),
            Selection::Ranking(ranking) => Self::Ranking(ranking.clone()),
        }
    }
}

impl TryFrom<Chosen> for Selection {
    type Error = Fault;

    fn try_from(chosen: Chosen) -> Result<Self, Fault> {
        Ok(match chosen {
            Chosen::Blank(true) => Self::Blank,
            Chosen::Blank(false) => return Err(bad_request("a blank that is none")),
            Chosen::Options(options) => Self::Options(options),
            Chosen::List(list) => Self::List(list),
            Chosen::Amounts(amounts) => Self::Amounts(amounts),
            Chosen::Ranking(ranking) => Self::Ranking(ranking),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// BAL-82.
    #[test]
    fn selections_come_and_go_as_json() {
        for text in
            [r#"{"blank":true}"#, r#"{"options":[2,0]}"#, r#"{"list":1}"#, r#"{"amounts":[0,5]}"#, r#"{"ranking":[1]}"#]
        {
            let chosen: Chosen = serde_json::from_str(text).unwrap();
            let selection = Selection::try_from(chosen).unwrap();
            assert_eq!(serde_json::to_string(&Chosen::of(&selection)).unwrap(), text);
        }
        for text in [
            "{}",
            r#"{"options":[-1]}"#,
            r#"{"options":[1],"list":0}"#,
            r#"{"vote":1}"#,
            "[]",
            r#"{"amounts":[4294967296]}"#,
        ] {
            assert!(serde_json::from_str::<Chosen>(text).is_err(), "{text}");
        }
        assert!(Selection::try_from(serde_json::from_str::<Chosen>(r#"{"blank":false}"#).unwrap()).is_err());
    }
}
