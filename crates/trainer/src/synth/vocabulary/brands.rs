//! The makers, all invented, and the names of their collections.

/// A maker.
#[derive(Debug)]
pub struct Brand {
    /// Its name.
    pub name: &'static str,
    /// Its main and its second style, positions in [`super::STYLES`].
    pub styles: [usize; 2],
    /// What its products cost, as a factor on the kind's median.
    pub price_level: f64,
    /// Positions in [`super::DEPARTMENTS`] that it makes things for.
    pub departments: &'static [usize],
    /// A sentence about it.
    pub voice: &'static str,
}

const fn brand(
    name: &'static str,
    styles: [usize; 2],
    (price_level, departments): (f64, &'static [usize]),
    voice: &'static str,
) -> Brand {
    Brand { name, styles, price_level, departments, voice }
}

const KITCHEN: usize = 0;
const DINING: usize = 1;
const LIVING: usize = 2;
const BATH: usize = 3;
const OUTDOOR: usize = 4;
const CLOTHING: usize = 5;

/// Every maker.
pub static BRANDS: [Brand; 25] = [
    brand(
        "Halvorn",
        [0, 7],
        (1.25, &[KITCHEN, DINING, LIVING]),
        "Halvorn has made things for long winters since 1961.",
    ),
    brand(
        "Brindlewick",
        [1, 5],
        (0.85, &[KITCHEN, DINING]),
        "Brindlewick fires and finishes everything in one old barn.",
    ),
    brand(
        "Korvane",
        [2, 7],
        (1.45, &[KITCHEN, OUTDOOR]),
        "Korvane guarantees every seam, rivet and hinge for ten years.",
    ),
    brand("Mossgate", [3, 1], (0.95, &[LIVING, BATH]), "Mossgate plants a tree for every order."),
    brand(
        "Pellimore",
        [4, 0],
        (0.8, &[DINING, LIVING, BATH]),
        "Pellimore is a family firm by the harbour.",
    ),
    brand(
        "Ardenlow",
        [5, 1],
        (1.6, &[KITCHEN, DINING, CLOTHING]),
        "Ardenlow still works from its founder's pattern books.",
    ),
    brand(
        "Zibbity",
        [6, 3],
        (0.65, &[DINING, LIVING, CLOTHING]),
        "Zibbity thinks grown-up things need not be grey.",
    ),
    brand(
        "Quillhaven",
        [7, 0],
        (1.35, &[LIVING, BATH]),
        "Quillhaven takes away until nothing more can go.",
    ),
    brand(
        "Vantorp",
        [0, 2],
        (0.7, &[KITCHEN, DINING, LIVING, BATH]),
        "Vantorp keeps prices low by packing flat and shipping slow.",
    ),
    brand(
        "Lumengrove",
        [3, 6],
        (1.1, &[LIVING, OUTDOOR]),
        "Lumengrove draws every piece by hand first.",
    ),
    brand(
        "Osterfeld & Rye",
        [1, 4],
        (1.0, &[OUTDOOR, CLOTHING]),
        "Osterfeld & Rye mends what it sells, free of charge.",
    ),
    brand(
        "Nimbleroot",
        [6, 1],
        (0.75, &[OUTDOOR, CLOTHING]),
        "Nimbleroot tests everything on real families and real puddles.",
    ),
    brand(
        "Calderwyn",
        [5, 3],
        (1.3, &[BATH, CLOTHING]),
        "Calderwyn weaves on looms older than anyone who works there.",
    ),
    brand(
        "Fennick",
        [2, 1],
        (0.9, &[KITCHEN, OUTDOOR]),
        "Fennick started with a single anvil and has kept it.",
    ),
    brand("Marrowby", [1, 6], (0.6, &[KITCHEN, DINING]), "Marrowby makes kitchens feel lived in."),
    brand(
        "Tarnholt",
        [2, 0],
        (1.5, &[OUTDOOR, CLOTHING]),
        "Tarnholt builds for weather that cancels ferries.",
    ),
    brand(
        "Eskerline",
        [7, 2],
        (1.15, &[KITCHEN, OUTDOOR, CLOTHING]),
        "Eskerline weighs every part, then makes it lighter.",
    ),
    brand(
        "Wrenfold",
        [3, 4],
        (0.9, &[DINING, BATH]),
        "Wrenfold buys from growers it knows by name.",
    ),
    brand(
        "Juniperth",
        [0, 3],
        (1.0, &[BATH, LIVING, CLOTHING]),
        "Juniperth spins, dyes and knits under one roof.",
    ),
    brand(
        "Saltmoor",
        [4, 5],
        (1.2, &[BATH, OUTDOOR, CLOTHING]),
        "Saltmoor has dressed lifeboat crews for three generations.",
    ),
    brand(
        "Kilnworthy",
        [1, 3],
        (1.15, &[DINING, LIVING]),
        "Kilnworthy throws every piece on the wheel, so expect small differences.",
    ),
    brand(
        "Hollinby",
        [5, 7],
        (1.75, &[LIVING, BATH]),
        "Hollinby takes its time and numbers every batch.",
    ),
    brand(
        "Dovrask",
        [2, 4],
        (0.8, &[OUTDOOR, KITCHEN]),
        "Dovrask makes one good version of each thing and leaves it alone.",
    ),
    brand(
        "Beckondale",
        [6, 4],
        (0.85, &[BATH, DINING, KITCHEN]),
        "Beckondale mixes its own colours, a new one each spring.",
    ),
    brand(
        "Tumblefen",
        [6, 0],
        (1.0, &[LIVING, CLOTHING, KITCHEN]),
        "Tumblefen gives one day a week to schools.",
    ),
];

/// Names of collections: short, and no kind of product.
pub static COLLECTIONS: [&str; 144] = [
    "Alder", "Amble", "Anvil", "Arbour", "Ashby", "Aster", "Auk", "Barrow", "Bay", "Beacon",
    "Birch", "Bracken", "Bramble", "Breck", "Briar", "Brook", "Burdock", "Cairn", "Calder", "Carr",
    "Cedar", "Cinder", "Clover", "Coast", "Cobble", "Coppice", "Corrie", "Cove", "Croft", "Curlew",
    "Dale", "Dapple", "Dell", "Drift", "Drover", "Dune", "Eider", "Elm", "Ember", "Fallow",
    "Farrow", "Fathom", "Fell", "Fern", "Field", "Finch", "Fjord", "Flint", "Foxglove", "Furrow",
    "Gable", "Gale", "Garth", "Glade", "Gorse", "Granary", "Grove", "Gully", "Harrow", "Haven",
    "Hawthorn", "Hazel", "Heath", "Heron", "Hollow", "Holm", "Inlet", "Iris", "Islay", "Ivy",
    "Juniper", "Kelp", "Kestrel", "Kite", "Knoll", "Larch", "Lark", "Ledge", "Lichen", "Linden",
    "Ling", "Loch", "Lowland", "Mallow", "Maple", "Marram", "Marsh", "Meadow", "Merrow",
    "Millrace", "Mistral", "Moor", "Nettle", "North", "Oakham", "Orchard", "Osprey", "Otter",
    "Oxbow", "Paddock", "Pebble", "Petrel", "Pier", "Plover", "Quarry", "Quay", "Quill", "Rafter",
    "Reed", "Ridge", "Rowan", "Rush", "Sedge", "Shale", "Shingle", "Shoal", "Skerry", "Sloe",
    "Sorrel", "Spindle", "Spinney", "Spruce", "Stile", "Strand", "Swale", "Tansy", "Tarn",
    "Teasel", "Thicket", "Thistle", "Thorn", "Thyme", "Tide", "Tor", "Vale", "Wharf", "Whin",
    "Willow", "Windle", "Wold", "Wren", "Yarrow", "Yew", "Zephyr",
];
