//! The only clock of the module: it times the stages of a slate for those who ask for a trace.

use crate::explain::{Left, Stage, Tracer, Watch};
use crate::types::Source;
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

/// Writes down what each stage left and how long it took.
pub(super) struct Timed {
    tracer: Tracer,
    last: Cell<f64>,
    times: RefCell<Vec<f64>>,
}

impl Timed {
    /// Begins now.
    pub(super) fn start() -> Self {
        Self { tracer: Tracer::default(), last: Cell::new(now()), times: RefCell::default() }
    }

    pub(super) fn tracer(&self) -> &Tracer {
        &self.tracer
    }

    /// Milliseconds of each stage.
    pub(super) fn times(&self) -> Vec<f64> {
        self.times.borrow().clone()
    }
}

impl Watch for Timed {
    fn after(&self, stage: Stage, by: Option<Source>, left: Left<'_>) {
        let end = now();
        self.times.borrow_mut().push(end - self.last.get());
        self.tracer.after(stage, by, left);
        // What writing it down took is nobody's time.
        self.last.set(now());
    }
}
