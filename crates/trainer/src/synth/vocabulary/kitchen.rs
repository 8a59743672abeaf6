//! Kettles, teapots, pans and knives.

use super::materials::{
    ALUMINIUM, BRUSHED_STEEL, CARBON_STEEL, CAST_IRON, COPPER, EARTHENWARE, ENAMEL, PORCELAIN,
    STAINLESS, STONEWARE,
};
use super::{Kind, PriceRange, Season, Type};

pub(super) const KETTLE: Kind = Kind {
    word: "kettle",
    prefix: "KET",
    department: 0,
    category: "Kettles",
    types: [
        Type {
            name: "stovetop kettle",
            category: "Stovetop kettles",
            sizes: &["1.2 L", "1.6 L", "2 L"],
            says: [
                "Works on gas, ceramic and induction hobs, and whistles when it is ready.",
                "The wide base heats fast and the handle stays cool.",
            ],
        },
        Type {
            name: "electric kettle",
            category: "Electric kettles",
            sizes: &["1 L", "1.5 L", "1.7 L"],
            says: [
                "Boils a litre in under three minutes and switches itself off.",
                "Five temperatures cover everything from green tea to a full boil.",
            ],
        },
        Type {
            name: "gooseneck kettle",
            category: "Gooseneck kettles",
            sizes: &["0.6 L", "0.9 L"],
            says: [
                "The slim spout pours slowly and lands exactly where you point it.",
                "Balanced for pour-over coffee, with a thermometer in the lid.",
            ],
        },
    ],
    materials: &[BRUSHED_STEEL, ENAMEL, COPPER],
    uses: [
        "Handsome enough to leave out between cups.",
        "The lid lifts off completely, so descaling takes a minute.",
        "A good first thing to unpack in a new kitchen.",
    ],
    searches: &["kettle", "tea kettle", "coffee kettle"],
    counted: "",
    max_quantity: 1,
    price: PriceRange { median: 62.0, low: 24.0, high: 220.0 },
    season: Season { amplitude: 0.25, peak_day: 118.0 },
    demand: 1.1,
    goes_with: &["mug", "teapot"],
};

pub(super) const TEAPOT: Kind = Kind {
    word: "teapot",
    prefix: "TEA",
    department: 0,
    category: "Teapots",
    types: [
        Type {
            name: "teapot with infuser",
            category: "Teapots with infusers",
            sizes: &["0.6 L", "1 L"],
            says: [
                "The steel infuser lifts out when the tea is strong enough.",
                "Roomy enough for whole leaves to open.",
            ],
        },
        Type {
            name: "family teapot",
            category: "Family teapots",
            sizes: &["1.4 L", "1.8 L"],
            says: [
                "Fills six cups and asks for a second round.",
                "The deep spout does not drip, not even on the last cup.",
            ],
        },
        Type {
            name: "one-cup teapot",
            category: "One-cup teapots",
            sizes: &["0.3 L", "0.4 L"],
            says: [
                "Just enough for one good cup and the refill you deserve.",
                "Small enough for a tray, with a lid that stays put.",
            ],
        },
    ],
    materials: &[STONEWARE, PORCELAIN, CAST_IRON, EARTHENWARE],
    uses: [
        "Keeps tea hot for the length of a proper talk.",
        "The handle has room for a whole hand.",
        "Pours cleanly, which is rarer than it should be.",
    ],
    searches: &["teapot", "tea pot", "tea"],
    counted: "",
    max_quantity: 1,
    price: PriceRange { median: 44.0, low: 16.0, high: 160.0 },
    season: Season { amplitude: 0.4, peak_day: 116.0 },
    demand: 0.8,
    goes_with: &["mug", "kettle", "plate"],
};

pub(super) const PAN: Kind = Kind {
    word: "pan",
    prefix: "PAN",
    department: 0,
    category: "Pans",
    types: [
        Type {
            name: "frying pan",
            category: "Frying pans",
            sizes: &["20 cm", "24 cm", "28 cm"],
            says: [
                "Browns evenly right up to the edge.",
                "Low sides make turning a pancake look easy.",
            ],
        },
        Type {
            name: "saucepan",
            category: "Saucepans",
            sizes: &["1.5 L", "2 L", "3 L"],
            says: [
                "Two pouring lips suit left hands and right hands alike.",
                "Marks on the inside spare you the measuring jug.",
            ],
        },
        Type {
            name: "casserole",
            category: "Casseroles",
            sizes: &["3.5 L", "4.5 L", "6 L"],
            says: [
                "The heavy lid sends every drop back into the pot.",
                "Goes from hob to oven to table without a change of dish.",
            ],
        },
    ],
    materials: &[CAST_IRON, STAINLESS, ENAMEL, ALUMINIUM],
    uses: [
        "Suits every hob, induction included.",
        "Oven safe up to 250 degrees, handle and all.",
        "The riveted handle will not work loose.",
    ],
    searches: &["pan", "cooking pan", "pot"],
    counted: "",
    max_quantity: 2,
    price: PriceRange { median: 74.0, low: 22.0, high: 290.0 },
    season: Season { amplitude: 0.3, peak_day: 112.0 },
    demand: 1.0,
    goes_with: &["knife", "plate"],
};

pub(super) const KNIFE: Kind = Kind {
    word: "knife",
    prefix: "KNI",
    department: 0,
    category: "Knives",
    types: [
        Type {
            name: "chef's knife",
            category: "Chef's knives",
            sizes: &["16 cm", "20 cm"],
            says: [
                "One blade for nine jobs out of ten.",
                "The curve of the edge rocks easily through herbs and onions.",
            ],
        },
        Type {
            name: "paring knife",
            category: "Paring knives",
            sizes: &["8 cm", "9 cm"],
            says: [
                "Short, nimble and at home in the palm of a hand.",
                "Peels, trims and takes the eyes out of potatoes.",
            ],
        },
        Type {
            name: "bread knife",
            category: "Bread knives",
            sizes: &["22 cm", "25 cm"],
            says: [
                "Long teeth go through crust without crushing the crumb.",
                "As good on a ripe tomato as on a sourdough loaf.",
            ],
        },
    ],
    materials: &[CARBON_STEEL, STAINLESS],
    uses: [
        "Ground by hand and easy to sharpen again.",
        "The weight sits in the handle, so long sessions do not tire.",
        "Comes in a sleeve that protects both edge and fingers.",
    ],
    searches: &["knife", "kitchen knife", "sharp knife"],
    counted: "",
    max_quantity: 2,
    price: PriceRange { median: 58.0, low: 14.0, high: 240.0 },
    season: Season { amplitude: 0.15, peak_day: 100.0 },
    demand: 0.8,
    goes_with: &["pan", "bowl"],
};
