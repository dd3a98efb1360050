//! Sends one step, once, after what is sent is on the disk.

use super::find_out::{Found, Unmade, overtaken};
use super::going::{Going, Halt};
use super::{Event, Prover, Reason, admit};
use crate::model::name::DnsName;
use crate::model::text::{Untrusted, printable};
use crate::plan::PartyIx;
use crate::plan::Refusal;
use crate::plan::journal::{Gained, Record, Sent};
use crate::plan::step::{Step, caller_reference};
use crate::ports::{ApiError, ApiErrorKind, Desk, Journal, NewZone, WriteError, Writer};

/// The refusals that may mean that the step was made before: only reading tells.
const MADE_BEFORE: [&str; 6] = [
    "InvalidChangeBatch",
    "HostedZoneAlreadyExists",
    "DelegationSetAlreadyCreated",
    "DelegationSetAlreadyReusable",
    "NoSuchHostedZone",
    "NoSuchDelegationSet",
];

impl<D: Desk, J: Journal, P: Prover> Going<'_, D, J, P> {
    /// Sends a step.
    pub(super) async fn send(&mut self, at: usize, step: &Step) -> Result<(), Halt> {
        let Some(party) = step.party() else { return Ok(()) };
        if let Step::DeleteZone { zone, .. } = step {
            let reader = self.applier.reader(&self.run.plan, party);
            let reader =
                reader.ok_or_else(|| Halt::left(Refusal::new("the account of the step is not configured here")))?;
            admit::verify_zone(&reader, zone)
                .await
                .map_err(|refusal| Halt::stopped(Some(at), refusal.into()))?;
            self.refuse_dangling(at).await?;
        }
        let what = self.resolved(at, step)?;
        self.note(Record::Sending {
            step: at,
            what: what.clone(),
        })?;
        let answer = self.call(party, step, &what).await?;
        match answer {
            Ok(gained) => {
                let change = gained.change().cloned();
                let is_over = change.is_none();
                self.note(Record::Done { step: at, gained })?;
                (self.tell)(Event::Accepted { step: at, change });
                if is_over {
                    (self.tell)(Event::Over { step: at });
                }
                Ok(())
            }
            Err(WriteError::Refused(error)) => self.refused(at, &what, error).await,
            Err(WriteError::Unknown(error)) => {
                let why = error.to_string();
                self.note(Record::Uncertain {
                    step: at,
                    said: Untrusted::from(why.as_str()),
                })?;
                (self.tell)(Event::ReadingBack { step: at, why });
                self.find_out(at, &what, Unmade::Leave).await?;
                (self.tell)(Event::Over { step: at });
                Ok(())
            }
        }
    }

    /// What is sent for a step, with what earlier steps made put in.
    fn resolved(&self, at: usize, step: &Step) -> Result<Sent, Halt> {
        let missing = || {
            Halt::left(Refusal::new(format!(
                "step {} needs a zone that is not there yet",
                at + 1
            )))
        };
        let reference = || caller_reference(&self.run.plan.id, at);
        Ok(match step {
            Step::CreateSet { .. } => Sent::NewSet { reference: reference() },
            Step::CreateZone { .. } => Sent::NewZone { reference: reference() },
            Step::Change { zone, batch, .. } => Sent::Change {
                zone: self.run.zone_id(zone).ok_or_else(missing)?.clone(),
                values: batch
                    .values(|of| {
                        self.run
                            .created(of)
                            .map(|(_, servers)| servers.to_vec())
                            .filter(|all| !all.is_empty())
                    })
                    .ok_or_else(missing)?,
            },
            Step::DeleteZone { zone, .. } => Sent::ZoneGone {
                zone: self.run.zone_id(zone).ok_or_else(missing)?.clone(),
            },
            Step::DeleteSet { id, .. } => Sent::SetGone { id: id.clone() },
            Step::AwaitServers { .. } | Step::Hold { .. } => return Err(missing()),
        })
    }

    async fn call(&mut self, party: PartyIx, step: &Step, what: &Sent) -> Result<Result<Gained, WriteError>, Halt> {
        let writer = self.writer(party)?;
        Ok(match what {
            Sent::NewSet { reference } => {
                let zone = match step {
                    Step::CreateSet { zone, .. } => zone.as_ref(),
                    _ => None,
                };
                writer.create_set(reference, zone).await.map(|set| Gained::Set {
                    id: set.id,
                    name_servers: set.name_servers,
                })
            }
            Sent::NewZone { reference } => match new_zone(step, reference) {
                Some(zone) => create_zone(writer, &zone).await,
                None => return Err(Halt::left(Refusal::new("the step creates no zone"))),
            },
            Sent::Change { zone, values } => {
                let comment = format!("zonecut plan {}", self.run.plan.id);
                let change = writer.change(zone, values, &comment).await;
                change.map(|id| Gained::Change { id: Some(id.0) })
            }
            Sent::ZoneGone { zone } => {
                let change = writer.delete_zone(zone).await;
                change.map(|id| Gained::Change { id: Some(id.0) })
            }
            Sent::SetGone { id } => writer.delete_set(id).await.map(|()| Gained::Nothing),
        })
    }

    /// Nothing was made, and it is known why; unless what is there shows that it was made before.
    async fn refused(&mut self, at: usize, what: &Sent, error: ApiError) -> Result<(), Halt> {
        let said = Untrusted::from(error.to_string());
        if error.kind == ApiErrorKind::Throttled && self.put_off(at).await {
            return self.note(Record::NotMade { step: at, said });
        }
        let code = error.code.as_ref().map(Untrusted::expose);
        if !code.is_some_and(|code| MADE_BEFORE.contains(&code)) {
            self.note(Record::NotMade { step: at, said })?;
            return Err(Halt::stopped(Some(at), told(at, &error)));
        }
        (self.tell)(Event::ReadingBack {
            step: at,
            why: error.to_string(),
        });
        match self.look_after_refusal(at, what, &error).await {
            Ok(Found::Made(gained)) => {
                self.note(Record::Done { step: at, gained })?;
                (self.tell)(Event::Adopted { step: at });
                (self.tell)(Event::Over { step: at });
                Ok(())
            }
            Ok(Found::NotMade) => {
                self.note(Record::NotMade { step: at, said })?;
                Err(Halt::stopped(Some(at), told(at, &error)))
            }
            Ok(Found::Unclear(conflicts) | Found::MadeAndChanged(_, conflicts)) => {
                self.note(Record::NotMade { step: at, said })?;
                Err(Halt::stopped(Some(at), overtaken(conflicts)))
            }
            Err(unread) => Err(Halt::left(
                Refusal::new(format!(
                    "{error}; and it cannot be read whether it was made before ({unread})"
                ))
                .next(self.run.advice()),
            )),
        }
    }

    /// Looks again for a while where the refusal says that something is otherwise, and what is read does not show it yet.
    async fn look_after_refusal(&mut self, at: usize, what: &Sent, error: &ApiError) -> Result<Found, ApiError> {
        let message = error.message.expose();
        let stale = [
            "already exists",
            "was not found",
            "do not match",
            "already been created",
        ];
        let contradicts = stale.iter().any(|words| message.contains(words));
        let mut waits = [1, 2, 4, 8, 15, 30].into_iter();
        loop {
            let found = self.look(at, what).await;
            let goes_on = match &found {
                Ok(Found::NotMade) => contradicts,
                Ok(_) => false,
                Err(error) => error.kind.is_transient(),
            };
            match waits.next().filter(|_| goes_on && !self.brake.is_pulled()) {
                Some(seconds) => self.brake.wait(std::time::Duration::from_secs(seconds)).await,
                None => return found,
            }
        }
    }
}

fn new_zone(step: &Step, reference: &str) -> Option<NewZone> {
    let Step::CreateZone {
        name,
        delegation_set,
        comment,
        ..
    } = step
    else {
        return None;
    };
    Some(NewZone {
        name: name.clone(),
        reference: reference.to_owned(),
        delegation_set: delegation_set.clone(),
        comment: comment.clone(),
    })
}

async fn create_zone<W: Writer>(writer: &W, zone: &NewZone) -> Result<Gained, WriteError> {
    let created = writer.create_zone(zone).await?;
    let name_servers: Vec<DnsName> = created.delegation_set.name_servers;
    Ok(Gained::Zone {
        id: created.id,
        name_servers,
        change: Some(created.change.0),
    })
}

/// What a refusal comes to, with each complaint of a batch on its own.
fn told(at: usize, error: &ApiError) -> Reason {
    let complaints = WriteError::Refused(error.clone()).complaints();
    let what = match complaints.as_slice() {
        [] => error.to_string(),
        several => {
            let lines: Vec<String> = several.iter().map(|one| printable(one.expose())).collect();
            format!("Route 53 refused the change: {}", lines.join("; "))
        }
    };
    let mut refusal = Refusal::new(format!("step {}: {what}", at + 1));
    refusal.next = error.remedy.as_ref().map(|remedy| printable(remedy.expose()));
    refusal.into()
}
