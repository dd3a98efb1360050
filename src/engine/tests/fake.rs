//! One account that answers from memory, as a script says.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use crate::model::account::{AccountId, AccountIx};
use crate::model::dnssec::{ServeSignature, Signing};
use crate::model::name::DnsName;
use crate::model::record::{RecordData, RecordSet, RecordType};
use crate::model::zone::{DelegationSet, Visibility, Zone, ZoneId, ZoneKey};
use crate::ports::{ApiError, ApiErrorKind, Caller, Identity, RecordCursor, RecordPage, Route53, ZoneMarker, ZonePage};

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Call {
    Caller,
    Count,
    Zones(Option<String>),
    Records(ZoneId, usize),
    Set(ZoneId),
    Signing(ZoneId),
}

/// What the script makes of a call.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    /// The truth.
    Truth,
    /// A failure.
    Fail(ApiErrorKind),
    /// No answer, ever.
    Hang,
    Count(u64),
    /// The page ends here although there is more.
    CutShort,
    /// The next page is said to begin there.
    Onward(usize),
}

pub(super) type Script = Box<dyn FnMut(&Call, &Fake) -> Reply + Send>;

pub(super) struct Fake {
    pub(super) name: String,
    pub(super) account: AccountIx,
    pub(super) id: AccountId,
    pub(super) pinned: Option<AccountId>,
    pub(super) zones: Mutex<BTreeMap<ZoneId, (Zone, Vec<RecordSet>)>>,
    pub(super) zone_page: usize,
    pub(super) record_page: usize,
    pub(super) latency: Duration,
    pub(super) script: Mutex<Option<Script>>,
    pub(super) log: Mutex<Vec<(Instant, Call)>>,
}

impl fmt::Debug for Fake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

pub(super) fn zone_id(number: usize) -> ZoneId {
    ZoneId::read(&format!("Z{number:05}")).expect("an id")
}

impl Fake {
    /// An account at a place, without zones.
    pub(super) fn new(place: u32) -> Self {
        let id: AccountId = format!("{:012}", 100 + place).parse().expect("an id");
        Self {
            name: format!("account-{place}"),
            account: AccountIx(place),
            id,
            pinned: Some(id),
            zones: Mutex::default(),
            zone_page: 100,
            record_page: 300,
            latency: Duration::from_millis(80),
            script: Mutex::default(),
            log: Mutex::default(),
        }
    }

    /// An account with so many zones below its own name, each of so many record sets.
    pub(super) fn with_zones(place: u32, zones: usize, records: usize) -> Self {
        let fake = Self::new(place);
        for number in 0..zones {
            fake.add(number, &format!("z{number}.a{place}.example"), records);
        }
        fake
    }

    pub(super) fn add(&self, number: usize, name: &str, records: usize) {
        let name: DnsName = name.parse().expect("a name");
        let servers = crate::model::awsdns::PRIVATE.map(|n| format!("{n}."));
        let mut sets = vec![
            set(&name, RecordType::NS, &servers.each_ref().map(String::as_str)),
            set(&name, RecordType::SOA, &["ns-0.awsdns-00.com. a. 1 2 3 4 5"]),
        ];
        for host in 2..records {
            let owner = name.child(format!("h{host:05}").as_bytes()).expect("a name");
            sets.push(set(&owner, RecordType::A, &["192.0.2.1"]));
        }
        self.put(number, &name, sets);
    }

    pub(super) fn put(&self, number: usize, name: &DnsName, sets: Vec<RecordSet>) {
        let zone = Zone {
            key: ZoneKey {
                account: self.account,
                id: zone_id(number),
            },
            name: name.clone(),
            visibility: Visibility::Public,
            record_count: Some(sets.len() as u64),
            comment: "".into(),
            linked_service: None,
        };
        self.zones.lock().unwrap().insert(zone_id(number), (zone, sets));
    }

    pub(super) fn scripted(self, script: impl FnMut(&Call, &Fake) -> Reply + Send + 'static) -> Arc<Self> {
        *self.script.lock().unwrap() = Some(Box::new(script));
        Arc::new(self)
    }

    pub(super) fn calls(&self) -> Vec<(Instant, Call)> {
        self.log.lock().unwrap().clone()
    }

    pub(super) fn count(&self, matches: impl Fn(&Call) -> bool) -> usize {
        self.calls().iter().filter(|(_, call)| matches(call)).count()
    }

    async fn reply(&self, call: Call) -> Result<Reply, ApiError> {
        self.log.lock().unwrap().push((Instant::now(), call.clone()));
        let reply = {
            let mut script = self.script.lock().unwrap();
            script.as_mut().map_or(Reply::Truth, |script| script(&call, self))
        };
        tokio::time::sleep(self.latency).await;
        match reply {
            Reply::Fail(kind) => Err(error(&call, kind)),
            Reply::Hang => std::future::pending().await,
            other => Ok(other),
        }
    }
}

pub(super) fn set(name: &DnsName, record_type: RecordType, values: &[&str]) -> RecordSet {
    RecordSet {
        name: name.clone(),
        record_type,
        ttl: Some(300),
        data: RecordData::Values(values.iter().map(|v| (*v).into()).collect()),
        routing: None,
    }
}

fn error(call: &Call, kind: ApiErrorKind) -> ApiError {
    ApiError {
        action: match call {
            Call::Caller => "sts:GetCallerIdentity",
            Call::Count => "route53:GetHostedZoneCount",
            Call::Zones(_) => "route53:ListHostedZones",
            Call::Records(..) => "route53:ListResourceRecordSets",
            Call::Set(_) => "route53:GetHostedZone",
            Call::Signing(_) => "route53:GetDNSSEC",
        },
        kind,
        code: None,
        message: "as scripted".into(),
        remedy: None,
        request_id: None,
    }
}

impl Identity for Fake {
    async fn caller(&self) -> Result<Caller, ApiError> {
        self.reply(Call::Caller).await?;
        Ok(Caller {
            account: self.id,
            arn: "arn:aws:iam::0:role/reader".into(),
        })
    }
}

impl Route53 for Fake {
    async fn zone_count(&self) -> Result<u64, ApiError> {
        match self.reply(Call::Count).await? {
            Reply::Count(count) => Ok(count),
            _ => Ok(self.zones.lock().unwrap().len() as u64),
        }
    }

    async fn zones(&self, marker: Option<&ZoneMarker>) -> Result<ZonePage, ApiError> {
        let reply = self.reply(Call::Zones(marker.map(|m| m.0.clone()))).await?;
        let zones = self.zones.lock().unwrap();
        let from = marker.map_or("", |marker| marker.0.as_str());
        let mut left = zones.iter().filter(|(id, _)| id.as_str() >= from);
        let page: Vec<Zone> = left
            .by_ref()
            .take(self.zone_page)
            .map(|(_, (zone, _))| zone.clone())
            .collect();
        let next = left.next().map(|(id, _)| ZoneMarker(id.as_str().to_owned()));
        Ok(ZonePage {
            zones: page,
            next: match reply {
                Reply::CutShort => None,
                Reply::Onward(number) => Some(ZoneMarker(zone_id(number).as_str().to_owned())),
                _ => next,
            },
            unreadable: Vec::new(),
        })
    }

    async fn record_sets(&self, zone: &ZoneId, cursor: Option<&RecordCursor>) -> Result<RecordPage, ApiError> {
        let from: usize = cursor.map_or(0, |cursor| cursor.name.parse().expect("our own cursor"));
        let reply = self.reply(Call::Records(zone.clone(), from)).await?;
        let zones = self.zones.lock().unwrap();
        let Some((_, sets)) = zones.get(zone) else {
            return Err(error(&Call::Records(zone.clone(), from), ApiErrorKind::NotFound));
        };
        let page: Vec<RecordSet> = sets.iter().skip(from).take(self.record_page).cloned().collect();
        let end = from + page.len();
        let next = match reply {
            Reply::CutShort => None,
            Reply::Onward(at) => Some(at),
            _ => (end < sets.len()).then_some(end),
        };
        Ok(RecordPage {
            sets: page,
            next: next.map(|at| RecordCursor {
                name: at.to_string(),
                record_type: "A".to_owned(),
                identifier: None,
            }),
            unreadable: Vec::new(),
        })
    }

    async fn delegation_set(&self, zone: &ZoneId) -> Result<DelegationSet, ApiError> {
        self.reply(Call::Set(zone.clone())).await?;
        Ok(DelegationSet {
            id: None,
            name_servers: crate::model::awsdns::private_servers(),
        })
    }

    async fn signing(&self, zone: &ZoneId) -> Result<Signing, ApiError> {
        self.reply(Call::Signing(zone.clone())).await?;
        Ok(Signing {
            status: ServeSignature::NotSigning,
            keys: Vec::new(),
        })
    }
}
