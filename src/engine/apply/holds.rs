//! What the answer of a server of a zone comes to, held against the record set that was written or taken out.
//!
//! Invariant: an answer is as it should be only if all of its records are, with the time that they are kept.

use std::collections::BTreeSet;

use super::expected::Answer;
use crate::model::dns::{Outcome, Question, Record, Reply};
use crate::model::served::ChildServer;
use crate::plan::journal::{Seen, SeenVerdict, Side};

/// What one server says of a record set.
pub(super) fn holds(server: &ChildServer, question: &Question, outcome: &Outcome, wanted: &Answer) -> Seen {
    let seen = |verdict, saying: String| Seen {
        side: Side::Child,
        who: server.name.to_string(),
        verdict,
        saying,
    };
    let what = format!("{} {}", question.name, question.record_type);
    let Outcome::Asked(probe) = outcome else {
        return seen(SeenVerdict::Unknown, "could not be asked from here".to_owned());
    };
    let is_gone = matches!(wanted, Answer::Without(_));
    match &probe.reply {
        Reply::Answer(records) => {
            let (verdict, saying) = answers(&what, records, wanted);
            seen(verdict, saying)
        }
        Reply::NoData(_) | Reply::NoName(_) | Reply::Alias(_) if is_gone => {
            seen(SeenVerdict::Good, format!("has no {what} any more"))
        }
        Reply::NoData(_) | Reply::NoName(_) => seen(SeenVerdict::Other, format!("has no {what} yet")),
        Reply::Alias(_) => seen(SeenVerdict::Other, format!("has an alias where {what} should be")),
        Reply::Referral(_) if is_gone || matches!(wanted, Answer::Again(..)) => seen(
            SeenVerdict::Good,
            "refers to others for the name, as a cut lies above it".to_owned(),
        ),
        Reply::Referral(_) => seen(
            SeenVerdict::Unknown,
            format!("refers to others for the name, so {what} is not to be seen"),
        ),
        _ => seen(SeenVerdict::Unknown, "gives no answer that tells".to_owned()),
    }
}

/// What records come to that are answered.
fn answers(what: &str, records: &[Record], wanted: &Answer) -> (SeenVerdict, String) {
    let data: BTreeSet<Vec<u8>> = records.iter().filter_map(|record| record.data.canonical()).collect();
    let told: Vec<String> = records.iter().map(Record::shown_data).collect();
    let told = told.join(", ");
    match wanted {
        Answer::Exactly(wanted, _) | Answer::Again(wanted, _) if *wanted != data => {
            (SeenVerdict::Other, format!("answers {what}: {told}"))
        }
        Answer::Exactly(_, ttl) | Answer::Again(_, ttl) => match records.iter().find(|record| record.ttl != *ttl) {
            Some(other) => (
                SeenVerdict::Other,
                format!("answers {what} as it should be, to be kept for {} seconds", other.ttl),
            ),
            None => (SeenVerdict::Good, format!("answers {what} as it should be")),
        },
        Answer::Without(old) if *old == data => (SeenVerdict::Other, format!("still answers {what}: {told}")),
        Answer::Without(_) => (
            SeenVerdict::Good,
            format!("no longer answers {what} with what was taken out, but with {told}"),
        ),
        Answer::Some => (SeenVerdict::Good, format!("answers {what}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dns::Rdata;
    use crate::model::name::DnsName;
    use crate::model::record::RecordType;

    fn records(addresses: &[[u8; 4]], ttl: u32) -> Vec<Record> {
        let record = |address: &[u8; 4]| Record {
            owner: DnsName::root(),
            record_type: RecordType::A,
            ttl,
            data: Rdata::A((*address).into()),
        };
        addresses.iter().map(record).collect()
    }

    fn data(addresses: &[[u8; 4]]) -> BTreeSet<Vec<u8>> {
        addresses.iter().map(|address| address.to_vec()).collect()
    }

    const ONE: [u8; 4] = [192, 0, 2, 1];
    const TWO: [u8; 4] = [192, 0, 2, 2];

    #[test]
    fn an_answer_is_good_only_with_all_that_was_written_and_its_time_to_live() {
        let wanted = Answer::Exactly(data(&[ONE, TWO]), 300);
        for (said, ttl, verdict) in [
            (&[ONE, TWO][..], 300, SeenVerdict::Good),
            (&[TWO, ONE], 300, SeenVerdict::Good),
            (&[ONE, TWO], 60, SeenVerdict::Other),
            (&[ONE], 300, SeenVerdict::Other),
            (&[ONE, TWO, [192, 0, 2, 3]], 300, SeenVerdict::Other),
        ] {
            assert_eq!(
                answers("a A", &records(said, ttl), &wanted).0,
                verdict,
                "{said:?} {ttl}"
            );
        }
    }

    #[test]
    fn a_wildcard_that_answers_in_place_of_what_was_taken_out_is_no_trace_of_it() {
        let gone = Answer::Without(data(&[ONE]));
        assert_eq!(answers("a A", &records(&[TWO], 60), &gone).0, SeenVerdict::Good);
        assert_eq!(answers("a A", &records(&[ONE], 60), &gone).0, SeenVerdict::Other);
    }
}
