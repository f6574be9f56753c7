//! Which of these goes with which of those, at the least cost.

/// An assignment of rows to columns that costs least among the rows added so far; a row without column costs nothing.
///
/// Rows are added one after another, each along the cheapest augmenting path through the prices of the others: time grows with the number of
/// rows and the square of how many columns lie near one.
///
/// *Reference*: Jonker, R., & Volgenant, A. (1987). A shortest augmenting path algorithm for dense and sparse linear assignment problems.
/// Computing, 38, 325–340, doi 10.1007/BF02278710.
///
/// The prices prove it: `cost ≥ row + column` for every pair, equal for assigned ones; prices are at most 0, and 0 for what is alone.
pub(super) struct Assignment {
    row_price: Vec<f64>,
    column_price: Vec<f64>,
    pub(super) row_of: Vec<Option<usize>>,
    pub(super) column_of: Vec<Option<usize>>,
    // of the path that is sought:
    distance: Vec<f64>, // infinite where not reached
    from: Vec<usize>,   // the row from which a column is reached
    reached: Vec<usize>,
    settled: Vec<bool>,
}

enum PathEnd {
    Column(usize),
    /// The row loses its column, if it had one.
    Alone(usize),
}

impl Assignment {
    pub(super) fn new(n_rows: usize, n_columns: usize) -> Self {
        Self {
            row_price: vec![0.0; n_rows],
            column_price: vec![0.0; n_columns],
            row_of: vec![None; n_columns],
            column_of: vec![None; n_rows],
            distance: vec![f64::INFINITY; n_columns],
            from: vec![0; n_columns],
            reached: Vec::new(),
            settled: vec![false; n_columns],
        }
    }

    /// Adds a row; `edges` are the columns that a row may have, with their costs.
    pub(super) fn add<'a>(&mut self, new: usize, edges: impl Fn(usize) -> &'a [(usize, f64)]) {
        let (mut row, mut so_far) = (new, 0.0);
        let (mut end, mut shortest) = (PathEnd::Alone(new), 0.0);
        loop {
            for &(column, cost) in edges(row) {
                let distance = so_far + cost - self.row_price[row] - self.column_price[column];
                if !self.settled[column] && distance < self.distance[column] {
                    if self.distance[column] == f64::INFINITY {
                        self.reached.push(column);
                    }
                    self.distance[column] = distance;
                    self.from[column] = row;
                }
            }
            let open = self.reached.iter().copied().filter(|&column| !self.settled[column]);
            let nearest = open.min_by(|&a, &b| self.distance[a].total_cmp(&self.distance[b]));
            let Some(column) = nearest.filter(|&column| self.distance[column] < shortest) else { break };
            self.settled[column] = true;
            so_far = self.distance[column];
            match self.row_of[column] {
                None => {
                    (end, shortest) = (PathEnd::Column(column), so_far);
                    break;
                }
                Some(assigned) => {
                    let alone = so_far - self.row_price[assigned];
                    if alone < shortest {
                        (end, shortest) = (PathEnd::Alone(assigned), alone);
                    }
                    row = assigned;
                }
            }
        }

        self.row_price[new] += shortest;
        for &column in &self.reached {
            if self.settled[column] && self.distance[column] < shortest {
                let change = shortest - self.distance[column];
                self.column_price[column] -= change;
                if let Some(row) = self.row_of[column] {
                    self.row_price[row] += change;
                }
            }
        }
        let mut column = match end {
            PathEnd::Column(column) => Some(column),
            PathEnd::Alone(row) => self.column_of[row].take(),
        };
        while let Some(free) = column {
            let row = self.from[free];
            self.row_of[free] = Some(row);
            column = self.column_of[row].replace(free);
        }
        for &column in &self.reached {
            self.distance[column] = f64::INFINITY;
            self.settled[column] = false;
        }
        self.reached.clear();
    }
}
