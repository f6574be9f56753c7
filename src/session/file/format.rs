//! The text of a session's file: `attune.session/1`.
//!
//! ```text
//! {
//!   "schema": "attune.session/1",
//!   "written_by": "Attune 0.1.0",
//!   "session": { ... },                 the state
//!   "history": {                        left out of blind packages
//!     "first": { ... },                 the session as it was made
//!     "entries": [
//!       {"seq":1, ...},                 byte for byte what the next entry's `prev` is the hash of
//!       ...
//! ```

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::error::Category;

use super::layout::{write, write_key, write_lines};
use super::plain::plain;
use super::{Damage, FileError, migrate};
use crate::{Entry, Extra, History, Session};

/// The major number of the format that this version writes. Fields may be added to it; anything else makes another number.
pub(super) const MAJOR: u32 = 1;

const SCHEMA: &str = "attune.session/";
const PROGRAM: &str = concat!("Attune ", env!("CARGO_PKG_VERSION"));

/// What a session's file holds.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(title = "Attune session", rename = "File")]
pub(super) struct Content {
    /// `attune.session/1`.
    #[expect(dead_code, reason = "has been read before the rest")]
    schema: String,
    /// The program and its version.
    #[serde(default)]
    #[expect(dead_code, reason = "has been read before the rest")]
    written_by: String,
    /// The session as it is.
    pub(super) session: Session,
    /// Every edit since it was made; left out of packages for blind coders.
    #[serde(default)]
    pub(super) history: Option<History>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub(super) extra: Extra,
}

/// What says how to read the rest.
#[derive(Deserialize)]
pub(super) struct Head {
    schema: Option<Value>,
    written_by: Option<Value>,
}

impl Head {
    pub(super) fn of(file: &Value) -> Self {
        Self { schema: file.get("schema").cloned(), written_by: file.get("written_by").cloned() }
    }
}

/// A file without the mark that some editors put before its first byte.
pub(super) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// A file's content, and the major number of the format that it was in if that is an older one.
pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<(Content, Option<u32>), FileError> {
    let bytes = without_mark(bytes);
    if bytes.iter().all(|&byte| byte == 0 || byte.is_ascii_whitespace()) {
        return Err(FileError::damaged(path, Damage::Empty));
    }
    let head: Head = serde_json::from_slice(bytes).map_err(|error| not_a_head(path, &error))?;
    if !bytes.trim_ascii_start().starts_with(b"{") {
        return Err(no_object(path)); // a list of as many items would do for a head
    }
    let major = major(path, &head)?;
    if major == MAJOR {
        let content = serde_json::from_slice(bytes).map_err(|error| invalid(path, &error))?;
        return Ok((content, None));
    }
    let old = serde_json::from_slice(bytes).map_err(|error| invalid(path, &error))?;
    let broken = |reason| FileError::damaged(path, Damage::BrokenRule(reason));
    let new = migrate::migrate(old, major, &migrate::STEPS).map_err(broken)?;
    let content = serde_json::from_value(new).map_err(|error| broken(error.to_string()))?;
    Ok((content, Some(major)))
}

/// The major number of the format that a file says it is in.
///
/// # Errors
/// Where it is a later one than is known here, or none of a session.
pub(super) fn major(path: &Path, head: &Head) -> Result<u32, FileError> {
    let schema = head.schema.as_ref().and_then(Value::as_str);
    let major: Option<u32> =
        schema.and_then(|schema| schema.strip_prefix(SCHEMA)).and_then(|number| number.parse().ok());
    match major {
        Some(major) if major > MAJOR => {
            let writer = head.written_by.as_ref().and_then(Value::as_str);
            let needed = writer.map_or_else(
                || format!("a version of Attune that knows {SCHEMA}{major}"),
                |writer| format!("{writer} or later"),
            );
            Err(FileError::Newer { path: path.to_owned(), major, needed })
        }
        Some(major) if major > 0 => Ok(major),
        _ => {
            let found = schema
                .map_or_else(|| "it has no field \"schema\"".to_owned(), |schema| format!("its schema is '{schema}'"));
            Err(FileError::NotASession { path: path.to_owned(), found })
        }
    }
}

fn not_a_head(path: &Path, error: &serde_json::Error) -> FileError {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        Category::Eof => FileError::damaged(path, Damage::CutShort { line, column }),
        Category::Data => no_object(path),
        Category::Syntax | Category::Io => {
            FileError::damaged(path, Damage::NotJson { line, column, reason: reason(error) })
        }
    }
}

fn no_object(path: &Path) -> FileError {
    FileError::NotASession { path: path.to_owned(), found: "it is JSON, but no object".to_owned() }
}

fn invalid(path: &Path, error: &serde_json::Error) -> FileError {
    let (line, column) = (error.line(), error.column());
    FileError::damaged(path, Damage::Invalid { line, column, reason: plain(&reason(error)) })
}

/// What the reader of JSON says, without the position, which stands in the sentence already.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&position).unwrap_or(&text).to_owned()
}

/// The bytes of a file. The same session and history give the same bytes.
pub(super) fn to_text(session: &Session, history: Option<&History>, extra: &Extra) -> String {
    let mut fields = Extra::new();
    fields.insert("schema".to_owned(), Value::from(format!("{SCHEMA}{MAJOR}")));
    fields.insert("written_by".to_owned(), Value::from(PROGRAM));
    fields.insert("session".to_owned(), value(session));
    fields.extend(history.map(|_| ("history".to_owned(), Value::Null))); // its place
    fields.extend(extra.clone());

    let mut text = String::new();
    write_lines(&mut text, ['{', '}'], 0, &fields, |text, (key, value)| {
        write_key(text, key);
        match history {
            Some(history) if key == "history" => write_history(text, history),
            _ => write(text, value, 1),
        }
    });
    text.push('\n');
    text
}

fn write_history(text: &mut String, history: &History) {
    let grown = (!history.grown().is_empty()).then_some("grown");
    write_lines(text, ['{', '}'], 1, ["first", "entries"].into_iter().chain(grown), |text, key| {
        write_key(text, key);
        match key {
            "first" => write(text, &value(history.first()), 2),
            "entries" => write_lines(text, ['[', ']'], 2, history.entries(), |text, entry: &Entry| {
                text.push_str(&entry.to_json());
            }),
            _ => write(text, &value(&history.grown()), 2),
        }
    });
}

fn value(part: &impl Serialize) -> Value {
    serde_json::to_value(part).expect("a session has text keys and no number that JSON lacks")
}

/// What a file of this format may hold, as JSON Schema; `assets/session.schema.json` is this text.
#[must_use]
pub fn schema() -> String {
    let schema = schemars::schema_for!(Content);
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    text.push('\n');
    text
}
