//! Titles, prices, descriptions.

use super::*;
use std::collections::HashSet;

#[test]
fn titles_are_unique_in_small_and_large_shops() {
    for n in [600, 30_000] {
        let made = world(n, 1, 1);
        let titles: HashSet<String> = (0..chance::index(n)).map(|ix| made.title(ix)).collect();
        assert_eq!(titles.len(), n);
    }
}

#[test]
fn prices_keep_to_the_band_of_their_kind_and_end_as_prices_do() {
    let made = world(5_000, 1, 2);
    for item in made.items() {
        let range = item.kind().price;
        assert!((range.low..=range.high).contains(&item.price()), "{item:?}");
        assert!([0, 50, 90].contains(&(item.price_cents % 100)), "{item:?}");
    }
}

#[test]
fn descriptions_are_two_or_three_sentences_about_the_product() {
    let made = world(2_000, 1, 3);
    for ix in 0..2_000 {
        let product = made.product(ix);
        let text = &product.description;
        let sentences = text.matches(". ").count() + 1;
        assert!((2..=3).contains(&sentences), "{text}");
        assert!(text.contains(made.item(ix).type_of().name), "{text}");
        let doubled = text.split(' ').zip(text.split(' ').skip(1)).find(|(a, b)| a == b);
        assert_eq!(doubled, None, "{text}");
        assert!(text.starts_with(char::is_uppercase) && text.ends_with('.'), "{text}");
    }
}
