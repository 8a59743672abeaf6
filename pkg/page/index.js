// What a shop's page says already, for Mercer to read: nothing has to be instrumented.

export { MercerError } from "../check/errors.js";
export { connectDataLayer } from "./data-layer.js";
export { fromJsonLd } from "./json-ld.js";
