/** `Object.hasOwn`, which browsers of before 2022 do not know. */
export function hasOwn(object, key) {
  return Object.prototype.hasOwnProperty.call(object, key);
}
