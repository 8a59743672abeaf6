// A page of a framework as one script, the way its own build tools make it.

import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compile } from "svelte/compiler";

export const FRAMEWORKS = ["react", "vue", "svelte"];

/** What the builds of React and Vue leave to the shop. */
const SETTINGS = {
  "process.env.NODE_ENV": '"production"',
  __VUE_OPTIONS_API__: "false",
  __VUE_PROD_DEVTOOLS__: "false",
  __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
};

const svelte = {
  name: "svelte",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const { js, warnings } = compile(source, { filename: basename(path), generate: "client" });
      return { contents: js.code, warnings: warnings.map(({ message }) => ({ text: message })) };
    });
  },
};

/**
 * @param {string} framework one of {@link FRAMEWORKS}
 * @returns {Promise<string>} a script that makes `start`, `change` and `stop` of `window`
 */
export async function bundle(framework) {
  const { outputFiles, warnings } = await build({
    entryPoints: [fileURLToPath(new URL(`${framework}.mjs`, import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    conditions: ["browser", "production"],
    define: SETTINGS,
    plugins: [svelte],
    logLevel: "silent",
  });
  if (warnings.length > 0) throw new Error(warnings[0].text);
  return outputFiles[0].text;
}
