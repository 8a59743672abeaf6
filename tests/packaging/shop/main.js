import { load } from "mercer";
import { visit } from "./visit.js";

document.querySelector("#said").textContent = await visit(load, "/model/small.mercer");
