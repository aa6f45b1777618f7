//! The interface for programs: an OpenAPI document (HTTP-42), made of the documents' own types and of one line a path.

mod paths;

use board_api::{
    BoardDocument, CeremonyStatus, CheckpointEvent, CountStatus, ElectionStatus, ElectionSummary, EntriesEvent,
    EvidenceQuestion, LotStatus, Problem, PromiseDocument, RollStatus, TallyStatus, TimeEvidence, WitnessStatus,
};
use std::sync::LazyLock;
use utoipa::openapi::{Components, ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Tag};

const ABOUT: &str = "What a board of Vitrine says over HTTP: specs/09-http-api.md, by whose rules (HTTP-n) everything here is named, and which \
holds where the two differ. A board is believed in nothing: what counts is checked against the election's fingerprint, the log's key and the witness \
policy. Every path takes HEAD where it takes GET, and OPTIONS from pages of any origin (HTTP-17). Times are whole minutes since 1970, identifiers \
lower-case hexadecimal, other byte strings base64 (HTTP-1).";

/// The document as it is served and committed, with a newline at its end.
pub(crate) fn text() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let mut text = document().to_pretty_json().expect("texts and numbers make JSON");
        text.push('\n');
        text
    });
    &TEXT
}

fn document() -> OpenApi {
    let licence = LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build();
    let info = InfoBuilder::new().title("Vitrine board").version("1").description(Some(ABOUT)).license(Some(licence));
    let tags = [("board", "The board as a whole"), ("election", "One election"), ("log", "Its log, as files")];
    OpenApiBuilder::new()
        .info(info)
        .paths(paths::paths())
        .components(Some(components()))
        .tags(Some(tags.map(|(name, about)| {
            let mut tag = Tag::new(name);
            tag.description = Some(about.to_owned());
            tag
        })))
        .build()
}

fn components() -> Components {
    ComponentsBuilder::new()
        .schema_from::<BoardDocument>()
        .schema_from::<ElectionSummary>()
        .schema_from::<ElectionStatus>()
        .schema_from::<RollStatus>()
        .schema_from::<CeremonyStatus>()
        .schema_from::<CountStatus>()
        .schema_from::<TallyStatus>()
        .schema_from::<LotStatus>()
        .schema_from::<WitnessStatus>()
        .schema_from::<PromiseDocument>()
        .schema_from::<EvidenceQuestion>()
        .schema_from::<TimeEvidence>()
        .schema_from::<EntriesEvent>()
        .schema_from::<CheckpointEvent>()
        .schema_from::<Problem>()
        .build()
}

#[cfg(test)]
mod tests;
