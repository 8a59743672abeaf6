use super::Engine;
use crate::explore::Newcomers;
use crate::model::Model;

impl Engine {
    /// Changes the model while it serves: items may be added and updated. What was found out
    /// of it before, the items that rules speak of and what is new, is found out again.
    pub fn change<T>(&mut self, change: impl FnOnce(&mut Model) -> T) -> T {
        let made = change(&mut self.model);
        self.newcomers = Newcomers::of(&self.model);
        self.rules.refresh(&self.model);
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::CodeWidth;
    use crate::model::{
        Encoder, FactorParts, InterestRule, LexiconParts, ModelParts, NewItem, write,
    };
    use crate::session::Session;
    use crate::types::{Placement, Request, Signal};

    /// Three items along three axes; the word `mug` points where the second is.
    fn engine() -> Engine {
        let axis = |at: usize| (0..16).map(move |other| if other == at { 7 } else { 0 });
        let parts = ModelParts {
            items: ["a", "b", "c"].map(str::to_owned).to_vec(),
            popularity: vec![3.0, 2.5, 2.0],
            factors: Some(FactorParts {
                dim: 16,
                width: CodeWidth::Four,
                codes: (0..3).flat_map(axis).collect(),
                lengths: None,
                biases: vec![0.0; 3],
                interest: InterestRule::Attention(Encoder {
                    temperature: 8.0,
                    ..Encoder::flat(4, 16)
                }),
            }),
            lexicon: Some(LexiconParts {
                features: vec!["amug".to_owned()],
                weights: vec![1.0],
                width: CodeWidth::Four,
                codes: axis(1).collect(),
                lengths: vec![1.0],
            }),
            ..ModelParts::default()
        };
        Engine::load(&write(&parts).unwrap()).unwrap()
    }

    fn ids(engine: &Engine, request: &Request) -> Vec<String> {
        let slate = engine.recommend(&Session::new(), request);
        slate.items.iter().map(|one| engine.model().item_id(one.item).to_owned()).collect()
    }

    #[test]
    fn a_stranger_who_searches_sees_what_the_words_speak_of() {
        let engine = engine();
        assert_eq!(ids(&engine, &Request::default()), ["a", "b", "c"]);
        let request = Request { query: Some("mug".to_owned()), ..Request::default() };
        assert_eq!(ids(&engine, &request), ["b", "a", "c"]);
        let best = engine.recommend(&Session::new(), &request).items.swap_remove(0);
        assert!(best.contributions.iter().any(|part| part.signal == Signal::Query));
        let popular = Request { placement: Placement::Popular, ..request };
        assert_eq!(ids(&engine, &popular), ["a", "b", "c"], "popular is whatever the session");
    }

    #[test]
    fn what_is_added_is_new_at_once_and_ranked_by_its_words() {
        let mut engine = engine();
        let mug = NewItem { id: "m".into(), title: "A mug".into(), ..NewItem::default() };
        let item = engine.change(|model| model.add(&mug)).unwrap();
        assert_eq!(engine.newcomers.items(), [item]);
        let page = engine.model().item_ix("b");
        let request = Request { placement: Placement::Related, item: page, ..Request::default() };
        assert_eq!(ids(&engine, &request)[0], "m", "the nearest to the page");
    }
}
