/// What stands between the levels of a category in a model.
pub(crate) const BETWEEN: &str = " > ";

/// The levels of a category as models write it: `Shoes > Boots` has two. The same as `split`, which
/// is built for needles of any length and would be ten times as large.
pub(crate) fn levels(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(path);
    std::iter::from_fn(move || {
        let path = rest?;
        let end = path.as_bytes().windows(BETWEEN.len()).position(|at| at == BETWEEN.as_bytes());
        rest = end.and_then(|end| path.get(end + BETWEEN.len()..));
        path.get(..end.unwrap_or(path.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn levels_are_what_split_says(path in "[a> é]{0,12}") {
            prop_assert!(levels(&path).eq(path.split(BETWEEN)), "{path:?}");
        }
    }
}
