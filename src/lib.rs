//! Mercer: product recommendations inside the shopper's browser.
//!
//! A shop trains one compact model file offline; this engine loads it, keeps what the
//! shopper does in this visit, and ranks. The walk:
//!
//! ```text
//! events ▸ session ▸ interest ▸ eligibility ▸ retrieval ▸ ranking ▸ slate ▸ reasons
//! ```
//!
//! The engine is a function of its arguments: no clock, disk, network, entropy or
//! JavaScript. The same file and the same events give the same slate, natively and in
//! WebAssembly, with and without SIMD, bit for bit.
//!
//! # Examples
//!
//! A slate after one click:
//!
//! ```
//! use mercer::kernels::CodeWidth;
//! use mercer::model::{Encoder, FactorParts, InterestRule, ModelParts, write};
//! use mercer::types::{Event, EventKind, Request};
//! use mercer::{Engine, Session};
//!
//! let mut codes = vec![0; 3 * 16];
//! codes[0] = 7; // mug: along the first axis
//! codes[16] = 7; // kettle: nearly the same direction
//! codes[17] = 2;
//! codes[33] = 7; // tent: another direction
//! let file = write(&ModelParts {
//!     about: "{}".to_owned(),
//!     items: ["kettle", "mug", "tent"].map(str::to_owned).to_vec(),
//!     popularity: vec![1.0, 2.0, 3.0],
//!     factors: Some(FactorParts {
//!         dim: 16,
//!         width: CodeWidth::Four,
//!         codes,
//!         lengths: None,
//!         biases: vec![0.0; 3],
//!         interest: InterestRule::Attention(Encoder::flat(20, 16)),
//!     }),
//!     ..ModelParts::default()
//! })?;
//!
//! let engine = Engine::load(&file)?;
//! let mut session = Session::new();
//! session.observe(Event::new(EventKind::ViewItem, "kettle"))?;
//!
//! let slate = engine.recommend(&session, &Request { count: 1, ..Request::default() });
//! assert_eq!(engine.model().item_id(slate.items[0].item), "mug");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod caller;
pub mod diversity;
mod engine;
pub mod explain;
pub mod explore;
pub use mercer_kernels as kernels;
pub mod model;
pub mod ranking;
pub mod retrieval;
pub mod rng;
pub mod rules;
pub mod session;
pub mod types;
#[cfg(target_arch = "wasm32")]
mod wasm;

pub use engine::{Engine, Tries, Wanted};
pub use session::Session;
