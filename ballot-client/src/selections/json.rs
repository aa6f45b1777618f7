//! JSON as a selections file may hold it: names that come twice stay two, numbers are whole or none, and all of it is wiped.

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use std::fmt;
use zeroize::Zeroizing;

/// A value of the file.
pub(super) enum Json {
    Text(Zeroizing<String>),
    /// A whole number of 32 bits, written without point or exponent.
    Number(u32),
    List(Vec<Json>),
    /// Every name in it, those that come twice too (BAL-23).
    Object(Vec<(Zeroizing<String>, Json)>),
    /// Whatever no selection is made of.
    Other,
}

impl Json {
    /// Reads one value and nothing behind it.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        serde_json::from_slice(text).ok()
    }
}

impl Drop for Json {
    fn drop(&mut self) {
        if let Self::Number(number) = self {
            zeroize::Zeroize::zeroize(number);
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Values)
    }
}

struct Values;

impl<'de> Visitor<'de> for Values {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("contests and what is selected in them")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(Zeroizing::new(text.to_owned())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Json, E> {
        Ok(u32::try_from(number).map_or(Json::Other, Json::Number))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut object = Vec::new();
        while let Some((name, value)) = entries.next_entry::<String, Json>()? {
            object.push((Zeroizing::new(name), value));
        }
        Ok(Json::Object(object))
    }
}
