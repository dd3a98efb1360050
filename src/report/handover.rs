//! What the owner of the zone above is given who delegates a name by hand: the request, a ticket, HCL, and the least IAM policy.

use crate::model::name::DnsName;
use crate::model::zone::ZoneId;
use crate::plan::exact::ExactSet;
use crate::plan::request::{self, Request};
use crate::plan::wish::FIRST_TTL;

use super::iam::delegator_policy;
use super::render::record_set;

/// Stands for the id of a zone that nobody here knows.
const UNKNOWN_ZONE: &str = "ZPARENTZONEID";

/// A request, and the zone above as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// What is asked for.
    pub request: Request,
    /// The zone above.
    pub parent: Option<ZoneId>,
    /// The partition of its account: `aws`, `aws-us-gov`, `aws-cn`.
    pub partition: &'static str,
}

impl Handover {
    fn parent(&self) -> ZoneId {
        let unknown = || ZoneId::read(UNKNOWN_ZONE).expect("letters are an id");
        self.parent.clone().unwrap_or_else(unknown)
    }

    /// A sentence for whoever has to fill in the id; nothing where it is known.
    pub fn gap(&self) -> Option<String> {
        let unknown = self.parent.is_none();
        unknown.then(|| format!("{UNKNOWN_ZONE} stands for the id of the zone above, which is not known here."))
    }

    fn set(&self) -> ExactSet {
        ExactSet::name_servers(self.request.name.clone(), FIRST_TTL, &self.request.name_servers)
    }

    /// The request, as `zonecut accept` reads it.
    pub fn request(&self) -> String {
        request::write(&self.request)
    }

    /// The record set as a resource for Terraform and OpenTofu.
    pub fn hcl(&self) -> String {
        record_set(&self.set(), &self.parent())
    }

    /// The IAM policy that lets somebody create and delete the delegation of this name, and nothing else.
    pub fn policy(&self) -> String {
        delegator_policy(self.partition, &self.parent(), &self.request.name)
    }

    /// All of it in words, for a ticket.
    pub fn ticket(&self) -> String {
        let name = &self.request.name;
        let servers: Vec<String> = self.request.name_servers.iter().map(DnsName::to_string).collect();
        let gap = self.gap().map_or_else(String::new, |gap| format!("{gap}\n\n"));
        let record = servers
            .iter()
            .map(|server| format!("{name}. {FIRST_TTL} IN NS {server}.\n"));
        format!(
            "Please delegate {name}.\n\n\
             Its zone {} is in the AWS account {}. The zone above needs this NS record set, and nothing else at or below that name:\n\n\
             ```text\n{}```\n\n\
             With zonecut: save the block below as a file and run `zonecut accept FILE`. It asks the name servers first, shows what \
             would change, and can be taken back.\n\n\
             ```text\n{}```\n\n\
             {gap}With Terraform or OpenTofu:\n\n```hcl\n{}```\n\n\
             The least that IAM must grant for it:\n\n```json\n{}\n```\n",
            self.request.zone,
            self.request.account,
            record.collect::<String>(),
            self.request(),
            self.hcl(),
            self.policy().trim_end(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handover(parent: Option<&str>) -> Handover {
        let name = |text: &str| -> DnsName { text.parse().unwrap() };
        Handover {
            request: Request {
                name: name("dev.example.com"),
                name_servers: vec![name("ns-12.awsdns-01.com"), name("ns-640.awsdns-16.net")],
                zone: ZoneId::read("Z04A8EXAMPLE1").unwrap(),
                account: "444455556666".parse().unwrap(),
                ds: Vec::new(),
            },
            parent: parent.and_then(ZoneId::read),
            partition: "aws",
        }
    }

    #[test]
    fn the_ticket_holds_a_request_that_can_be_read_back_and_everything_to_do_it_otherwise() {
        let handover = handover(Some("Z01C3EXAMPLE9"));
        let ticket = handover.ticket();
        assert_eq!(request::read(&ticket).unwrap(), handover.request);
        for text in [
            "dev.example.com. 300 IN NS ns-12.awsdns-01.com.",
            "\"Z01C3EXAMPLE9\"",
            "arn:aws:route53:::hostedzone/Z01C3EXAMPLE9",
            "aws_route53_record",
        ] {
            assert!(ticket.contains(text), "{text} is not in\n{ticket}");
        }
        assert!(!ticket.contains(UNKNOWN_ZONE));
    }

    #[test]
    fn an_id_that_is_not_known_is_said_to_be_missing() {
        let handover = handover(None);
        assert!(
            handover.ticket().contains("ZPARENTZONEID stands for the id"),
            "{}",
            handover.ticket()
        );
        assert!(handover.policy().contains(UNKNOWN_ZONE));
    }
}
