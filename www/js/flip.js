// Lets cards glide to their new places instead of jumping.

const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Makes a change to a list and animates what moved. Shoppers who asked for less motion see
 * the change at once.
 * @param {HTMLElement} list
 * @param {() => void} change
 */
export function flip(list, change) {
  if (still.matches || !list.isConnected) return change();
  const before = places(list);
  change();
  for (const [child, { left, top }] of places(list)) {
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
