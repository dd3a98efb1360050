//! The picture in the README: the demo's tree as the program draws it. `ZONECUT_BLESS=1` draws it anew.

use std::fmt::Write as _;
use std::path::Path;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use zonecut::tui::launch::Surroundings;
use zonecut::tui::theme::Colours;

use super::stage::{Stage, demo, launch};

/// Columns and rows of the picture.
const SIZE: (u16, u16) = (120, 32);
/// The width and height of a cell in the picture's units.
const CELL: (u16, u16) = (8, 17);
/// The colours of a common dark palette; the program names colours and leaves their choice to the terminal.
const PAPER: &str = "#1c1c1c";
const INK: &str = "#d0d0d0";

fn colour(colour: Color, default: &'static str) -> &'static str {
    match colour {
        Color::Black => "#000000",
        Color::Red => "#e06c75",
        Color::Green => "#7fb77e",
        Color::Yellow => "#e5c07b",
        Color::Blue => "#61afef",
        Color::Magenta => "#c678dd",
        Color::Cyan => "#56b6c2",
        Color::Gray => "#abb2bf",
        Color::DarkGray => "#7a8190",
        Color::White => "#ffffff",
        Color::Reset => default,
        other => panic!("{other} is none of the terminal's own colours"),
    }
}

/// How a run of cells looks.
#[derive(PartialEq, Eq)]
struct Look {
    ink: &'static str,
    paper: &'static str,
    bold: bool,
    dim: bool,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        let (ink, paper) = (colour(cell.fg, INK), colour(cell.bg, PAPER));
        let is_reversed = cell.modifier.contains(Modifier::REVERSED);
        Self {
            ink: if is_reversed { paper } else { ink },
            paper: if is_reversed { ink } else { paper },
            bold: cell.modifier.contains(Modifier::BOLD),
            dim: cell.modifier.contains(Modifier::DIM),
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A frame as an SVG picture: a rectangle and a text for each run of cells that look alike.
fn svg(frame: &Buffer) -> String {
    let (width, height) = (frame.area.width * CELL.0, frame.area.height * CELL.1);
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"13\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"{PAPER}\"/>\n"
    );
    for (row, cells) in (0_u16..).zip(frame.content.chunks(usize::from(frame.area.width))) {
        let mut column = 0_u16;
        for run in cells.chunk_by(|a, b| Look::of(a) == Look::of(b)) {
            let text: String = run.iter().map(Cell::symbol).collect();
            draw(&mut picture, &Look::of(&run[0]), (column, row), run.len(), &text);
            column += u16::try_from(run.len()).expect("a row is short");
        }
    }
    picture.push_str("</svg>\n");
    picture
}

fn draw(picture: &mut String, look: &Look, (column, row): (u16, u16), length: usize, text: &str) {
    let (x, y) = (column * CELL.0, row * CELL.1);
    let length = length * usize::from(CELL.0);
    if look.paper != PAPER {
        writeln!(
            picture,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{length}\" height=\"{}\" fill=\"{}\"/>",
            CELL.1, look.paper
        )
        .expect("text");
    }
    if text.trim().is_empty() {
        return;
    }
    let weight = if look.bold { " font-weight=\"bold\"" } else { "" };
    let opacity = if look.dim { " opacity=\"0.75\"" } else { "" };
    writeln!(
        picture,
        "<text x=\"{x}\" y=\"{}\" fill=\"{}\"{weight}{opacity} textLength=\"{length}\" lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\">{}</text>",
        y + CELL.1 - 4,
        look.ink,
        escaped(text)
    )
    .expect("text");
}

#[test]
fn the_picture_of_the_readme_is_what_the_program_draws() {
    let mut launch = launch();
    launch.surroundings = Surroundings {
        colours: Colours::Palette,
        ..launch.surroundings
    };
    let mut stage = Stage::new(demo(), launch, SIZE);
    stage.press("1 j");
    for _ in 0..5 {
        stage.press("}");
    }
    let drawn = svg(&stage.frame());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/tree.svg");
    if std::env::var_os("ZONECUT_BLESS").is_some() {
        std::fs::write(&path, &drawn).expect("written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == drawn, "run with ZONECUT_BLESS=1 to draw assets/tree.svg anew");
}
