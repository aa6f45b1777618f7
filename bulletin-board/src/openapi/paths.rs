//! One line a path: what it takes, what it answers (HTTP-3, HTTP-42).

use board_api::{PROBLEM_TYPE, SUBMISSION_TYPE};
use utoipa::openapi::{
    Content, Header, HttpMethod, ObjectBuilder, Paths, PathsBuilder, Ref, RefOr, Required, Response, ResponseBuilder,
    Schema, Type,
    path::{Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
    request_body::{RequestBody, RequestBodyBuilder},
    schema::ArrayBuilder,
};

/// What is sent.
enum Sent {
    Nothing,
    Submission,
    Document(&'static str),
}

/// What a good answer holds.
enum Answer {
    Document(&'static str),
    List(&'static str),
    Text(&'static str),
    Bytes,
    Events,
    This,
}

/// A path with one method.
struct Route {
    path: &'static str,
    method: HttpMethod,
    tag: &'static str,
    rule: &'static str,
    summary: &'static str,
    sent: Sent,
    answer: Answer,
    /// The refusals besides 405 and 429, which every path knows.
    refusals: &'static [u16],
}

/// Of everything that takes a body.
const POSTED: &[u16] = &[403, 404, 408, 409, 413, 415, 422, 503];

const fn read(
    path: &'static str,
    tag: &'static str,
    rule: &'static str,
    summary: &'static str,
    answer: Answer,
    refusals: &'static [u16],
) -> Route {
    Route { path, method: HttpMethod::Get, tag, rule, summary, sent: Sent::Nothing, answer, refusals }
}

const fn post(
    path: &'static str,
    tag: &'static str,
    rule: &'static str,
    summary: &'static str,
    sent: Sent,
    answer: Answer,
) -> Route {
    Route { path, method: HttpMethod::Post, tag, rule, summary, sent, answer, refusals: POSTED }
}

const NOTE: &str = "text/plain; charset=utf-8";

#[rustfmt::skip]
const ROUTES: &[Route] = &[
    read("/api/v1/openapi.json", "board", "HTTP-42", "This document", Answer::This, &[]),
    read("/api/v1/board", "board", "HTTP-9", "What the board says about itself", Answer::Document("BoardDocument"), &[503]),
    read("/api/v1/elections", "board", "HTTP-11", "The elections, by fingerprint", Answer::List("ElectionSummary"), &[]),
    post("/api/v1/elections", "board", "HTTP-10", "Begin an election with a manifest", Sent::Submission, Answer::Document("PromiseDocument")),
    read("/api/v1/elections/{election}", "election", "HTTP-12", "Where an election stands", Answer::Document("ElectionStatus"), &[404]),
    post("/api/v1/elections/{election}/submissions", "election", "HTTP-13", "Submit, and be promised a place", Sent::Submission, Answer::Document("PromiseDocument")),
    read("/api/v1/elections/{election}/head", "election", "HTTP-30", "The log's head, signed by the log alone", Answer::Text(NOTE), &[404]),
    post("/api/v1/elections/{election}/time-evidence", "election", "HTTP-31", "A checkpoint that tells the time, for a closing", Sent::Document("EvidenceQuestion"), Answer::Document("TimeEvidence")),
    read("/api/v1/elections/{election}/events", "election", "HTTP-41", "Live feed: events `entries` (EntriesEvent) and `checkpoint` (CheckpointEvent)", Answer::Events, &[404, 503]),
    read("/e/{election}/checkpoint", "log", "HTTP-15", "The newest checkpoint that meets the policy", Answer::Text(NOTE), &[404]),
    read("/e/{election}/tile/{level}/{index}", "log", "HTTP-15", "A tile of hashes; the index is written as a path (LOG-8)", Answer::Bytes, &[404, 503]),
    read("/e/{election}/tile/entries/{index}", "log", "HTTP-15", "A bundle of entries; the index is written as a path (LOG-8)", Answer::Bytes, &[404, 503]),
    read("/healthz", "board", "HTTP-18", "Whether the board can go on", Answer::Text(NOTE), &[503]),
];

/// HTTP-3: what a status means; the rules are in the table there.
fn meaning(status: u16) -> &'static str {
    match status {
        403 => "Not by this sender",
        404 => "No such thing",
        405 => "The path takes other methods, which `Allow` lists",
        408 => "The body did not arrive",
        409 => "Not now, or no more: the state of the record or the hour is against it",
        413 => "Too long",
        415 => "Another media type",
        422 => "Never: it is wrong in itself",
        429 => "Not so much at once; `Retry-After` says when to ask again",
        _ => "The board cannot; `Retry-After` says when to ask again",
    }
}

/// Every path.
pub(super) fn paths() -> Paths {
    let mut paths = PathsBuilder::new().build();
    for route in ROUTES {
        paths.add_path_operation(route.path, vec![route.method.clone()], route.operation());
    }
    paths
}

impl Route {
    fn operation(&self) -> Operation {
        let mut operation = OperationBuilder::new()
            .tag(self.tag)
            .summary(Some(self.summary))
            .description(Some(format!("Rule {}.", self.rule)))
            .operation_id(Some(self.name()))
            .request_body(self.sent.body())
            .response("200", self.answer.response());
        if self.path.ends_with("/checkpoint") {
            let same = "It is still the one named in `If-None-Match`, which is the quoted `ETag` (HTTP-16)";
            operation = operation.response("304", Response::new(same));
        }
        for name in self.path.split(['{', '}']).skip(1).step_by(2) {
            operation = operation.parameter(parameter(name));
        }
        if matches!(self.answer, Answer::Events) {
            operation = operation.parameter(header("Last-Event-ID", "The size the listener knows", Type::Integer));
        }
        for status in [&[405, 429], self.refusals].concat() {
            operation = operation.response(status.to_string(), problem(status));
        }
        operation.build()
    }

    /// `get_api_v1_board`, for generators of clients.
    fn name(&self) -> String {
        let words = self.path.split(['/', '{', '}', '.', '-']).filter(|word| !word.is_empty());
        let method = if self.method == HttpMethod::Post { "post" } else { "get" };
        std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
    }
}

impl Sent {
    fn body(&self) -> Option<RequestBody> {
        let (kind, content, about) = match self {
            Self::Nothing => return None,
            Self::Submission => (
                SUBMISSION_TYPE,
                nothing_known(),
                "The canonical encoding of a Submission (HTTP-5), at most 65,535 bytes",
            ),
            Self::Document(name) => ("application/json", described(name), "A document"),
        };
        let body = RequestBodyBuilder::new().description(Some(about)).content(kind, content);
        Some(body.required(Some(Required::True)).build())
    }
}

impl Answer {
    fn response(&self) -> Response {
        let (kind, content, about) = match self {
            Self::Document(name) => ("application/json", described(name), "A document"),
            Self::List(name) => {
                let list = ArrayBuilder::new().items(Ref::from_schema_name(*name)).build();
                ("application/json", Content::new(Some(Schema::Array(list))), "A list")
            }
            Self::Text(kind) => (*kind, Content::new(Some(text_schema())), "A text"),
            Self::Bytes => ("application/octet-stream", nothing_known(), "Bytes that never change"),
            Self::Events => ("text/event-stream", Content::new(Some(text_schema())), "A stream without end"),
            Self::This => ("application/json", nothing_known(), "OpenAPI 3.1"),
        };
        ResponseBuilder::new().description(about).content(kind, content).build()
    }
}

fn described(name: &str) -> Content {
    Content::new(Some(Ref::from_schema_name(name)))
}

fn nothing_known() -> Content {
    Content::new(None::<RefOr<Schema>>)
}

fn text_schema() -> Schema {
    Schema::Object(ObjectBuilder::new().schema_type(Type::String).build())
}

/// HTTP-2
fn problem(status: u16) -> Response {
    let response = ResponseBuilder::new().description(meaning(status)).content(PROBLEM_TYPE, described("Problem"));
    let seconds = || Header::new(ObjectBuilder::new().schema_type(Type::Integer).description(Some("Seconds")));
    match status {
        405 => response.header("Allow", Header::new(text_schema())).build(),
        429 | 503 => response.header("Retry-After", seconds()).build(),
        _ => response.build(),
    }
}

fn parameter(name: &str) -> Parameter {
    let (about, pattern) = match name {
        "election" => ("The election's fingerprint (HTTP-8)", "^[0-9a-f]{64}$"),
        "level" => ("The level, 0 to 63", "^[0-9]{1,2}$"),
        _ => (
            "The index in groups of three digits, perhaps with `.p/` and a width: `x001/x234/067`, `000.p/77`",
            "^(x[0-9]{3}/)*[0-9]{3}([.]p/[0-9]{1,3})?$",
        ),
    };
    let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).build();
    let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path).required(Required::True);
    parameter.description(Some(about)).schema(Some(Schema::Object(schema))).build()
}

fn header(name: &str, about: &str, kind: Type) -> Parameter {
    let schema = Schema::Object(ObjectBuilder::new().schema_type(kind).build());
    let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Header).required(Required::False);
    parameter.description(Some(about)).schema(Some(schema)).build()
}
