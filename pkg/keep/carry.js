// What a page's session says, as an entry for a storage that may hold another session already.

/**
 * The events of a state, oldest first, with what only its lists still know; and its trials.
 * @param {import("../index.js").SessionState} state
 */
export function carried({ events, cart, bought, impressions, trials }) {
  const shown = impressions.map(({ item, timeMs }) => ({ kind: "view_item_list", item, timeMs }));
  const all = [...events, ...shown].sort((a, b) => a.timeMs - b.timeMs);
  // Older than the oldest event there is.
  const timeMs = all[0]?.timeMs ?? 0;
  const told = (kind) => new Set(events.filter((event) => event.kind === kind).map(({ item }) => item));
  const [added, purchased] = [told("add_to_cart"), told("purchase")];
  const lost = [
    ...bought.filter((item) => !purchased.has(item)).map((item) => ({ kind: "purchase", item, timeMs })),
    ...cart
      .filter(({ item }) => !added.has(item))
      .map(({ item, quantity }) => ({ kind: "add_to_cart", item, quantity, timeMs })),
  ];
  const whole = ({ key, shown, chosen }) => ({ key, shown: Math.round(shown), chosen: Math.round(chosen) });
  return { events: [...lost, ...all], trials: trials.map(whole) };
}
