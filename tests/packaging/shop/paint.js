// The first paint: one visit's session travels with a request, the handler ranks from it; the
// same in every runtime that answers requests.

const SLATE = "https://shop.example/mercer/slate?placement=home&count=8";

/**
 * @param {typeof import("mercer").load} load the package's, of whichever entry
 * @param {typeof import("mercer/edge")} edge
 * @param {import("mercer").ModelSource} model
 * @returns {Promise<string>} slates with the session, without one, and with one that nobody sealed
 */
export async function paint(load, { createEdge, sealSession }, model) {
  const shop = await load(model);
  shop.observe("view_item", { item: "kettle-1.7l", dwellMs: 9000 });
  shop.observe("add_to_cart", { item: "mug-enamel" });
  const sealed = sealSession(shop.export());
  const edge = createEdge({ shop: () => load(model) });
  const said = [];
  for (const cookie of [`mercer=${sealed}`, "", "mercer=forged"]) {
    const answer = await edge.fetch(new Request(SLATE, { headers: { cookie } }));
    const { session, source, items } = await answer.json();
    said.push({ session, source, items: items.map(({ item }) => item) });
  }
  return JSON.stringify(said);
}
