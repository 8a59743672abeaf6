// In CommonJS: `import()` everywhere, `require` from Node 20.19 on.
async function main([model]) {
  const { load } = await import("mercer");
  if (process.features.require_module && require("mercer").load !== load) {
    throw new Error("`require` gave another module than `import`");
  }
  const { visit } = await import("./visit.js");
  console.log(await visit(load, model));
}

main(process.argv.slice(2));
