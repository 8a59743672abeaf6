import { load } from "mercer";
import { visit } from "./visit.js";

// `?worker` and `?js` ask for the same from a worker and from the build in JavaScript.
const worker = location.search === "?worker";
const engine = location.search === "?js" ? "js" : "auto";
const said = await visit(load, "/model/small.mercer", { worker, engine });
document.querySelector("#said").textContent = said;
