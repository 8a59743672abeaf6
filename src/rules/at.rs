/// Where in the declaration the reader is.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    up: Option<&'a At<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Field(&'a str),
    Index(usize),
}

impl<'a> At<'a> {
    pub(super) fn root(name: &'a str) -> Self {
        Self { up: None, step: Step::Field(name) }
    }

    pub(super) fn field(&'a self, name: &'a str) -> Self {
        Self { up: Some(self), step: Step::Field(name) }
    }

    pub(super) fn index(&'a self, at: usize) -> Self {
        Self { up: Some(self), step: Step::Index(at) }
    }

    /// How many steps it is below the root.
    pub(super) fn depth(&self) -> usize {
        self.up.map_or(0, |up| 1 + up.depth())
    }

    /// The path as a person writes it: `rules[2].where.price`.
    pub(super) fn path(&self) -> String {
        let mut path = self.up.map_or_else(String::new, At::path);
        match self.step {
            Step::Field(name) => {
                if self.up.is_some() {
                    path.push('.');
                }
                path.push_str(shortened(name));
            }
            Step::Index(at) => {
                path.push('[');
                path.push_str(&at.to_string());
                path.push(']');
            }
        }
        path
    }
}

/// A caller's word in a message: its beginning.
pub(super) fn shortened(word: &str) -> &str {
    let end = word.char_indices().nth(40).map_or(word.len(), |(at, _)| at);
    &word[..end]
}

/// The name most like `word`, if one is near enough to be meant.
pub(super) fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = shortened(word).to_ascii_lowercase();
    let near = names.filter(|name| name.len() <= 80).map(|name| (distance(&word, name), name));
    let (distance, name) = near.min()?;
    (distance <= 2 && distance < name.chars().count()).then_some(name)
}

/// How many letters have to be changed, put in or taken out (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_ascii_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, letter) in (1..).zip(a.chars()) {
        let mut diagonal = std::mem::replace(&mut row[0], at);
        for (j, other) in b.iter().enumerate() {
            let change = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_as_in_javascript() {
        let root = At::root("rules");
        let (rule, condition) = (root.index(2), "where");
        let condition = rule.field(condition);
        assert_eq!(
            condition.field("price").field("atLeast").path(),
            "rules[2].where.price.atLeast"
        );
        assert_eq!(condition.depth(), 2);
    }

    #[test]
    fn what_was_meant_is_found() {
        let names = || ["category", "brand", "price"].into_iter();
        assert_eq!(nearest("categroy", names()), Some("category"));
        assert_eq!(nearest("Brand", names()), Some("brand"));
        assert_eq!(nearest("colour", names()), None);
        assert_eq!(nearest("a", ["b"].into_iter()), None);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }
}
