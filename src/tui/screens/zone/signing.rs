//! The signing of a zone: what `GetDNSSEC` says, and the DS record set in the parent.

use ratatui::text::Line;

use super::Opened;
use crate::model::dnssec::{ServeSignature, Signing};
use crate::model::inventory::Reading;
use crate::tui::known::Known;
use crate::tui::screens::detail;
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::widgets::page::Page;

/// The lines of the tab.
pub fn lines(state: &State, known: Known<'_>, opened: &Opened<'_>, width: usize) -> Vec<Line<'static>> {
    let mut page = Page::new(state, known, width);
    let Some(verdict) = opened.verdict else {
        page.text(0, "A private zone is not signed.", Tone::Plain);
        return page.lines;
    };
    page.heading("DS in the parent");
    match verdict.cut.ds.is_empty() {
        true => page.text(2, "none", Tone::Plain),
        false => {
            for ds in &verdict.cut.ds {
                for value in &ds.values {
                    let text = format!(
                        "{} {} {} {}",
                        value.tag, value.algorithm, value.digest_type, value.digest
                    );
                    page.text(2, &text, Tone::Plain);
                }
            }
        }
    }
    page.heading("Keys of the zone");
    match opened.zone.and_then(|(_, entry)| entry.signing.as_ref()) {
        None => page.text(
            2,
            "not read yet (GetDNSSEC is asked for when this tab is opened)",
            Tone::Dim,
        ),
        Some(held) => match &held.reading {
            Reading::Whole(signing) | Reading::Part(signing, _) => keys(&mut page, signing),
            Reading::Failed(problem) => detail::problem_lines(&mut page, problem),
        },
    }
    page.lines
}

fn keys(page: &mut Page<'_>, signing: &Signing) {
    let status = match signing.status {
        ServeSignature::Signing => "signed",
        ServeSignature::NotSigning => "not signed",
        ServeSignature::Unsure => "being changed, or faulty: old signatures may still be served",
    };
    page.text(2, status, Tone::Plain);
    for key in &signing.keys {
        let published = if key.published { "published" } else { "not published" };
        let text = format!(
            "key {}  algorithm {}  {published}  SHA-256 {}",
            key.tag, key.algorithm, key.digest_sha256
        );
        page.text(2, &text, Tone::Plain);
    }
}
