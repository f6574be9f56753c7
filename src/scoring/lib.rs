//! Scores of rupture and repair, co-regulation and coder agreement.
