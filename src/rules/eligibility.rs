use crate::types::{ItemIx, Mask, Owned, Request, Seen};

/// What the shopper already knows, resolved to the model's items.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Items the shopper has been on.
    pub seen: &'a [ItemIx],
    /// Items in the cart or bought.
    pub owned: &'a [ItemIx],
    /// Items the shopper said no to.
    pub dismissed: &'a [ItemIx],
}

/// Which of `n_items` items may be shown: not the page's own product, not what the caller
/// excludes, not what the shopper dismissed, and, unless the request includes them, neither
/// seen nor owned items.
pub fn eligible(n_items: usize, request: &Request, known: Known<'_>) -> Mask {
    let mut mask = Mask::open(n_items);
    let seen = if request.seen == Seen::LeaveOut { known.seen } else { &[] };
    let owned = if request.owned == Owned::LeaveOut { known.owned } else { &[] };
    for item in
        request.item.iter().chain(&request.exclude).chain(known.dismissed).chain(seen).chain(owned)
    {
        mask.close(*item);
    }
    mask
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(request: &Request) -> Vec<u32> {
        let known = Known {
            seen: &[ItemIx(1), ItemIx(2)],
            owned: &[ItemIx(2), ItemIx(3)],
            dismissed: &[ItemIx(6)],
        };
        let mask = eligible(7, request, known);
        (0..7).filter(|&ix| mask.allows(ItemIx(ix))).collect()
    }

    #[test]
    fn what_the_shopper_knows_is_left_out_by_default() {
        assert_eq!(allowed(&Request::default()), [0, 4, 5]);
    }

    #[test]
    fn repeats_and_owned_items_are_let_in_separately() {
        let seen = Request { seen: Seen::Include, ..Request::default() };
        assert_eq!(allowed(&seen), [0, 1, 4, 5]);
        let owned = Request { owned: Owned::Include, ..Request::default() };
        assert_eq!(allowed(&owned), [0, 3, 4, 5]);
    }

    #[test]
    fn the_page_and_the_excluded_never_show() {
        let request = Request {
            item: Some(ItemIx(0)),
            exclude: vec![ItemIx(5)],
            seen: Seen::Include,
            owned: Owned::Include,
            ..Request::default()
        };
        assert_eq!(allowed(&request), [1, 2, 3, 4]);
    }
}
