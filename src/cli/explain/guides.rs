//! How delegation works on Route 53, and how zonecut changes it: the topics that a person looks for before the first change.

/// How one name is delegated, and what popular guides get wrong about it.
pub fn delegation() -> String {
    "How it works\n\n\
     1. The child's owner creates a public hosted zone in account B. Route 53 assigns it four name servers:\n\
     \u{20}  its delegation set.\n\
     2. The parent's owner creates in account A, in the parent zone, one NS record set at the child's name\n\
     \u{20}  whose values are B's four name servers, with a short TTL at first.\n\
     3. Resolvers that ask A's servers get a referral to B's. Nothing else links the two accounts: no IAM\n\
     \u{20}  permission, no sharing. A never sees B's zone, B never sees A's.\n\n\
     What does not work\n\n\
     Popular guides describe a \"create delegation set\" action in the console, put A's name servers into A's\n\
     own NS record set, and \"associate\" B's zone with A's set afterwards. Those actions do not exist: a\n\
     zone's name servers cannot be changed after it was created, and a reusable delegation set is visible\n\
     to its own account alone. An NS record set with A's own servers leads nowhere: that is the finding\n\
     self-delegation. Whoever wants the name servers to be known before the zone exists makes a reusable\n\
     delegation set in B: see the topic delegation-sets.\n\n\
     How zonecut does it\n\n\
     \u{20} zonecut delegate dev.example.com                        its zone is there; the parent lacks the NS\n\
     \u{20} zonecut delegate dev.example.com --create-in sandbox    the zone is created first\n\
     \u{20} zonecut request dev.example.com                         the parent is somebody else's: a request for them\n\
     \u{20} zonecut accept request.txt                              and what they do with it\n\n\
     The child comes first and must answer on every server, then the NS record set. Add -n to see the plan.\n"
        .to_owned()
}

/// What a reusable delegation set is for.
pub fn delegation_sets() -> String {
    "A reusable delegation set is four name servers that an account keeps, to be given to zones that it\n\
     creates later. It is for two things: name servers that are known before a zone exists, so that the\n\
     parent can be prepared; and the same name servers for many zones.\n\n\
     It belongs to the account of the child, B. The parent's account cannot see it, and needs not: all it\n\
     ever gets is the names of the four servers. It can only be given to a zone when that is created. Two\n\
     zones of one name cannot have the same set, nor can zones of which one is below the other.\n\n\
     \u{20} zonecut sets list\n\
     \u{20} zonecut sets create sandbox                             four new name servers\n\
     \u{20} zonecut delegate dev.example.com --create-in sandbox --delegation-set N0123456789\n\
     \u{20} zonecut sets delete sandbox N0123456789                 once no zone has it\n\n\
     A set costs nothing; an account may have 100 of them. CloudFormation and the CDK know nothing of them.\n"
        .to_owned()
}

/// Why the NS record set of a zone's own name is not where delegation happens.
pub fn apex() -> String {
    "The apex of a zone is its own name. The NS record set there is the zone's copy of what its parent\n\
     should say; it delegates nothing. Route 53 writes it when the zone is created, with the zone's four\n\
     name servers, and it should stay so: resolvers that have seen it prefer it, and other names in it send\n\
     them elsewhere. That is the finding apex-ns-edited.\n\n\
     Guides that say \"leave the name blank to delegate the whole zone\" mean the apex, and are wrong: a\n\
     whole zone is delegated by the zone above it. Where that is yours, zonecut delegate NAME writes the\n\
     NS record set there. Where it is a registry's, the registrar's page for the domain is the place; the\n\
     name servers to enter are those that zonecut zone NAME prints.\n\n\
     zonecut changes an apex in one way alone: back to exactly the delegation set of its zone.\n\n\
     \u{20} zonecut fix NAME apex-ns-edited -n\n"
        .to_owned()
}

/// How a change is taken back, and what cannot be.
pub fn undo() -> String {
    "Every change that zonecut makes is written to a log on this machine first, with the exact record sets\n\
     before and after. Taking it back is a new change with a review of its own.\n\n\
     \u{20} zonecut log                what was changed, when, by whom, and how it stands\n\
     \u{20} zonecut undo -n            what taking back the latest would do\n\
     \u{20} zonecut undo ID            takes back that one\n\
     \u{20} zonecut resume ID          goes on with one that was interrupted\n\n\
     It rests on what zonecut wrote: where a record set was changed by somebody else since, nothing is\n\
     overwritten. The undo stops and shows the three sides: what was there, what zonecut wrote, what is\n\
     there now.\n\n\
     The order is that of a teardown: the NS record set of the parent first, then, after resolvers have\n\
     forgotten it, the zone, and that only if zonecut created it and it holds nothing but its SOA and NS. A\n\
     zone that goes before its delegation leaves a dangling one, which others may take over.\n\n\
     An undo shows at once on Route 53's servers. Resolvers keep what they have heard until its TTL ends, and\n\
     that a name does not exist for as long as the SOA says; the review tells until when.\n"
        .to_owned()
}
