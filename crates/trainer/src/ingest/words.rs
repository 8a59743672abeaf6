use mercer::types::{Device, EventKind};

/// The event a word names. Case, spaces, dashes and underscores do not matter, so
/// `AddToCart`, `add-to-cart` and `ADD TO CART` are one word. Next to the GA4 words come
/// those of public data sets and of common analytics exports.
///
/// A bare `click` is a click in a list (`select_item`) where the row says at which position
/// of a list it happened, and else the view of the product that it led to.
pub(super) fn event_kind(word: &str, in_list: InList) -> Option<EventKind> {
    if let Some(kind) = EventKind::parse(word) {
        return Some(kind);
    }
    let letters = letters_of(word);
    Some(match letters.as_str() {
        "viewitem" | "view" | "views" | "viewed" | "itemview" | "productview" | "productviewed"
        | "viewproduct" | "detail" | "detailview" | "pv" => EventKind::ViewItem,
        "click" | "clicks" | "clicked" | "itemclick" | "productclick" | "productclicked" => {
            match in_list {
                InList::Yes => EventKind::SelectItem,
                InList::No => EventKind::ViewItem,
            }
        }
        "selectitem" => EventKind::SelectItem,
        "viewitemlist" | "impression" | "impressions" | "itemimpression" | "productimpression"
        | "productlistviewed" => EventKind::ViewItemList,
        "addtowishlist"
        | "wishlist"
        | "favorite"
        | "favourite"
        | "fav"
        | "productaddedtowishlist" => EventKind::AddToWishlist,
        "addtocart" | "addedtocart" | "cart" | "carts" | "basket" | "addtobasket"
        | "productadded" => EventKind::AddToCart,
        "removefromcart" | "removefrombasket" | "productremoved" => EventKind::RemoveFromCart,
        "viewcart" | "cartview" | "cartviewed" => EventKind::ViewCart,
        "begincheckout" | "checkout" | "checkoutstarted" | "startcheckout" | "initiatecheckout" => {
            EventKind::BeginCheckout
        }
        "purchase" | "purchases" | "purchased" | "buy" | "buys" | "bought" | "order" | "orders"
        | "ordered" | "ordercompleted" | "transaction" | "transactions" => EventKind::Purchase,
        "search" | "searches" | "searched" | "productssearched" | "viewsearchresults" => {
            EventKind::Search
        }
        "dismiss" | "dismissed" | "notinterested" => EventKind::Dismiss,
        _ => return None,
    })
}

/// The class of device a word names; `None` for any other word.
pub(super) fn device(word: &str) -> Option<Device> {
    Some(match letters_of(word).as_str() {
        "phone" | "mobile" | "smartphone" | "mobilephone" => Device::Phone,
        "tablet" => Device::Tablet,
        "desktop" | "computer" | "laptop" | "pc" => Device::Desktop,
        _ => return None,
    })
}

/// Whether the row gives a position in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InList {
    Yes,
    No,
}

/// Whether the shop can sell an item, in the words of product feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// On the shelf.
    InStock,
    /// Sold out.
    OutOfStock,
    /// Not out yet; can be ordered.
    Preorder,
    /// Sold out for now; can be ordered.
    Backorder,
}

impl Availability {
    /// The availability a word of a feed or of schema.org names, or a yes / no / stock count.
    pub(super) fn parse(word: &str) -> Option<Self> {
        let word = word.rsplit('/').next().unwrap_or(word);
        if let Ok(stock) = word.parse::<f64>() {
            return stock.is_finite().then_some(if stock > 0.0 {
                Self::InStock
            } else {
                Self::OutOfStock
            });
        }
        Some(match letters_of(word).as_str() {
            "instock" | "available" | "limitedavailability" | "true" | "yes" => Self::InStock,
            "outofstock" | "soldout" | "unavailable" | "discontinued" | "false" | "no" => {
                Self::OutOfStock
            }
            "preorder" | "presale" => Self::Preorder,
            "backorder" => Self::Backorder,
            _ => return None,
        })
    }
}

/// A price as shops write it: `15`, `15.00`, `15.00 USD`, `$15.00`, `1,299.00`.
///
/// A comma may only stand before three digits: `15,00` is not guessed at.
pub(super) fn parse_price(text: &str) -> Option<f64> {
    let is_currency = |c: char| c.is_alphabetic() || c.is_whitespace() || "$€£¥₹".contains(c);
    let number = text.trim_matches(is_currency);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let mut groups = whole.split(',');
    let head = groups.next().unwrap_or("");
    let rest: Vec<&str> = groups.collect();
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = rest.is_empty() || (1..=3).contains(&head.len());
    if head.is_empty()
        || !grouped
        || !all_digits(head)
        || !all_digits(fraction)
        || !rest.iter().all(|part| part.len() == 3 && all_digits(part))
    {
        return None;
    }
    let plain = format!("{head}{}.{fraction}0", rest.concat());
    plain.parse::<f64>().ok().filter(|price| price.is_finite())
}

fn letters_of(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ga4_word_names_itself() {
        for kind in EventKind::ALL {
            assert_eq!(event_kind(kind.name(), InList::No), Some(kind));
            assert_eq!(event_kind(&kind.name().to_uppercase(), InList::Yes), Some(kind));
            assert_eq!(event_kind(&kind.name().replace('_', " "), InList::No), Some(kind));
        }
    }

    #[test]
    fn synonyms_and_strangers() {
        assert_eq!(event_kind("click", InList::No), Some(EventKind::ViewItem));
        assert_eq!(event_kind("click", InList::Yes), Some(EventKind::SelectItem));
        assert_eq!(event_kind("addtocart", InList::No), Some(EventKind::AddToCart));
        assert_eq!(event_kind("transaction", InList::No), Some(EventKind::Purchase));
        assert_eq!(event_kind("Product Viewed", InList::No), Some(EventKind::ViewItem));
        assert_eq!(event_kind("impression", InList::No), Some(EventKind::ViewItemList));
        for word in ["", "page_view", "scroll", "refund", "7"] {
            assert_eq!(event_kind(word, InList::No), None, "{word}");
        }
    }

    #[test]
    fn prices() {
        for (text, price) in [
            ("15", 15.0),
            ("15.5", 15.5),
            ("15.00 USD", 15.0),
            ("EUR 15", 15.0),
            ("$1,299.99", 1299.99),
            ("0", 0.0),
        ] {
            assert_eq!(parse_price(text), Some(price), "{text}");
        }
        for text in ["", "free", "15,00", "-3", "1.299,00", "1,2,3", "NaN", "1e5", ".5", "1 2"] {
            assert_eq!(parse_price(text), None, "{text}");
        }
    }

    #[test]
    fn device_words() {
        for device_class in Device::ALL {
            assert_eq!(device(device_class.name()), Some(device_class));
        }
        assert_eq!(device("Mobile"), Some(Device::Phone));
        assert_eq!((device("smart tv"), device("")), (None, None));
    }

    #[test]
    fn availability_words() {
        assert_eq!(Availability::parse("in stock"), Some(Availability::InStock));
        assert_eq!(
            Availability::parse("https://schema.org/OutOfStock"),
            Some(Availability::OutOfStock)
        );
        assert_eq!(Availability::parse("0"), Some(Availability::OutOfStock));
        assert_eq!(Availability::parse("12"), Some(Availability::InStock));
        assert_eq!(Availability::parse("maybe"), None);
    }
}
