//! Lamps, cushions, vases and candles.

use super::materials::{
    BEESWAX, BRASS, COTTON, EARTHENWARE, GLASS, LINEN, OAK, PAPER, RAPESEED_WAX, RECYCLED_GLASS,
    RECYCLED_WOOL, SOY_WAX, STONEWARE, VELVET,
};
use super::{Kind, PriceRange, Season, Type};

pub(super) const LAMP: Kind = Kind {
    word: "lamp",
    prefix: "LAM",
    department: 2,
    category: "Lamps",
    types: [
        Type {
            name: "table lamp",
            category: "Table lamps",
            sizes: &["38 cm", "46 cm"],
            says: [
                "Throws a warm pool of light, just wide enough for a book.",
                "The switch is on the cord, where a sleepy hand finds it.",
            ],
        },
        Type {
            name: "floor lamp",
            category: "Floor lamps",
            sizes: &["145 cm", "160 cm"],
            says: [
                "Stands behind an armchair and leans in when you read.",
                "The weighted foot keeps it upright around children and dogs.",
            ],
        },
        Type {
            name: "pendant lamp",
            category: "Pendant lamps",
            sizes: &["30 cm", "40 cm"],
            says: [
                "Hangs low over a table and keeps the glare out of your eyes.",
                "Comes with two metres of cable and a plain ceiling rose.",
            ],
        },
    ],
    materials: &[BRASS, OAK, PAPER, STONEWARE],
    uses: [
        "Takes an ordinary E27 bulb, which is included.",
        "Dimmable with any bulb that dims.",
        "Makes a room look finished after dark.",
    ],
    searches: &["lamp", "reading lamp", "light"],
    counted: "",
    max_quantity: 2,
    price: PriceRange { median: 96.0, low: 29.0, high: 380.0 },
    season: Season { amplitude: 0.45, peak_day: 112.0 },
    demand: 1.0,
    goes_with: &["cushion", "candle"],
};

pub(super) const CUSHION: Kind = Kind {
    word: "cushion",
    prefix: "CUS",
    department: 2,
    category: "Cushions",
    types: [
        Type {
            name: "scatter cushion",
            category: "Scatter cushions",
            sizes: &["45 cm", "50 cm"],
            says: [
                "Plump, square and ready for the good end of the sofa.",
                "The hidden zip lets the cover off for washing.",
            ],
        },
        Type {
            name: "bolster cushion",
            category: "Bolster cushions",
            sizes: &["50 cm", "60 cm"],
            says: [
                "Supports a neck at one end of the sofa and a knee at the other.",
                "Piped by hand along both ends.",
            ],
        },
        Type {
            name: "floor cushion",
            category: "Floor cushions",
            sizes: &["60 cm", "70 cm"],
            says: [
                "Firm enough to sit on through a whole film.",
                "A strap on the side makes it easy to carry outside.",
            ],
        },
    ],
    materials: &[LINEN, COTTON, VELVET, RECYCLED_WOOL],
    uses: [
        "Filled with feather and recycled fibre.",
        "The quickest way to change a room.",
        "Pairs well with a throw in a different weave.",
    ],
    searches: &["cushion", "sofa cushion", "cushions"],
    counted: "",
    max_quantity: 4,
    price: PriceRange { median: 36.0, low: 12.0, high: 130.0 },
    season: Season { amplitude: 0.2, peak_day: 105.0 },
    demand: 1.2,
    goes_with: &["blanket", "lamp"],
};

pub(super) const VASE: Kind = Kind {
    word: "vase",
    prefix: "VAS",
    department: 2,
    category: "Vases",
    types: [
        Type {
            name: "bud vase",
            category: "Bud vases",
            sizes: &["10 cm", "14 cm"],
            says: [
                "Needs one stem and no talent.",
                "Line up three along a window sill and call it done.",
            ],
        },
        Type {
            name: "bouquet vase",
            category: "Bouquet vases",
            sizes: &["22 cm", "28 cm"],
            says: [
                "The narrow waist gathers a loose bunch into a proper bouquet.",
                "Wide enough for a market armful of tulips.",
            ],
        },
        Type {
            name: "floor vase",
            category: "Floor vases",
            sizes: &["45 cm", "60 cm"],
            says: [
                "Made for tall branches, dried grasses or nothing at all.",
                "Fills an empty corner all by itself.",
            ],
        },
    ],
    materials: &[STONEWARE, GLASS, EARTHENWARE, RECYCLED_GLASS],
    uses: [
        "Watertight, and steady on its feet.",
        "Lovely with flowers and not at all sad without.",
        "Felt pads underneath look after the furniture.",
    ],
    searches: &["vase", "flower vase", "vases"],
    counted: "",
    max_quantity: 3,
    price: PriceRange { median: 34.0, low: 9.0, high: 170.0 },
    season: Season { amplitude: 0.35, peak_day: 8.0 },
    demand: 0.9,
    goes_with: &["candle", "lamp"],
};

pub(super) const CANDLE: Kind = Kind {
    word: "candle",
    prefix: "CAN",
    department: 2,
    category: "Candles",
    types: [
        Type {
            name: "scented candle",
            category: "Scented candles",
            sizes: &["180 g", "220 g", "400 g"],
            says: [
                "Smells of fig leaf and cedar, and knows when to stop.",
                "Burns for forty hours and leaves you a useful jar.",
            ],
        },
        Type {
            name: "pillar candle",
            category: "Pillar candles",
            sizes: &["12 cm", "15 cm", "20 cm"],
            says: ["Stands by itself on any plate.", "Hollows slowly and glows from the inside."],
        },
        Type {
            name: "dinner candle",
            category: "Dinner candles",
            sizes: &["25 cm", "30 cm"],
            says: ["Tapers to fit every holder you own.", "Drip-free, so the tablecloth can stay."],
        },
    ],
    materials: &[SOY_WAX, BEESWAX, RAPESEED_WAX],
    uses: [
        "Dinner tastes better beside one.",
        "The cotton wick burns clean and quiet.",
        "Keeps well in a drawer for unexpected guests.",
    ],
    searches: &["candle", "candles", "scented candle"],
    counted: "",
    max_quantity: 4,
    price: PriceRange { median: 18.0, low: 5.0, high: 64.0 },
    season: Season { amplitude: 0.6, peak_day: 118.0 },
    demand: 1.2,
    goes_with: &["vase", "soap"],
};
