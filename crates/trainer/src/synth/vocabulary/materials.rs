//! What things are made of, how they take colour, and how they want to be kept.

/// A material.
#[derive(Debug, Clone, Copy)]
pub struct Material {
    /// As it stands in a sentence: `brushed steel`.
    pub name: &'static str,
    /// How it takes a colour, before the colour's name: `glazed in`.
    pub finish: &'static str,
    /// A sentence about its care.
    pub care: &'static str,
}

const fn material(name: &'static str, finish: &'static str, care: &'static str) -> Material {
    Material { name, finish, care }
}

pub(super) const STONEWARE: Material =
    material("stoneware", "glazed in", "Safe in the dishwasher and the microwave.");
pub(super) const PORCELAIN: Material =
    material("porcelain", "glazed in", "Thin but tough, and happy in the dishwasher.");
pub(super) const EARTHENWARE: Material =
    material("earthenware", "glazed in", "Wash by hand and let it dry before stacking.");
pub(super) const BRUSHED_STEEL: Material =
    material("brushed steel", "finished in", "Wipe clean with a soft cloth.");
pub(super) const ENAMEL: Material =
    material("enamelled steel", "fired in", "The enamel shrugs off stains and scratches.");
pub(super) const CAST_IRON: Material =
    material("cast iron", "coated in", "Rinse in hot water, dry at once and oil now and then.");
pub(super) const COPPER: Material = material(
    "copper",
    "with a handle in",
    "Copper darkens with use; a little lemon brings it back.",
);
pub(super) const ALUMINIUM: Material =
    material("anodised aluminium", "finished in", "Light to carry and impossible to rust.");
pub(super) const CARBON_STEEL: Material =
    material("carbon steel", "with a handle in", "Dry it after washing and it will outlast you.");
pub(super) const STAINLESS: Material =
    material("stainless steel", "with details in", "Dishwasher safe, though it prefers the sink.");
pub(super) const OAK: Material =
    material("oiled oak", "with details in", "Oil it twice a year to keep the grain alive.");
pub(super) const BEECH: Material =
    material("beech", "stained in", "Wipe with a damp cloth and dry well.");
pub(super) const BAMBOO: Material =
    material("bamboo", "with details in", "Light, quick to dry and easy to wipe down.");
pub(super) const GLASS: Material =
    material("hand-blown glass", "tinted in", "Bubbles and small waves are part of the making.");
pub(super) const PRESSED_GLASS: Material =
    material("pressed glass", "tinted in", "Dishwasher safe and slow to chip.");
pub(super) const RECYCLED_GLASS: Material = material(
    "recycled glass",
    "tinted in",
    "Made entirely of glass that has been a bottle before.",
);
pub(super) const LINEN: Material =
    material("washed linen", "dyed in", "Wash at 40 degrees; it grows softer every time.");
pub(super) const COTTON: Material =
    material("organic cotton", "dyed in", "Machine washable at 40 degrees.");
pub(super) const VELVET: Material =
    material("cotton velvet", "dyed in", "Brush with the pile to keep the shine.");
pub(super) const WAFFLE: Material =
    material("waffle cotton", "dyed in", "Dries fast, even in a bathroom without a window.");
pub(super) const WOOL: Material =
    material("lambswool", "dyed in", "Air it often and wash it seldom, by hand and cool.");
pub(super) const MERINO: Material =
    material("merino wool", "dyed in", "Machine washable on the wool programme.");
pub(super) const RECYCLED_WOOL: Material = material(
    "recycled wool",
    "woven in",
    "Spun from offcuts of the mills, so no two are quite alike.",
);
pub(super) const ALPACA: Material =
    material("alpaca", "dyed in", "Wash by hand in cool water and dry flat.");
pub(super) const CANVAS: Material =
    material("waxed canvas", "dyed in", "Wipe clean with cold water and re-wax once a season.");
pub(super) const RIPSTOP: Material =
    material("ripstop nylon", "dyed in", "Shakes dry and packs away small.");
pub(super) const RECYCLED_POLYESTER: Material =
    material("recycled polyester", "dyed in", "Tough, light and made of old bottles.");
pub(super) const WAXED_COTTON: Material =
    material("waxed cotton", "dyed in", "Re-wax the seams every autumn and it keeps the rain out.");
pub(super) const LEATHER: Material = material(
    "full-grain leather",
    "dyed in",
    "Feed the leather now and then and it will age well.",
);
pub(super) const SUEDE: Material =
    material("suede", "dyed in", "Brush when dry and keep out of heavy rain.");
pub(super) const PAPER: Material =
    material("pleated paper", "tinted in", "Dust with a soft brush.");
pub(super) const BRASS: Material =
    material("brass", "with details in", "Unlacquered, so it will mellow with the years.");
pub(super) const SOY_WAX: Material =
    material("soy wax", "poured in", "Trim the wick before lighting for a clean, even burn.");
pub(super) const BEESWAX: Material =
    material("beeswax", "tinted in", "Burns slowly and smells faintly of honey.");
pub(super) const RAPESEED_WAX: Material =
    material("rapeseed wax", "tinted in", "Burns without soot, down to the last centimetre.");
