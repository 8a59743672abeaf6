import { MercerError, load } from "mercer";
import { visit } from "./visit.js";

const [model] = process.argv.slice(2);
const missing = await load("no-such-file.mercer").catch((error) => error);
if (!(missing instanceof MercerError)) throw new Error("what is thrown is no MercerError");
console.log(await visit(load, model));
