//! JSON read piece by piece, so that each piece knows its place in the text and the path to it.

use super::{DefinitionError, DefinitionFault, fault::Misfit};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;
use std::{collections::BTreeMap, fmt};

/// The most members of a list or object.
const MOST: usize = 10_000;
/// What the format puts before the name of each type.
const PREFIX: &str = "BallotDefinition.";

/// A value in the text, and the path to it.
#[derive(Clone, Debug)]
pub(super) struct Place<'a> {
    raw: &'a RawValue,
    path: String,
}

/// An object whose fields are taken one by one; what is left must be known to change nothing.
#[derive(Debug)]
pub(super) struct Object<'a> {
    place: Place<'a>,
    kind: &'static str,
    fields: BTreeMap<String, &'a RawValue>,
}

impl<'a> Place<'a> {
    /// The whole text, if it is JSON.
    pub(super) fn whole(text: &'a str) -> Result<Self, DefinitionError> {
        Ok(Self { raw: serde_json::from_str(text)?, path: "BallotDefinition".to_owned() })
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Where it begins in the text, in bytes.
    pub(super) fn offset(&self, text: &str) -> usize {
        self.raw.get().as_ptr().addr().saturating_sub(text.as_ptr().addr())
    }

    pub(super) fn fault(&self, misfit: Misfit) -> DefinitionFault<'a> {
        DefinitionFault::new(self.clone(), misfit)
    }

    fn read<T: Deserialize<'a>>(&self, what: &'static str) -> Result<T, DefinitionFault<'a>> {
        serde_json::from_str(self.raw.get()).map_err(|_| self.fault(Misfit::NotA(what)))
    }

    pub(super) fn text(&self) -> Result<String, DefinitionFault<'a>> {
        self.read("a text")
    }

    pub(super) fn number(&self) -> Result<u32, DefinitionFault<'a>> {
        self.read("a whole number from 0 to 4294967295")
    }

    pub(super) fn truth(&self) -> Result<bool, DefinitionFault<'a>> {
        self.read("true or false")
    }

    pub(super) fn list(&self) -> Result<Vec<Self>, DefinitionFault<'a>> {
        let raws: Vec<&RawValue> = self.read("a list")?;
        if raws.len() > MOST {
            return Err(self.fault(Misfit::TooMany(MOST)));
        }
        let member = |(place, raw)| Self { raw, path: format!("{}[{place}]", self.path) };
        Ok(raws.into_iter().enumerate().map(member).collect())
    }

    /// An object of one of these types.
    pub(super) fn object(&self, types: &[&'static str]) -> Result<Object<'a>, DefinitionFault<'a>> {
        let Fields(read) = self.read("an object")?;
        if read.len() > MOST {
            return Err(self.fault(Misfit::TooMany(MOST)));
        }
        let mut fields = BTreeMap::new();
        for (name, raw) in read {
            let path = format!("{}.{name}", self.path);
            if fields.insert(name, raw).is_some() {
                return Err(DefinitionFault::new(Self { raw, path }, Misfit::Twice));
            }
        }
        let mut object = Object { place: self.clone(), kind: "", fields };
        let found = object.needed("@type")?;
        let name = found.text()?;
        let known = types.iter().find(|known| name.strip_prefix(PREFIX) == Some(known));
        let expected = || types.iter().map(|known| format!("{PREFIX}{known}")).collect::<Vec<_>>().join(" or ");
        object.kind = known.copied().ok_or_else(|| found.fault(Misfit::Type { found: name, expected: expected() }))?;
        Ok(object)
    }
}

impl<'a> Object<'a> {
    /// Its type.
    pub(super) fn kind(&self) -> &'static str {
        self.kind
    }

    pub(super) fn place(&self) -> &Place<'a> {
        &self.place
    }

    pub(super) fn take(&mut self, name: &'static str) -> Option<Place<'a>> {
        let raw = self.fields.remove(name)?;
        Some(Place { raw, path: format!("{}.{name}", self.place.path) })
    }

    pub(super) fn needed(&mut self, name: &'static str) -> Result<Place<'a>, DefinitionFault<'a>> {
        self.take(name).ok_or_else(|| self.place.fault(Misfit::Missing(name)))
    }

    /// Ends the object: fields that were not taken are refused, but these, which only inform.
    pub(super) fn rest(&self, informative: &[&str]) -> Result<(), DefinitionFault<'a>> {
        match self.fields.iter().find(|(name, _)| !informative.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, raw)) => {
                let place = Place { raw, path: format!("{}.{name}", self.place.path) };
                Err(place.fault(Misfit::Outside))
            }
        }
    }
}

/// The fields of an object in their order, names that stand twice included.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldsVisitor;
        impl<'de> Visitor<'de> for FieldsVisitor {
            type Value = Fields<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry::<String, &'de RawValue>()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(FieldsVisitor)
    }
}
