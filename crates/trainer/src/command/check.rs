//! `mercer check`.
