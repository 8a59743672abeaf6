// When and on what the shopper is, as their own device says it.

/**
 * The context of a request at this time; what is not known is left out. A time of 0 is none.
 * @param {number} timeMs milliseconds since 1970
 */
export function contextOf(timeMs) {
  const date = new Date(timeMs);
  const known = timeMs > 0 && !Number.isNaN(date.getTime());
  const clock = known
    ? { hour: date.getHours(), weekday: (date.getDay() + 6) % 7, month: date.getMonth() }
    : {};
  return { ...clock, device: (held ??= deviceOf(globalThis)) };
}

let held;

/**
 * What the shopper holds in hand; `null` where nothing tells, as in a worker or in Node.
 * @param {any} world the page's global object
 */
export function deviceOf(world) {
  try {
    const { navigator, screen } = world;
    if (navigator?.userAgentData?.mobile) return "phone";
    if (!world.matchMedia || !screen) return null;
    if (!world.matchMedia("(pointer: coarse)").matches) return "desktop";
    return Math.min(screen.width, screen.height) < 600 ? "phone" : "tablet";
  } catch {
    return null;
  }
}
