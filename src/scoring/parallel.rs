//! The same work on many things, on as many cores as the machine lends where the feature `parallel` is on.

/// `of` each item, in their order, whatever order they are done in; `None` as soon as one is.
#[cfg(feature = "parallel")]
pub(crate) fn map<T: Sync, R: Send>(items: &[T], of: impl Fn(&T) -> Option<R> + Sync + Send) -> Option<Vec<R>> {
    use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
    items.par_iter().map(of).collect()
}

/// `of` each item, in their order; `None` as soon as one is.
#[cfg(not(feature = "parallel"))]
pub(crate) fn map<T, R>(items: &[T], of: impl Fn(&T) -> Option<R>) -> Option<Vec<R>> {
    items.iter().map(of).collect()
}

/// `of` each item, in their order, whatever order they are done in.
#[cfg(feature = "parallel")]
pub(crate) fn map_all<T: Sync, R: Send>(items: &[T], of: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
    items.par_iter().map(of).collect()
}

/// `of` each item, in their order.
#[cfg(not(feature = "parallel"))]
pub(crate) fn map_all<T, R>(items: &[T], of: impl Fn(&T) -> R) -> Vec<R> {
    items.iter().map(of).collect()
}
