//! Dumb drawing: boxes, rows of cells, the header, the footer. Nothing in here decides anything.

pub mod footer;
pub mod header;
pub mod page;
pub mod pane;
pub mod row;
