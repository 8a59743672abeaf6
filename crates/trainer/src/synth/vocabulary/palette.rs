//! Colours, and the styles that choose among them.

/// A colour as the shop names and the storefront draws it.
#[derive(Debug)]
pub struct Colour {
    /// As it stands in a title: `Sage`.
    pub name: &'static str,
    /// Hue in degrees, 0 to 359.
    pub hue: u16,
    /// Saturation in percent.
    pub saturation: u8,
    /// Lightness in percent.
    pub lightness: u8,
    /// Which of the six families it belongs to; shoppers love one.
    pub family: usize,
}

const fn colour(name: &'static str, hsl: (u16, u8, u8), family: usize) -> Colour {
    Colour { name, hue: hsl.0, saturation: hsl.1, lightness: hsl.2, family }
}

/// Names of the colour families.
pub const FAMILIES: [&str; 6] =
    ["light neutrals", "dark neutrals", "blues", "greens", "reds and pinks", "yellows and violets"];

/// Every colour the shop sells.
pub static COLOURS: [Colour; 20] = [
    colour("Chalk", (42, 18, 92), 0),
    colour("Oatmeal", (38, 30, 80), 0),
    colour("Sand", (36, 40, 71), 0),
    colour("Dove Grey", (220, 6, 72), 0),
    colour("Slate", (210, 12, 42), 1),
    colour("Charcoal", (220, 8, 25), 1),
    colour("Walnut", (24, 38, 28), 1),
    colour("Sky Blue", (204, 60, 74), 2),
    colour("Sea Blue", (199, 48, 48), 2),
    colour("Navy", (222, 50, 25), 2),
    colour("Sage", (110, 18, 62), 3),
    colour("Moss", (84, 30, 36), 3),
    colour("Pine", (156, 40, 25), 3),
    colour("Blush", (10, 52, 82), 4),
    colour("Terracotta", (16, 55, 52), 4),
    colour("Brick", (8, 52, 42), 4),
    colour("Berry", (335, 50, 38), 4),
    colour("Mustard", (44, 75, 52), 5),
    colour("Lavender", (265, 30, 72), 5),
    colour("Plum", (310, 30, 30), 5),
];

/// How many styles there are.
pub const N_STYLES: usize = 8;

/// A style: the cluster that tastes and brands are made of.
#[derive(Debug)]
pub struct Style {
    /// Its name, also an attribute in the catalogue.
    pub name: &'static str,
    /// Words for the first sentence of a description.
    pub adjectives: [&'static str; 5],
    /// Positions in [`COLOURS`], the commonest first.
    pub palette: [usize; 6],
    /// A sentence that may close a description.
    pub close: &'static str,
}

/// Every style.
pub static STYLES: [Style; N_STYLES] = [
    Style {
        name: "nordic",
        adjectives: ["calm", "clean-lined", "fresh", "unfussy", "soft-edged"],
        palette: [0, 3, 7, 1, 10, 4],
        close: "At its best in plain daylight.",
    },
    Style {
        name: "rustic",
        adjectives: ["sturdy", "honest", "down-to-earth", "country", "rugged"],
        palette: [2, 14, 11, 6, 1, 15],
        close: "Made to be used hard, and to look the better for it.",
    },
    Style {
        name: "industrial",
        adjectives: ["workshop-tough", "no-nonsense", "hard-wearing", "practical", "plain-spoken"],
        palette: [5, 4, 3, 6, 9, 15],
        close: "Nothing on it is there for show.",
    },
    Style {
        name: "botanical",
        adjectives: ["gentle", "graceful", "delicate", "softly coloured", "meadow-bright"],
        palette: [12, 10, 11, 13, 18, 0],
        close: "In colours borrowed from the hedgerow.",
    },
    Style {
        name: "coastal",
        adjectives: ["breezy", "sunny", "easygoing", "relaxed", "carefree"],
        palette: [8, 9, 7, 0, 2, 13],
        close: "A little of the seaside, even in the middle of town.",
    },
    Style {
        name: "heritage",
        adjectives: ["timeless", "traditional", "refined", "handsome", "old-school"],
        palette: [9, 12, 15, 19, 6, 17],
        close: "Drawn from patterns that have earned their keep for a century.",
    },
    Style {
        name: "playful",
        adjectives: ["cheerful", "bold", "bright", "light-hearted", "chunky"],
        palette: [17, 16, 8, 13, 18, 14],
        close: "Guaranteed to start a conversation.",
    },
    Style {
        name: "minimal",
        adjectives: ["pared-back", "quiet", "streamlined", "understated", "precise"],
        palette: [0, 5, 3, 4, 2, 1],
        close: "Less of everything, done properly.",
    },
];
