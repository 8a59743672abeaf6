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
