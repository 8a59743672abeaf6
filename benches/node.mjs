// One round in a process of its own: `node benches/node.mjs MODEL LARGE` prints it as JSON.

import { readFileSync } from "node:fs";
import { load } from "../pkg/node.js";
import { measure } from "./measure.mjs";

const [bytes, large] = process.argv.slice(2, 4).map((file) => new Uint8Array(readFileSync(file)));
const rules = JSON.parse(readFileSync(new URL("rules.json", import.meta.url), "utf8"));
console.log(JSON.stringify(await measure(load, bytes, { bytes: large, rules })));
