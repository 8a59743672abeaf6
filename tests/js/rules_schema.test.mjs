// docs/rules.schema.json: the examples of docs/rules.md keep to it, and slips do not. That it
// names what the engine knows is tested in tests/rules_docs.rs.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import Ajv from "ajv/dist/2020.js";

const document = (name) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");

const schema = JSON.parse(document("rules.schema.json"));
const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
ajv.addSchema(schema, "rules");
const rules = ajv.getSchema("rules");
const condition = ajv.getSchema("rules#/$defs/condition");
const filter = ajv.getSchema("rules#/$defs/filter");

const examples = [...document("rules.md").matchAll(/^```json ?(\w*)\n([\s\S]*?)^```/gm)].map(
  ([, what, text]) => ({ what, text, value: JSON.parse(text) }),
);

function accepts(validate, value) {
  return validate(value) ? "" : ajv.errorsText(validate.errors);
}

test("every example keeps to the schema", () => {
  assert.ok(examples.length > 20);
  for (const { what, text, value } of examples) {
    if (what === "condition") {
      assert.equal(accepts(condition, value), "", text);
    } else if (what === "filter") {
      assert.equal(accepts(filter, value), "", text);
    } else {
      const list = Array.isArray(value) || value.rules ? value : [value];
      assert.equal(accepts(rules, list), "", text);
    }
  }
});

test("slips are found", () => {
  const slips = [
    {},
    [{ kind: "exlude", where: { brand: "Acme" } }],
    [{ kind: "exclude" }],
    [{ kind: "exclude", were: { brand: "Acme" } }],
    [{ kind: "exclude", where: "Acme" }],
    [{ kind: "exclude", where: { price: { atleast: 3 } } }],
    [{ kind: "exclude", where: { price: {} } }],
    [{ kind: "exclude", where: { price: { within: [0.7] } } }],
    [{ kind: "exclude", where: { category: { levels: 1 } } }],
    [{ kind: "exclude", where: { minPrice: { atLeast: "3" } } }],
    [{ kind: "promote", where: {}, share: 1.5 }],
    [{ kind: "limit", most: 2 }],
    [{ kind: "limit", field: "brand", level: 1, most: 2 }],
    [{ kind: "limit", field: "brand", most: 0 }],
    [{ kind: "pin", items: ["A"], at: 0 }],
    [{ kind: "boost", where: {}, by: 0 }],
    [{ kind: "include", where: {}, placements: ["hom"] }],
    [{ kind: "include", where: {}, placements: [] }],
  ];
  for (const slip of slips) {
    assert.notEqual(accepts(rules, slip), "", JSON.stringify(slip));
  }
  assert.equal(accepts(filter, { minPrice: 3 }), "");
  assert.notEqual(accepts(condition, { minPrice: { atLeast: "3" } }), "");
});
