//! What leaves the program: documents with types of their own, and one file per format that writes them.
//!
//! Text from outside reaches a format only as [`Outside`] or already fit to print; [`privacy`] masks what identifies accounts.

pub mod accounts;
pub mod asked;
pub mod basis;
pub mod check;
pub mod columns;
pub mod csv;
pub mod format;
pub mod handover;
pub mod head;
pub mod iam;
pub mod json;
pub mod junit;
pub mod log;
pub mod markdown;
pub mod outside;
pub mod paint;
pub mod plain;
pub mod plan;
pub mod privacy;
pub mod render;
pub mod review;
pub mod same_as;
pub mod sarif;
pub mod scan;
pub mod sets;
pub mod shell;
pub mod table;
pub mod text;
pub mod trace;
pub mod tree;
pub mod who;
pub mod zone;

pub use basis::Basis;
pub use format::{Document, FORMATS, Format, FormatInfo};
pub use outside::Outside;
pub use paint::{Paint, Style};

#[cfg(test)]
mod tests;
