// The TypeScript compiler accepts the right uses of the package and refuses the wrong ones.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { root } from "./support.mjs";

for (const config of ["tsconfig.json", "tsconfig.bare.json"]) {
  test(`tests/types/${config} compiles`, () => {
    const compiler = root("node_modules/typescript/bin/tsc");
    const args = [compiler, "--project", root(`tests/types/${config}`)];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    assert.equal(status, 0, stdout + stderr);
  });
}
