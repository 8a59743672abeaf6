/** What the element asks for. */
export const UNIT = { placement: "related", item: "tent-2p", count: 8 };
