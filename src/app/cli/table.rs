//! Tables: columns under each other for people, CSV for programs.

use crate::score_text::quoted;

/// Rows of one length, with a heading.
pub(super) struct Table {
    heading: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(heading: &[&str]) -> Self {
        Self { heading: heading.iter().map(|name| (*name).to_owned()).collect(), rows: Vec::new() }
    }

    pub(super) fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    /// Columns under each other, two blanks between them; the last one as long as it is.
    pub(super) fn to_text(&self) -> String {
        let all = || std::iter::once(&self.heading).chain(&self.rows);
        let widths: Vec<usize> = (0..self.heading.len())
            .map(|column| all().filter_map(|row| row.get(column)).map(|field| field.chars().count()).max().unwrap_or(0))
            .collect();
        let line = |row: &Vec<String>| {
            let fields = row
                .iter()
                .zip(&widths)
                .map(|(field, width)| format!("{}{}", one_line(field), " ".repeat(width - field.chars().count())));
            format!("{}\n", fields.collect::<Vec<_>>().join("  ").trim_end())
        };
        all().map(line).collect::<Vec<_>>().concat()
    }

    /// Comma-separated, quoted where needed.
    pub(super) fn to_csv(&self) -> String {
        let line =
            |row: &Vec<String>| format!("{}\n", row.iter().map(|field| quoted(field)).collect::<Vec<_>>().join(","));
        std::iter::once(&self.heading).chain(&self.rows).map(line).collect::<Vec<_>>().concat()
    }
}

/// A field that is drawn on one line, whatever it holds.
fn one_line(field: &str) -> String {
    field.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other_and_fields_are_quoted() {
        let mut table = Table::new(&["code", "note"]);
        table.push(vec!["ä".to_owned(), "x".to_owned()]);
        table.push(vec!["partner".to_owned(), "a, \"b\"".to_owned()]);
        assert_eq!(table.to_text(), "code     note\nä        x\npartner  a, \"b\"\n");
        assert_eq!(table.to_csv(), "code,note\nä,x\npartner,\"a, \"\"b\"\"\"\n");
    }
}
