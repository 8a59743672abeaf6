// One round in a process of its own: `node benches/node.mjs MODEL` prints the times as JSON.

import { readFileSync } from "node:fs";
import { load } from "../pkg/node.js";
import { measure } from "./measure.mjs";

const bytes = new Uint8Array(readFileSync(process.argv[2]));
console.log(JSON.stringify(await measure(load, bytes)));
