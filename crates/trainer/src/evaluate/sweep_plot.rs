use super::metrics::name;
use super::sweep::{Level, Sweep};
use std::fmt::Write as _;

/// Width and height of one panel's frame, and the room around it for words.
const FRAME: (f64, f64) = (360.0, 260.0);
const ROOM: (f64, f64) = (80.0, 50.0);
const INK: &str = "#1b1b1b";
const LINE: &str = "#1f6feb";

impl Sweep {
    /// The sweep as a picture: accuracy against variety and against coverage, a dot a level,
    /// as an SVG document.
    pub fn svg(&self) -> String {
        let panels = ["diversity", "coverage"].map(|figure| name(figure, self.at));
        let measured = |name: &&String| self.levels.iter().all(|l| l.metrics.contains_key(*name));
        let panels: Vec<&String> = panels.iter().filter(measured).collect();
        let width = (FRAME.0 + 1.5 * ROOM.0) * count(panels.len());
        let height = FRAME.1 + 2.5 * ROOM.1;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             font-family=\"sans-serif\" font-size=\"12\" fill=\"{INK}\">\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
        );
        for (at, across) in panels.into_iter().enumerate() {
            let left = ROOM.0 + count(at) * (FRAME.0 + 1.5 * ROOM.0);
            let _ = writeln!(svg, "<g transform=\"translate({left} {})\">", ROOM.1);
            self.push_panel(&mut svg, across);
            svg.push_str("</g>\n");
        }
        svg.push_str("</svg>\n");
        svg
    }

    fn push_panel(&self, svg: &mut String, across: &str) {
        let up = name("ndcg", self.at);
        let (x, y) = (Scale::of(&self.levels, across), Scale::of(&self.levels, &up));
        let (width, height) = FRAME;
        let _ = writeln!(
            svg,
            "<rect width=\"{width}\" height=\"{height}\" fill=\"none\" stroke=\"{INK}\"/>\n\
             <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{across}</text>\n\
             <text x=\"0\" y=\"-12\">{up}</text>",
            width / 2.0,
            height + 40.0,
        );
        for part in [0.0, 0.5, 1.0] {
            let (at, down) = (part * width, height - part * height);
            let _ = writeln!(
                svg,
                "<text x=\"{at}\" y=\"{}\" text-anchor=\"middle\">{:.3}</text>\n\
                 <text x=\"-8\" y=\"{}\" text-anchor=\"end\">{:.3}</text>",
                height + 18.0,
                x.value(part),
                down + 4.0,
                y.value(part),
            );
        }
        let place = |level: &Level| {
            let (across, up) = (x.part(level.metrics[across]), y.part(level.metrics[&up]));
            (across * width, height - up * height)
        };
        let points: Vec<String> =
            self.levels.iter().map(place).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let points = points.join(" ");
        let _ = writeln!(svg, "<polyline points=\"{points}\" fill=\"none\" stroke=\"{LINE}\"/>");
        for level in &self.levels {
            let (x, y) = place(level);
            let _ = writeln!(
                svg,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{LINE}\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\">{:.1}</text>",
                x + 5.0,
                y - 5.0,
                level.diversity,
            );
        }
    }
}

/// From the least value of a figure to its greatest.
struct Scale {
    least: f64,
    span: f64,
}

impl Scale {
    fn of(levels: &[Level], figure: &str) -> Self {
        let values = || levels.iter().map(|level| level.metrics[figure]);
        let least = values().fold(f64::INFINITY, f64::min);
        let most = values().fold(f64::NEG_INFINITY, f64::max);
        Self { least, span: (most - least).max(f64::EPSILON) }
    }

    /// Where a value stands, 0 to 1.
    fn part(&self, value: f64) -> f64 {
        (value - self.least) / self.span
    }

    fn value(&self, part: f64) -> f64 {
        self.least + part * self.span
    }
}

#[expect(clippy::cast_precision_loss, reason = "two panels at most")]
fn count(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_a_dot_a_level_and_stays_in_its_frame() {
        let level = |step: u8| {
            let value = f64::from(step) / 10.0;
            let metrics = [("ndcg@9", 0.3 - 0.2 * value), ("diversity@9", value)];
            let metrics = metrics.map(|(name, value)| (name.to_owned(), value)).into();
            Level { diversity: f32::from(step) / 10.0, metrics, intervals: [].into() }
        };
        let levels: Vec<Level> = (0..=10).map(level).collect();
        let svg = Sweep { cases: 7, sessions: 3, at: 9, levels }.svg();
        assert_eq!(svg.matches("<circle").count(), 11, "coverage was not measured");
        let coordinates = svg.split("cx=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        let across: Vec<f64> = coordinates.map(|text| text.parse().unwrap()).collect();
        assert!((across[0] - 0.0).abs() < 0.1 && (across[10] - FRAME.0).abs() < 0.1, "{across:?}");
        assert!(!svg.contains("NaN") && svg.ends_with("</svg>\n"));
    }

    #[test]
    fn a_figure_that_never_moves_is_no_trouble() {
        let level = |diversity| {
            let metrics = [("ndcg@9".to_owned(), 0.2), ("coverage@9".to_owned(), 1.0)].into();
            Level { diversity, metrics, intervals: [].into() }
        };
        let svg =
            Sweep { cases: 1, sessions: 1, at: 9, levels: vec![level(0.0), level(1.0)] }.svg();
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}
