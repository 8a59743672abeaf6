/** The kinds of events by their number in a token: only ever added to. */
export const EVENT_KINDS = [
  "view_item_list",
  "select_item",
  "view_item",
  "add_to_wishlist",
  "add_to_cart",
  "remove_from_cart",
  "view_cart",
  "begin_checkout",
  "purchase",
  "search",
  "dismiss",
];
