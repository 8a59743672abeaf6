//! Mugs, plates, bowls and glasses.

use super::materials::{
    BAMBOO, EARTHENWARE, ENAMEL, GLASS, PORCELAIN, PRESSED_GLASS, RECYCLED_GLASS, STONEWARE,
};
use super::{Kind, PriceRange, Season, Type};

pub(super) const MUG: Kind = Kind {
    word: "mug",
    prefix: "MUG",
    department: 1,
    category: "Mugs",
    types: [
        Type {
            name: "breakfast mug",
            category: "Breakfast mugs",
            sizes: &["400 ml", "450 ml"],
            says: [
                "Big enough to skip the second trip to the kettle.",
                "The wide handle takes three cold fingers.",
            ],
        },
        Type {
            name: "espresso cup",
            category: "Espresso cups",
            sizes: &["80 ml", "100 ml"],
            says: [
                "Thick walls keep a short coffee hot to the last sip.",
                "Fits under every machine we could find.",
            ],
        },
        Type {
            name: "tea mug",
            category: "Tea mugs",
            sizes: &["300 ml", "350 ml"],
            says: [
                "A thin rim and a round belly, as tea likes it.",
                "Light in the hand, even when it is full.",
            ],
        },
    ],
    materials: &[STONEWARE, PORCELAIN, ENAMEL],
    uses: [
        "Stacks neatly, so six take the space of three.",
        "Soon to be the one everybody reaches for.",
        "Sold singly, because mugs are lost singly.",
    ],
    searches: &["mug", "coffee mug", "tea cup", "cup"],
    counted: "",
    max_quantity: 6,
    price: PriceRange { median: 16.0, low: 6.0, high: 48.0 },
    season: Season { amplitude: 0.35, peak_day: 115.0 },
    demand: 1.6,
    goes_with: &["teapot", "plate", "bowl"],
};

pub(super) const PLATE: Kind = Kind {
    word: "plate",
    prefix: "PLA",
    department: 1,
    category: "Plates",
    types: [
        Type {
            name: "dinner plate",
            category: "Dinner plates",
            sizes: &["26 cm", "28 cm"],
            says: [
                "The raised edge keeps sauce where it belongs.",
                "Wide enough for Sunday, light enough for Monday.",
            ],
        },
        Type {
            name: "side plate",
            category: "Side plates",
            sizes: &["18 cm", "21 cm"],
            says: [
                "For toast, for cake, for the second helping of either.",
                "Matches the dinner plates without copying them.",
            ],
        },
        Type {
            name: "serving platter",
            category: "Serving platters",
            sizes: &["32 cm", "38 cm"],
            says: [
                "Carries a whole roast with room for the trimmings.",
                "Looks as good on the wall as on the table.",
            ],
        },
    ],
    materials: &[STONEWARE, PORCELAIN, EARTHENWARE],
    uses: [
        "Warms in the oven and keeps the heat.",
        "The foot is polished, so it will not mark your table.",
        "Every piece can be bought again on its own.",
    ],
    searches: &["plate", "dinner plate", "plates"],
    counted: "",
    max_quantity: 6,
    price: PriceRange { median: 19.0, low: 7.0, high: 75.0 },
    season: Season { amplitude: 0.2, peak_day: 118.0 },
    demand: 1.1,
    goes_with: &["bowl", "glass"],
};

pub(super) const BOWL: Kind = Kind {
    word: "bowl",
    prefix: "BOW",
    department: 1,
    category: "Bowls",
    types: [
        Type {
            name: "cereal bowl",
            category: "Cereal bowls",
            sizes: &["14 cm", "16 cm"],
            says: [
                "Deep sides hold the milk through the most determined stirring.",
                "The right size for porridge, soup or far too much ice cream.",
            ],
        },
        Type {
            name: "salad bowl",
            category: "Salad bowls",
            sizes: &["24 cm", "28 cm"],
            says: [
                "Broad enough to toss a salad without losing half of it.",
                "Goes straight from the worktop to the middle of the table.",
            ],
        },
        Type {
            name: "mixing bowl",
            category: "Mixing bowls",
            sizes: &["2 L", "3.5 L"],
            says: [
                "A thumb rest and a lip make pouring batter a tidy affair.",
                "Heavy enough to stay where it is while you whisk.",
            ],
        },
    ],
    materials: &[STONEWARE, EARTHENWARE, BAMBOO, PORCELAIN],
    uses: [
        "Nests with its brothers and sisters to save a shelf.",
        "Generous without being bulky.",
        "Useful five times a day.",
    ],
    searches: &["bowl", "serving bowl", "bowls"],
    counted: "",
    max_quantity: 6,
    price: PriceRange { median: 22.0, low: 7.0, high: 85.0 },
    season: Season { amplitude: 0.2, peak_day: 10.0 },
    demand: 1.0,
    goes_with: &["plate", "glass", "mug"],
};

pub(super) const GLASSES: Kind = Kind {
    word: "glass",
    prefix: "GLA",
    department: 1,
    category: "Glasses",
    types: [
        Type {
            name: "tumbler",
            category: "Tumblers",
            sizes: &["250 ml", "330 ml"],
            says: [
                "Good for water, better for lemonade.",
                "A heavy base means fewer spills at a busy table.",
            ],
        },
        Type {
            name: "wine glass",
            category: "Wine glasses",
            sizes: &["350 ml", "450 ml"],
            says: [
                "One shape for red and white, and for everything in between.",
                "A short stem makes it steadier than it looks.",
            ],
        },
        Type {
            name: "carafe",
            category: "Carafes",
            sizes: &["0.75 L", "1 L"],
            says: [
                "Made to be passed around.",
                "The narrow neck keeps ice and lemon back as you pour.",
            ],
        },
    ],
    materials: &[GLASS, PRESSED_GLASS, RECYCLED_GLASS],
    uses: [
        "Catches the light and throws it across the tablecloth.",
        "Pleasant to hold and hard to tip over.",
        "A present that is always the right size.",
    ],
    searches: &["glass", "drinking glass", "glasses"],
    counted: "",
    max_quantity: 6,
    price: PriceRange { median: 14.0, low: 5.0, high: 60.0 },
    season: Season { amplitude: 0.3, peak_day: 12.0 },
    demand: 1.0,
    goes_with: &["plate", "bowl"],
};
