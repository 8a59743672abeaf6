import { load } from "mercer";
import { slate } from "./slate.js";
import { visit } from "./visit.js";

const MODEL = "/model/small.mercer";

// `?worker` and `?js` ask for the same from a worker and from the build in JavaScript.
const worker = location.search === "?worker";
const engine = location.search === "?js" ? "js" : "auto";
const isElement = location.search === "?element";
const said = isElement ? await slate(load, MODEL) : await visit(load, MODEL, { worker, engine });
document.querySelector("#said").textContent = said;
