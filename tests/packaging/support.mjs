// What packaging tests share: the package as `npm pack` makes it, installed in a fresh folder
// beside a small shop, and what that shop must answer.

import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as edge from "../../pkg/edge/index.js";
import { load } from "../../pkg/node.js";
import { paint } from "./shop/paint.js";
import { UNIT } from "./shop/unit.js";
import { visit } from "./shop/visit.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The model of 60 products that the little shop sells. */
export const MODEL = here("../golden/small.mercer");

/**
 * Packs the package and installs the tarball in a fresh folder, beside the files of `shop/`.
 * @returns {{ folder: string, packed: { filename: string, files: { path: string }[] }, remove: () => void }}
 */
export function install() {
  const folder = mkdtempSync(join(tmpdir(), "mercer-packaging-"));
  // Nothing here needs a registry, and a cache of its own cannot disturb anybody's.
  const npm = (...args) => {
    const quiet = ["--offline", "--no-audit", "--no-fund", "--loglevel=error"];
    const env = { ...process.env, npm_config_cache: join(folder, "npm-cache") };
    return execFileSync("npm", [...args, ...quiet], { cwd: folder, env, encoding: "utf8" });
  };
  cpSync(here("shop"), folder, { recursive: true });
  cpSync(MODEL, join(folder, "small.mercer"));
  const [packed] = JSON.parse(npm("pack", here("../../pkg"), "--json"));
  npm("install", `./${packed.filename}`);
  return { folder, packed, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What the little shop answers in this Node, from the package where it lies. */
export const expected = () => visit(load, MODEL);

/** The same of its handler for the edge. */
export const painted = () => paint(load, edge, MODEL);

/** What its element shows. */
export async function shown() {
  const shop = await load(MODEL);
  return JSON.stringify(shop.recommend(UNIT).items.map(({ item }) => item));
}

/**
 * Runs a program to its end.
 * @returns {Promise<string>} its output, trimmed
 * @throws {Error} with its errors, when it fails
 */
export async function run(program, args, folder) {
  try {
    const { stdout } = await promisify(execFile)(program, args, { cwd: folder });
    return stdout.trim();
  } catch (error) {
    // Checkers say on their output what is wrong.
    error.message += `\n${error.stdout}`;
    throw error;
  }
}

/** A JavaScript tool of this folder, or of the workspace. */
export const script = (path) => here(path);

/**
 * The program inside a package that exists once a platform, of which npm installed the right one.
 * @param {string} scope the folder of those packages
 * @param {string} path where the program lies in one of them
 */
export function platformProgram(scope, path) {
  const [found] = readdirSync(here(`node_modules/${scope}`));
  return here(`node_modules/${scope}/${found}/${path}`);
}
