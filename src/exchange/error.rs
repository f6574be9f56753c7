//! Why nothing could be read.

/// Nothing could be read from a file. Whatever can be read in part is read, with a [`crate::Report`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is none of the formats that Attune reads.
    #[error("'{0}' is no format that Attune reads: it reads .csv and .eaf, and its own .attune")]
    UnknownFormat(String),
    /// It can be written, but not read.
    #[error("{0} can be written, but not read: there is no way back from it to marks")]
    WriteOnly(&'static str),
    /// The table has no header with the columns that are needed.
    #[error("the header has no column {0}: a coded timeline needs subject, channel, code, onset_s and offset_s")]
    MissingColumns(String),
    /// The file is coded with a scheme that is neither built in nor given.
    #[error("the scheme {0} is not built in: give its file with --scheme FILE")]
    UnknownScheme(String),
    /// Not one row can be read.
    #[error("not one row under the header can be read: {0}")]
    NoRows(String),
    /// The file does not say its scheme, and none that is known has its channels.
    #[error("no known scheme has the channels {0}: give the scheme's file with --scheme FILE")]
    NoScheme(String),
    /// The file was written by a later version of Attune.
    #[error("the file says '{0}': this version of Attune reads version 1, a newer one is needed")]
    Newer(String),
    /// The XML breaks off or breaks its own rules.
    #[error("line {line}: {message}")]
    Xml {
        /// The first line is 1.
        line: u64,
        /// What is wrong there.
        message: String,
    },
    /// XML, but of something else.
    #[error("the XML is no ELAN document: it begins with <{0}>, not with <ANNOTATION_DOCUMENT>")]
    NotElan(String),
}
