use std::cmp::Ordering;

/// Sorts in place, ascending by `order`; what is equal may change places.
///
/// A heapsort (Williams 1964). The standard library's sorts are faster, and each of their copies
/// weighs 4 to 7 kB in the WebAssembly module; the lists that are sorted here are short.
pub fn sort_by<T>(items: &mut [T], mut order: impl FnMut(&T, &T) -> Ordering) {
    for root in (0..items.len() / 2).rev() {
        sift_down(items, root, &mut order);
    }
    for end in (1..items.len()).rev() {
        items.swap(0, end);
        sift_down(&mut items[..end], 0, &mut order);
    }
}

/// Moves the item at `root` down until both below it are smaller.
fn sift_down<T>(heap: &mut [T], mut root: usize, order: &mut impl FnMut(&T, &T) -> Ordering) {
    while let Some(left) = heap.get(2 * root + 1) {
        let right = heap.get(2 * root + 2);
        let is_right = right.is_some_and(|right| order(left, right).is_lt());
        let child = 2 * root + 1 + usize::from(is_right);
        if order(&heap[root], &heap[child]).is_ge() {
            return;
        }
        heap.swap(root, child);
        root = child;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(mut items in prop::collection::vec(0_u8..50, 0..200)) {
            let mut expected = items.clone();
            expected.sort_unstable();
            sort_by(&mut items, Ord::cmp);
            prop_assert_eq!(items, expected);
        }
    }
}
