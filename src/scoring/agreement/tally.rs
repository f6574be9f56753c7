//! How often two coders' labels met: the inner loop of every table.

/// How many counts are kept apart.
const LANES: usize = 4;

/// Counts the units of two coders, each in one of `n_tables` tables; a unit that is missing for either is not counted.
///
/// *Shape*: table by table, row by row, A's codes in the rows.
///
/// # Panics
/// Where a label is not below `n_codes`, or `table_of` a unit not below `n_tables`.
pub(super) fn tally<L: Copy + Into<usize>>(
    n_codes: usize,
    n_tables: usize,
    a: &[Option<L>],
    b: &[Option<L>],
    table_of: impl Fn(usize) -> usize,
) -> Vec<u64> {
    // Coders stay in a state for many units: counting neighbours apart spares waiting for the last count of the same cell. Tried and
    // slower: no branches, with a row and column for what is missing; in states that last, branches are foreseen.
    let size = n_tables * n_codes * n_codes;
    let mut counts = vec![0_u64; LANES * size];
    let mut count = |unit: usize, lane: usize, a: Option<L>, b: Option<L>| {
        if let (Some(a), Some(b)) = (a, b) {
            let (a, b) = (a.into(), b.into());
            assert!(a < n_codes && b < n_codes, "labels {a}, {b} are not among the {n_codes} codes");
            counts[lane * size + (table_of(unit) * n_codes + a) * n_codes + b] += 1;
        }
    };
    let n = a.len().min(b.len());
    let (chunks_a, chunks_b) = (a[..n].chunks_exact(LANES), b[..n].chunks_exact(LANES));
    let rest = chunks_a.remainder().iter().zip(chunks_b.remainder());
    for (idx, (a, b)) in chunks_a.zip(chunks_b).enumerate() {
        for lane in 0..LANES {
            count(idx * LANES + lane, lane, a[lane], b[lane]);
        }
    }
    rest.enumerate().for_each(|(idx, (a, b))| count(n / LANES * LANES + idx, 0, *a, *b));
    (0..size).map(|cell| counts.iter().skip(cell).step_by(size).sum()).collect()
}
