//! Marks on findings that are to be mended one after the other. Invariant: only what a write can mend is marked.

use super::{FindingId, Problems};
use crate::model::name::DnsName;
use crate::plan::repair;
use crate::tui::known::Known;

impl Problems {
    /// Marks what is under the cursor, or no longer.
    pub(super) fn toggle_mark(&mut self) {
        let Some(id) = self.selected.clone() else { return };
        if !self.marked.remove(&id) {
            self.marked.insert(id.clone());
        }
        self.anchor = Some(id);
    }

    /// Marks everything from what was marked last to the cursor; says how much of it no write can mend.
    pub(super) fn mark_range(&mut self, known: Known<'_>) -> usize {
        let anchor = self.rows.iter().position(|row| self.id(*row) == self.anchor.as_ref());
        let at = self.cursor.at;
        let (from, to) = anchor.map_or((at, at), |anchor| (anchor.min(at), anchor.max(at)));
        let rows = self.rows.iter().take(to + 1).skip(from);
        let ids: Vec<FindingId> = rows.filter_map(|row| self.id(*row)).cloned().collect();
        let (mendable, others): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| why_not(id, known).is_none());
        self.marked.extend(mendable);
        others.len()
    }

    /// Marks a finding no longer.
    pub fn unmark(&mut self, id: &FindingId) {
        self.marked.remove(id);
    }

    /// Whether a finding is marked.
    pub fn is_marked(&self, id: &FindingId) -> bool {
        self.marked.contains(id)
    }

    /// What is marked and still found, in the order of the list.
    pub fn marked(&self, known: Known<'_>) -> Vec<(FindingId, DnsName)> {
        let causes = self.all.iter().map(|problem| &problem.id);
        let symptoms = self.all.iter().flat_map(|problem| &problem.symptoms);
        let marked = causes.chain(symptoms).filter(|id| self.marked.contains(*id));
        marked
            .filter_map(|id| Some((id.clone(), id.find(known)?.name()?.clone())))
            .collect()
    }

    /// Why what is under the cursor cannot be marked; none where it can, or is.
    pub fn mark_refusal(&self, known: Known<'_>) -> Option<String> {
        let Some(id) = &self.selected else {
            return Some("nothing is selected".to_owned());
        };
        match self.marked.contains(id) {
            true => None,
            false => why_not(id, known),
        }
    }

    /// Why no range can be marked.
    pub fn range_refusal(&self) -> Option<String> {
        let nothing = self.anchor.is_none();
        nothing.then(|| "space marks where it begins; V marks from there to the cursor".to_owned())
    }
}

/// Why no write mends a finding.
fn why_not(id: &FindingId, known: Known<'_>) -> Option<String> {
    let Some(finding) = id.find(known) else {
        return Some("it is no longer found".to_owned());
    };
    let why = repair::mending(finding, known.survey, known.inventory).err()?;
    Some(format!("{}: {why}", id.code()))
}
