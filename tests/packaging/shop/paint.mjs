// In Node, Deno and Bun.
import process from "node:process";
import { load } from "mercer";
import * as edge from "mercer/edge";
import { paint } from "./paint.js";

console.log(await paint(load, edge, process.argv[2]));
