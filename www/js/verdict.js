// What the package says of a product and a slate, in words.

/** The stages of a ranking. */
export const STAGES = {
  session: "What you did (steps)",
  eligible: "May be shown",
  candidates: "Looked at closely",
  ranked: "Ranked",
  arranged: "Varied",
  placed: "On the shelf",
};

const CAUSES = {
  page: "it is the product of this page",
  excluded: "it stands elsewhere on this page",
  dismissed: "you said no to it",
  owned: "you have it in your cart, or bought it",
  seen: "you have looked at it already",
  variant: "another variant of it is shown",
  filter: "the row asks for something else",
  stock: "it is out of stock",
  rule: "a house rule keeps it out",
  unlisted: "it is not on the list",
};

/**
 * Why a product is in a row, or what kept it out.
 * @param {any} why what `shop.why` gave; `null` without a model
 */
export function verdict(why) {
  switch (why?.why) {
    case "shown": return `it is suggested, at place ${why.place}.`;
    case "unknown": return "it is too new: the model has not met it yet.";
    case "closed": return `not suggested, because ${because(why)}.`;
    case "dropped": return `not suggested: the house rules passed it over${why.name ? ` (${why.name})` : ""}.`;
    case "moved": return `by its score it is number ${why.rank}; for variety’s sake others come first.`;
    case "below": return `it is number ${why.rank} for you, and the row is shorter than that.`;
    case "not-retrieved": return "many others suit what you looked at better.";
    default: return "without a model nobody can say.";
  }
}

function because({ cause, name }) {
  return name ? `of the house rule “${name}”` : CAUSES[cause] ?? cause;
}
