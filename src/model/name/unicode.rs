//! The U-label form of a name, given only where it cannot deceive.
//!
//! The A-label form stays the primary one everywhere; this one may stand beside it in parentheses.

use icu_properties::CodePointMapData;
use icu_properties::props::Script;

use super::DnsName;

impl DnsName {
    /// The name with its A-labels decoded, if every one is valid IDNA2008 and of a single script.
    ///
    /// None where the name has no A-label, where one is invalid, or where scripts are mixed within a label.
    pub fn unicode(&self) -> Option<String> {
        let mut decoded = false;
        let mut labels = Vec::with_capacity(self.label_count());
        for label in self.labels() {
            let text = std::str::from_utf8(label).ok()?;
            if !text.starts_with("xn--") {
                labels.push(self::DnsName::from_labels([label]).ok()?.to_string());
                continue;
            }
            let (unicode, valid) = idna::domain_to_unicode(text);
            valid.ok()?;
            let round_trip = idna::domain_to_ascii_strict(&unicode).ok()?;
            if round_trip != text || unicode.is_ascii() || !is_single_script(&unicode) {
                return None;
            }
            decoded = true;
            labels.push(unicode);
        }
        decoded.then(|| labels.join("."))
    }
}

fn is_single_script(label: &str) -> bool {
    let scripts = CodePointMapData::<Script>::new();
    let mut seen = None;
    label.chars().all(|c| match scripts.get(c) {
        Script::Common | Script::Inherited => true,
        // Japanese is written in three scripts at once.
        Script::Han | Script::Hiragana | Script::Katakana => *seen.get_or_insert(Script::Han) == Script::Han,
        script => *seen.get_or_insert(script) == script,
    })
}
