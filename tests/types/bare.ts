// The types without those of a browser or of Node.

import { load, type Shop } from "mercer";

const shop: Shop = await load(new Uint8Array(8), { storage: "memory" });
await load("shop.mercer");
shop.observe("view_item", { item: "a" });

// @ts-expect-error: still no number
await load(3);
