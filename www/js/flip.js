// Lets cards glide to their new places instead of jumping.

const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Makes a change to lists and animates what moved in them. Shoppers who asked for less motion see
 * the change at once. All places are looked up together, before the change and after it: a look
 * between two changes would have the browser lay out the page once for each list.
 * @param {HTMLElement[]} lists
 * @param {() => void} change
 */
export function flip(lists, change) {
  const shown = still.matches ? [] : lists.filter(isInSight);
  const before = shown.map(places);
  change();
  const after = shown.map(places);
  shown.forEach((_, at) => move(before[at], after[at]));
}

/** What nobody sees need not glide. */
function isInSight(list) {
  if (!list.isConnected) return false;
  const { top, bottom } = list.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

function move(before, after) {
  for (const [child, { left, top }] of after) {
    const old = before.get(child);
    if (!old) arrive(child);
    else if (old.left !== left || old.top !== top) glide(child, old.left - left, old.top - top);
  }
}

function places(list) {
  const origin = list.getBoundingClientRect();
  return new Map([...list.children].map((child) => {
    const { left, top } = child.getBoundingClientRect();
    return [child, { left: Math.round(left - origin.left), top: Math.round(top - origin.top) }];
  }));
}

function glide(child, x, y) {
  const frames = [{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }];
  child.animate(frames, { duration: 420, easing: "cubic-bezier(.2, .8, .2, 1)" });
}

function arrive(child) {
  const frames = [{ opacity: 0, transform: "translateY(10px)" }, { opacity: 1, transform: "none" }];
  child.animate(frames, { duration: 360, easing: "ease-out" });
}
