//! Recurrence under any relation, diagonal by diagonal, 64 units at once.

use crate::recurrence::LineLengths;

/// Two series whose codes are brought into classes of codes that match the same.
pub(super) enum Classes {
    /// No code matches some but not all of what another matches: equal classes recur.
    Equal {
        /// Classes of the first series; what matches nothing is missing.
        first: Vec<Option<usize>>,
        /// Likewise.
        second: Vec<Option<usize>>,
    },
    /// Any other relation.
    Related(Related),
}

/// Two series and which pairs of their codes recur.
pub(super) struct Related {
    first: Vec<Option<usize>>,
    second: Vec<Option<usize>>,
    matches: Vec<Vec<bool>>, // by code of the first, then of the second
}

impl Classes {
    pub(super) fn new(
        first: &[Option<usize>],
        second: &[Option<usize>],
        matches: impl Fn(usize, usize) -> bool,
    ) -> Self {
        let n_codes = |codes: &[Option<usize>]| codes.iter().flatten().map(|code| code + 1).max().unwrap_or(0);
        let (n_rows, n_columns) = (n_codes(first), n_codes(second));
        let rows: Vec<Vec<bool>> =
            (0..n_rows).map(|row| (0..n_columns).map(|column| matches(row, column)).collect()).collect();
        let overlap = |a: &[bool], b: &[bool]| a.iter().zip(b).any(|(a, b)| *a && *b);
        if rows.iter().any(|a| rows.iter().any(|b| a != b && overlap(a, b))) {
            return Self::Related(Related { first: first.to_vec(), second: second.to_vec(), matches: rows });
        }
        let class_of_row = |row: usize| {
            let matches_some = rows[row].contains(&true);
            rows.iter().position(|other| *other == rows[row]).filter(|_| matches_some)
        };
        let class_of_column = |column: usize| rows.iter().position(|row| row[column]);
        let row_classes: Vec<Option<usize>> = (0..n_rows).map(class_of_row).collect();
        let column_classes: Vec<Option<usize>> = (0..n_columns).map(class_of_column).collect();
        Self::Equal {
            first: first.iter().map(|code| row_classes[(*code)?]).collect(),
            second: second.iter().map(|code| column_classes[(*code)?]).collect(),
        }
    }
}

impl Related {
    /// How many pairs of units recur.
    pub(super) fn points(&self) -> u64 {
        self.rows()
            .map(|(units, row)| units * self.second.iter().filter(|code| recurs(row, **code)).count() as u64)
            .sum()
    }

    /// Lines along the second series.
    pub(super) fn verticals(&self) -> LineLengths {
        let mut counts = vec![0; self.second.len() + 1];
        for (units, row) in self.rows() {
            add_runs(&mut counts, self.second.iter().map(|code| recurs(row, *code)), units);
        }
        LineLengths::from_counts(counts)
    }

    /// Lines along the first series.
    pub(super) fn horizontals(&self) -> LineLengths {
        let mut counts = vec![0; self.first.len() + 1];
        let n_columns = self.matches.first().map_or(0, Vec::len);
        for column in 0..n_columns {
            let units = self.second.iter().filter(|code| **code == Some(column)).count() as u64;
            let recurs = |code: &Option<usize>| code.is_some_and(|code| self.matches[code][column]);
            add_runs(&mut counts, self.first.iter().map(recurs), units);
        }
        LineLengths::from_counts(counts)
    }

    /// Lines along both.
    pub(super) fn diagonals(&self) -> LineLengths {
        let (n, m) = (self.first.len(), self.second.len());
        let mut distinct: Vec<&Vec<bool>> = self.matches.iter().filter(|row| row.contains(&true)).collect();
        distinct.sort_unstable();
        distinct.dedup();
        // one pair of bit rows per class; the second's is padded on both sides, so that it can be read at any shift
        let class = |row: &Vec<bool>| {
            let x = Bits::new(n, |j| self.first[j].is_some_and(|code| self.matches[code] == *row));
            let y = Bits::new(2 * n + m, |k| k >= n && k < n + m && recurs(row, self.second[k - n]));
            (x, y)
        };
        let classes: Vec<(Bits, Bits)> = distinct.into_iter().map(class).collect();
        let mut counts = vec![0; n.min(m) + 1];
        for diagonal in 1..n + m {
            // unit j of the first with unit j + diagonal − n of the second
            let (from, until) = (n.saturating_sub(diagonal), n.min(n + m - diagonal));
            let mut run = 0;
            for word in from / 64..until.div_ceil(64) {
                let recurring = |(x, y): &(Bits, Bits)| x.0[word] & y.word_at(word * 64 + diagonal);
                add_word(&mut counts, &mut run, classes.iter().map(recurring).fold(0, |all, word| all | word));
            }
            counts[run] += 1;
        }
        LineLengths::from_counts(counts)
    }

    /// The codes of the first series: in how many units they are, and what they match.
    fn rows(&self) -> impl Iterator<Item = (u64, &[bool])> {
        let units = |row: usize| self.first.iter().filter(|code| **code == Some(row)).count() as u64;
        self.matches.iter().enumerate().map(move |(row, matches)| (units(row), matches.as_slice()))
    }
}

/// A row of bits, followed by 64 zeros or more.
struct Bits(Vec<u64>);

impl Bits {
    fn new(n: usize, is_set: impl Fn(usize) -> bool) -> Self {
        let mut words = vec![0; n / 64 + 3];
        for bit in (0..n).filter(|bit| is_set(*bit)) {
            words[bit / 64] |= 1 << (bit % 64);
        }
        Self(words)
    }

    /// The 64 bits from this one on.
    fn word_at(&self, bit: usize) -> u64 {
        let (word, shift) = (bit / 64, bit % 64);
        let low = self.0[word] >> shift;
        if shift == 0 { low } else { low | self.0[word + 1] << (64 - shift) }
    }
}

/// Counts the runs of ones that end in this word; `run` is how long the present one is already.
fn add_word(counts: &mut [u64], run: &mut usize, mut word: u64) {
    let mut left = 64;
    loop {
        let ones = (word.trailing_ones() as usize).min(left);
        *run += ones;
        left -= ones;
        if left == 0 {
            return;
        }
        counts[*run] += 1; // of no length: dropped by `LineLengths`
        *run = 0;
        word >>= ones;
        let zeros = (word.trailing_zeros() as usize).min(left);
        left -= zeros;
        if left == 0 {
            return;
        }
        word >>= zeros;
    }
}

fn add_runs(counts: &mut [u64], recurs: impl Iterator<Item = bool>, times: u64) {
    let mut run = 0;
    for recurs in recurs {
        if recurs {
            run += 1;
        } else {
            counts[run] += times;
            run = 0;
        }
    }
    counts[run] += times;
}

fn recurs(row: &[bool], code: Option<usize>) -> bool {
    code.is_some_and(|code| row[code])
}
