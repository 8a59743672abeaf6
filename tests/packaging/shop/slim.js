// For bundlers that do not know `new URL(…, import.meta.url)`, and that import files.
import wasm from "mercer/mercer.wasm";
import { load } from "mercer/slim";
import { visit } from "./visit.js";

const options = { wasm: new URL(wasm, import.meta.url) };
document.querySelector("#said").textContent = await visit(load, "/model/small.mercer", options);
