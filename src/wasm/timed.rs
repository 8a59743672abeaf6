//! Times the stages of a slate for those who ask for a trace, with the clock they give.

use crate::explain::{Left, Stage, Tracer, Watch};
use crate::types::Source;
use js_sys::Function;
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsValue;

/// Writes down what each stage left and how long it took.
pub(super) struct Timed {
    clock: Option<Function>,
    tracer: Tracer,
    last: Cell<f64>,
    times: RefCell<Vec<f64>>,
}

impl Timed {
    /// Begins now.
    pub(super) fn start(clock: Option<Function>) -> Self {
        let timed = Self {
            clock,
            tracer: Tracer::default(),
            last: Cell::new(0.0),
            times: RefCell::default(),
        };
        timed.last.set(timed.now().unwrap_or(0.0));
        timed
    }

    /// Milliseconds; `None` without a clock, and if it gives none.
    fn now(&self) -> Option<f64> {
        self.clock.as_ref()?.call0(&JsValue::UNDEFINED).ok()?.as_f64()
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
        if let Some(end) = self.now() {
            self.times.borrow_mut().push(end - self.last.get());
        }
        self.tracer.after(stage, by, left);
        // What writing it down took is nobody's time.
        self.last.set(self.now().unwrap_or(0.0));
    }
}
