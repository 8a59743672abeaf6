// Which products of a slate were seen.

/** So much of a product must be in view … */
const PART = 0.5;
/** … for so long, until the shopper was shown it. */
const SEEN_AFTER_MS = 1000;

/**
 * Calls `seen` once for each of the elements that is in view for a second; until the answer is
 * called.
 * @param {Map<Element, string>} elements element → item
 */
export function watchViews(elements, seen) {
  const timers = new Map();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, intersectionRatio } of entries) {
        clearTimeout(timers.get(target));
        if (intersectionRatio < PART) continue;
        const tell = () => {
          observer.unobserve(target);
          // Nobody sees a tab behind another; watched anew, it is told of when it is in front.
          if (target.ownerDocument.hidden) observer.observe(target);
          else seen(elements.get(target));
        };
        timers.set(target, setTimeout(tell, SEEN_AFTER_MS));
      }
    },
    { threshold: PART },
  );
  for (const element of elements.keys()) observer.observe(element);
  return () => {
    observer.disconnect();
    for (const timer of timers.values()) clearTimeout(timer);
  };
}
