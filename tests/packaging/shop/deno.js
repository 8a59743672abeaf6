import { load } from "mercer";
import { visit } from "./visit.js";

console.log(await visit(load, Deno.args[0]));
