//! Tents, backpacks, flasks and lanterns.

use super::materials::{
    ALUMINIUM, BRASS, BRUSHED_STEEL, CANVAS, COTTON, ENAMEL, RECYCLED_POLYESTER, RIPSTOP, STAINLESS,
};
use super::{Kind, PriceRange, Season, Type};

pub(super) const TENT: Kind = Kind {
    word: "tent",
    prefix: "TEN",
    department: 4,
    category: "Tents",
    types: [
        Type {
            name: "trekking tent",
            category: "Trekking tents",
            sizes: &["1 person", "2 people"],
            says: [
                "Goes up in four minutes with two poles and no argument.",
                "Weighs less than two kilos in its sack.",
            ],
        },
        Type {
            name: "family tent",
            category: "Family tents",
            sizes: &["4 people", "6 people"],
            says: [
                "Tall enough to stand up and get dressed in.",
                "Two bedrooms and a porch, so that boots stay out and children stay in.",
            ],
        },
        Type {
            name: "bell tent",
            category: "Bell tents",
            sizes: &["4 m", "5 m"],
            says: [
                "One pole, one peak and room for a small dance.",
                "Roll up the walls on warm nights and let the breeze through.",
            ],
        },
    ],
    materials: &[RIPSTOP, RECYCLED_POLYESTER, COTTON],
    uses: [
        "Taped seams keep the rain where it is.",
        "Comes with pegs, lines and a repair kit.",
        "Mesh windows let the air in and the midges wonder.",
    ],
    searches: &["tent", "camping tent", "camping"],
    counted: "",
    max_quantity: 1,
    price: PriceRange { median: 245.0, low: 79.0, high: 900.0 },
    season: Season { amplitude: 0.8, peak_day: 4.0 },
    demand: 0.8,
    goes_with: &["lantern", "backpack"],
};

pub(super) const BACKPACK: Kind = Kind {
    word: "backpack",
    prefix: "BAC",
    department: 4,
    category: "Backpacks",
    types: [
        Type {
            name: "day pack",
            category: "Day packs",
            sizes: &["18 L", "22 L"],
            says: [
                "Holds lunch, a layer and the map you will not need.",
                "The padded back keeps a flask from digging in.",
            ],
        },
        Type {
            name: "hiking backpack",
            category: "Hiking backpacks",
            sizes: &["35 L", "45 L", "60 L"],
            says: [
                "The hip belt carries the load, so that shoulders need not.",
                "Opens at the bottom too, where the dry socks always are.",
            ],
        },
        Type {
            name: "roll-top backpack",
            category: "Roll-top backpacks",
            sizes: &["20 L", "26 L"],
            says: [
                "Rolls shut against the rain and open for the shopping.",
                "The laptop sleeve hangs clear of the ground.",
            ],
        },
    ],
    materials: &[CANVAS, RIPSTOP, RECYCLED_POLYESTER],
    uses: [
        "Every strap can be replaced, and every zip as well.",
        "Side pockets fit a one-litre bottle.",
        "Works as well on a bicycle as on a hill.",
    ],
    searches: &["backpack", "rucksack", "hiking backpack"],
    counted: "",
    max_quantity: 1,
    price: PriceRange { median: 98.0, low: 32.0, high: 340.0 },
    season: Season { amplitude: 0.45, peak_day: 28.0 },
    demand: 1.1,
    goes_with: &["flask", "jacket"],
};

pub(super) const FLASK: Kind = Kind {
    word: "flask",
    prefix: "FLA",
    department: 4,
    category: "Flasks & Bottles",
    types: [
        Type {
            name: "vacuum flask",
            category: "Vacuum flasks",
            sizes: &["0.5 L", "0.75 L", "1 L"],
            says: [
                "Keeps tea hot for twelve hours and water cold for a whole day.",
                "The lid is also the cup.",
            ],
        },
        Type {
            name: "drinking bottle",
            category: "Drinking bottles",
            sizes: &["0.6 L", "1 L"],
            says: [
                "Wide at the neck, so ice and a bottle brush both fit.",
                "Light, leakproof and ready for a rucksack pocket.",
            ],
        },
        Type {
            name: "travel cup",
            category: "Travel cups",
            sizes: &["300 ml", "450 ml"],
            says: [
                "Fits under the coffee machine and into the cup holder.",
                "Opens with one hand and closes with a click you can trust.",
            ],
        },
    ],
    materials: &[STAINLESS, BRUSHED_STEEL, ALUMINIUM],
    uses: [
        "Does not sweat, leak or rattle.",
        "Spare seals are sold for pennies.",
        "Comes back from every trip with a story and a dent.",
    ],
    searches: &["flask", "water bottle", "thermos flask", "bottle"],
    counted: "",
    max_quantity: 2,
    price: PriceRange { median: 29.0, low: 10.0, high: 80.0 },
    season: Season { amplitude: 0.25, peak_day: 20.0 },
    demand: 1.2,
    goes_with: &["backpack", "beanie"],
};

pub(super) const LANTERN: Kind = Kind {
    word: "lantern",
    prefix: "LAN",
    department: 4,
    category: "Lanterns",
    types: [
        Type {
            name: "camping lantern",
            category: "Camping lanterns",
            sizes: &["18 cm", "22 cm"],
            says: [
                "Charges by cable or by sun and lights a tent for thirty hours.",
                "Hangs from a hook, a branch or a thumb.",
            ],
        },
        Type {
            name: "candle lantern",
            category: "Candle lanterns",
            sizes: &["25 cm", "35 cm"],
            says: [
                "Four panes keep the wind off the flame.",
                "The door opens wide, so lighting it takes one match.",
            ],
        },
        Type {
            name: "garden lantern",
            category: "Garden lanterns",
            sizes: &["40 cm", "55 cm"],
            says: [
                "Marks the path home on long evenings.",
                "Stands out all year and does not mind.",
            ],
        },
    ],
    materials: &[BRUSHED_STEEL, ENAMEL, BRASS],
    uses: [
        "Gives a warm light that moths seem to ignore.",
        "Just as welcome on a balcony as at a campsite.",
        "The handle folds flat for packing.",
    ],
    searches: &["lantern", "camping light", "garden light"],
    counted: "",
    max_quantity: 3,
    price: PriceRange { median: 42.0, low: 14.0, high: 150.0 },
    season: Season { amplitude: 0.4, peak_day: 48.0 },
    demand: 0.8,
    goes_with: &["tent", "blanket"],
};
