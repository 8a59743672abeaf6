// `<mercer-slate>`: a slate on a page, without code of the page's own.

export { MercerError } from "../check/errors.js";
export { defineSlate } from "./define.js";
