//! Towels, blankets, pillowcases and soap.

use super::materials::{
    ALPACA, BAMBOO, BEECH, COTTON, LINEN, PORCELAIN, RECYCLED_GLASS, RECYCLED_WOOL, STONEWARE,
    WAFFLE, WOOL,
};
use super::{Kind, PriceRange, Season, Type};

pub(super) const TOWEL: Kind = Kind {
    word: "towel",
    prefix: "TOW",
    department: 3,
    category: "Towels",
    types: [
        Type {
            name: "bath towel",
            category: "Bath towels",
            sizes: &["70 × 140 cm", "90 × 150 cm"],
            says: [
                "Wraps all the way round, with some to spare.",
                "Drinks up water and gives it back to the air just as quickly.",
            ],
        },
        Type {
            name: "hand towel",
            category: "Hand towels",
            sizes: &["40 × 70 cm", "50 × 90 cm"],
            says: [
                "Hangs neatly from the loop at its corner.",
                "Soft from the first wash, and after the fiftieth.",
            ],
        },
        Type {
            name: "beach towel",
            category: "Beach towels",
            sizes: &["90 × 170 cm", "100 × 180 cm"],
            says: ["Sheds sand with one good shake.", "Rolls up no thicker than a loaf of bread."],
        },
    ],
    materials: &[COTTON, WAFFLE, LINEN],
    uses: [
        "Woven with a double edge that does not fray.",
        "Thick enough for comfort, thin enough to dry overnight.",
        "Holds its colour wash after wash.",
    ],
    searches: &["towel", "bath towel", "towels"],
    counted: "",
    max_quantity: 4,
    price: PriceRange { median: 24.0, low: 8.0, high: 80.0 },
    season: Season { amplitude: 0.4, peak_day: 6.0 },
    demand: 1.2,
    goes_with: &["soap", "pillow"],
};

pub(super) const BLANKET: Kind = Kind {
    word: "blanket",
    prefix: "BLA",
    department: 3,
    category: "Blankets",
    types: [
        Type {
            name: "sofa throw",
            category: "Sofa throws",
            sizes: &["130 × 170 cm", "140 × 180 cm"],
            says: [
                "Long enough to cover feet and shoulders at the same time.",
                "The fringe is twisted by hand, knot by knot.",
            ],
        },
        Type {
            name: "bed blanket",
            category: "Bed blankets",
            sizes: &["180 × 220 cm", "220 × 240 cm"],
            says: [
                "Adds a layer of warmth without adding much weight.",
                "Bound at the edges so that it lies flat.",
            ],
        },
        Type {
            name: "picnic blanket",
            category: "Picnic blankets",
            sizes: &["140 × 140 cm", "150 × 200 cm"],
            says: [
                "The waterproof back keeps the damp of the meadow out.",
                "Folds into its own handle.",
            ],
        },
    ],
    materials: &[WOOL, RECYCLED_WOOL, ALPACA, COTTON],
    uses: [
        "Warm on the sofa, on the terrace and in the car.",
        "The sort of thing that gets handed down.",
        "Brushed twice for a soft, even pile.",
    ],
    searches: &["blanket", "throw", "wool blanket"],
    counted: "",
    max_quantity: 2,
    price: PriceRange { median: 84.0, low: 25.0, high: 320.0 },
    season: Season { amplitude: 0.7, peak_day: 119.0 },
    demand: 1.0,
    goes_with: &["cushion", "pillow"],
};

pub(super) const PILLOW: Kind = Kind {
    word: "pillow",
    prefix: "PIL",
    department: 3,
    category: "Pillows",
    types: [
        Type {
            name: "pillowcase",
            category: "Pillowcases",
            sizes: &["50 × 75 cm", "80 × 80 cm"],
            says: [
                "The deep fold at the end keeps the pillow in its place.",
                "Cool on the warm side and warm on the cold one.",
            ],
        },
        Type {
            name: "bed pillow",
            category: "Bed pillows",
            sizes: &["50 × 75 cm", "40 × 80 cm"],
            says: [
                "Medium-firm, for people who turn over in the night.",
                "Springs back into shape after one shake.",
            ],
        },
        Type {
            name: "travel pillow",
            category: "Travel pillows",
            sizes: &["30 × 40 cm"],
            says: [
                "Small enough for hand luggage, big enough for sleep.",
                "Packs into a pouch with room for an eye mask.",
            ],
        },
    ],
    materials: &[COTTON, LINEN],
    uses: [
        "Sleeps well in every season.",
        "Free of anything that itches.",
        "Mix two colours for a bed that looks made even when it is not.",
    ],
    searches: &["pillow", "bed pillow", "pillowcase"],
    counted: "",
    max_quantity: 4,
    price: PriceRange { median: 32.0, low: 10.0, high: 120.0 },
    season: Season { amplitude: 0.1, peak_day: 90.0 },
    demand: 0.9,
    goes_with: &["blanket", "towel"],
};

pub(super) const SOAP: Kind = Kind {
    word: "soap",
    prefix: "SOA",
    department: 3,
    category: "Soap & Dispensers",
    types: [
        Type {
            name: "soap dispenser",
            category: "Soap dispensers",
            sizes: &["250 ml", "400 ml"],
            says: [
                "The pump gives just enough and never clogs.",
                "Fill it with whatever you like, as often as you like.",
            ],
        },
        Type {
            name: "soap dish",
            category: "Soap dishes",
            sizes: &["12 cm"],
            says: [
                "Ridges let the bar dry between washes.",
                "Drains into the basin and not on to the shelf.",
            ],
        },
        Type {
            name: "bathroom tumbler",
            category: "Bathroom tumblers",
            sizes: &["300 ml"],
            says: [
                "Holds four toothbrushes without a quarrel.",
                "The tapered base stands firm on a wet shelf.",
            ],
        },
    ],
    materials: &[STONEWARE, RECYCLED_GLASS, BAMBOO, PORCELAIN, BEECH],
    uses: [
        "Makes a small bathroom look thought about.",
        "Smooth all over, so it wipes clean in a second.",
        "A modest thing, used more than almost any other.",
    ],
    searches: &["soap", "soap dispenser", "bathroom set"],
    counted: "",
    max_quantity: 3,
    price: PriceRange { median: 17.0, low: 6.0, high: 55.0 },
    season: Season { amplitude: 0.1, peak_day: 40.0 },
    demand: 0.8,
    goes_with: &["towel", "candle"],
};
