//! Jackets, sweaters, beanies and boots.

use super::materials::{
    ALPACA, COTTON, LEATHER, MERINO, RECYCLED_POLYESTER, RECYCLED_WOOL, SUEDE, WAXED_COTTON, WOOL,
};
use super::{Kind, PriceRange, Season, Type};

pub(super) const JACKET: Kind = Kind {
    word: "jacket",
    prefix: "JAC",
    department: 5,
    category: "Jackets",
    types: [
        Type {
            name: "rain jacket",
            category: "Rain jackets",
            sizes: &[],
            says: [
                "Keeps out the sort of rain that comes from the side.",
                "The hood turns with your head, so you can see the road.",
            ],
        },
        Type {
            name: "field jacket",
            category: "Field jackets",
            sizes: &[],
            says: [
                "Four deep pockets carry more than a small bag would.",
                "The cord collar turns up against the wind.",
            ],
        },
        Type {
            name: "quilted jacket",
            category: "Quilted jackets",
            sizes: &[],
            says: [
                "Light padding that takes you from September to April.",
                "Thin enough to wear under a coat, smart enough to wear alone.",
            ],
        },
    ],
    materials: &[WAXED_COTTON, RECYCLED_POLYESTER, COTTON],
    uses: [
        "Cut with room for a jumper underneath.",
        "True to size, with sleeves that are long enough.",
        "The two-way zip makes sitting and cycling easier.",
    ],
    searches: &["jacket", "rain jacket", "coat"],
    counted: "",
    max_quantity: 1,
    price: PriceRange { median: 148.0, low: 49.0, high: 520.0 },
    season: Season { amplitude: 0.65, peak_day: 108.0 },
    demand: 1.1,
    goes_with: &["boots", "beanie"],
};

pub(super) const SWEATER: Kind = Kind {
    word: "sweater",
    prefix: "SWE",
    department: 5,
    category: "Sweaters",
    types: [
        Type {
            name: "crew-neck sweater",
            category: "Crew-neck sweaters",
            sizes: &[],
            says: [
                "A neck that neither gapes nor strangles.",
                "Knitted in one piece, with no seam to rub.",
            ],
        },
        Type {
            name: "roll-neck sweater",
            category: "Roll-neck sweaters",
            sizes: &[],
            says: [
                "The tall collar means you can leave the scarf at home.",
                "Close at the wrists and easy everywhere else.",
            ],
        },
        Type {
            name: "cardigan",
            category: "Cardigans",
            sizes: &[],
            says: [
                "Five horn buttons and two pockets that hold something.",
                "On and off all day, as the weather asks.",
            ],
        },
    ],
    materials: &[WOOL, MERINO, ALPACA, COTTON],
    uses: [
        "Knitted to be worn for years and darned with pride.",
        "Warm without weight.",
        "Relaxed in the body; take your usual size.",
    ],
    searches: &["sweater", "jumper", "wool jumper", "cardigan"],
    counted: "",
    max_quantity: 1,
    price: PriceRange { median: 92.0, low: 34.0, high: 310.0 },
    season: Season { amplitude: 0.7, peak_day: 114.0 },
    demand: 1.2,
    goes_with: &["beanie", "jacket"],
};

pub(super) const BEANIE: Kind = Kind {
    word: "beanie",
    prefix: "BEA",
    department: 5,
    category: "Hats",
    types: [
        Type {
            name: "ribbed beanie",
            category: "Ribbed beanies",
            sizes: &[],
            says: [
                "Stretches to fit and springs back to shape.",
                "Turn the cuff up once or twice; both look right.",
            ],
        },
        Type {
            name: "bobble hat",
            category: "Bobble hats",
            sizes: &[],
            says: [
                "The bobble comes off for washing and, if you must, for work.",
                "Lined with fleece, for ears that feel the cold.",
            ],
        },
        Type {
            name: "fisherman beanie",
            category: "Fisherman beanies",
            sizes: &[],
            says: [
                "Sits above the ears, the way it does at the harbour.",
                "Short, dense and windproof.",
            ],
        },
    ],
    materials: &[MERINO, WOOL, RECYCLED_WOOL, COTTON],
    uses: [
        "Fits in a coat pocket until the wind turns.",
        "One size, and a kind one.",
        "Soft on the forehead, where it matters.",
    ],
    searches: &["beanie", "hat", "wool hat"],
    counted: "",
    max_quantity: 2,
    price: PriceRange { median: 28.0, low: 10.0, high: 78.0 },
    season: Season { amplitude: 0.8, peak_day: 119.0 },
    demand: 1.0,
    goes_with: &["sweater", "jacket"],
};

pub(super) const BOOTS: Kind = Kind {
    word: "boots",
    prefix: "BOO",
    department: 5,
    category: "Boots",
    types: [
        Type {
            name: "hiking boots",
            category: "Hiking boots",
            sizes: &[],
            says: [
                "The sole grips on wet rock and can be replaced when it no longer does.",
                "Padded at the ankle and roomy at the toes.",
            ],
        },
        Type {
            name: "Chelsea boots",
            category: "Chelsea boots",
            sizes: &[],
            says: [
                "Pull them on by the tab and be gone.",
                "The elastic sides hold their shape for years.",
            ],
        },
        Type {
            name: "winter boots",
            category: "Winter boots",
            sizes: &[],
            says: [
                "Lined with wool and rated for twenty below.",
                "The high shaft keeps snow and puddles out.",
            ],
        },
    ],
    materials: &[LEATHER, SUEDE],
    uses: [
        "Stitched and not glued, so that a cobbler can help.",
        "Comfortable after one walk, yours after three.",
        "They run slightly large, which leaves room for thick socks.",
    ],
    searches: &["boots", "walking boots", "shoes"],
    counted: "pair of ",
    max_quantity: 1,
    price: PriceRange { median: 154.0, low: 59.0, high: 480.0 },
    season: Season { amplitude: 0.6, peak_day: 110.0 },
    demand: 1.0,
    goes_with: &["jacket", "sweater"],
};
