#!/bin/sh
# What Debian's dig must see of the simulated name servers.
#
# Against a running simulator:
#   ZONECUT_DNS_ADDRESS=127.53.0.53 ZONECUT_DNS_PORT=5353 PARENT=example.com CHILD=dev.example.com .ci/dig_contract.sh
# HOST (a name with an A record), EMPTY (an empty non-terminal), WILD (a name that a wildcard covers) and BIG (a name whose
# TXT answer exceeds 512 and 1232 octets), all in PARENT, are checked where they are given.
# Without an address it starts the simulator of the tests and checks that.
set -eu

if ! command -v dig >/dev/null; then
    echo "dig is missing: apt-get install bind9-dnsutils" >&2
    exit 1
fi
if [ -z "${ZONECUT_DNS_ADDRESS:-}" ]; then
    cd "$(dirname "$0")/.."
    exec cargo test --locked --test it sim_dns::dig -- --ignored --nocapture
fi
: "${ZONECUT_DNS_PORT:?}" "${PARENT:?}" "${CHILD:?}"

failed=0
port=$ZONECUT_DNS_PORT

# dig without a configuration file, retries or cookies.
ask() {
    dig -r -p "$port" +tries=1 +time=5 +nocookie "$@"
}

# check STORY PATTERN TEXT: the text must hold a line that matches.
check() {
    if printf '%s\n' "$3" | grep -Eq -- "$2"; then
        echo "ok      $1"
    else
        echo "FAILED  $1: no line matches $2 in:"
        printf '%s\n' "$3"
        failed=1
    fi
}

server_of() {
    name=$(ask @"$ZONECUT_DNS_ADDRESS" "$1" NS +short | head -n 1)
    ask @"$ZONECUT_DNS_ADDRESS" "$name" A +short
}

parent=$(server_of "$PARENT")
child=$(server_of "$CHILD")
check "the resolver knows the servers of $PARENT" '^127\.' "$parent"
check "the resolver knows the servers of $CHILD" '^127\.' "$child"

answer=$(ask @"$parent" "$CHILD" NS +norecurse)
check "the parent refers: no error" 'status: NOERROR' "$answer"
check "the parent refers: AA is not set, nothing is answered" 'flags: qr; QUERY: 1, ANSWER: 0, AUTHORITY: [1-9]' "$answer"
check "the parent refers: the NS of the cut" "^$CHILD\..*IN[[:space:]]+NS[[:space:]]" "$answer"

answer=$(ask @"$child" "$CHILD" NS +norecurse)
check "the child answers: AA is set" 'flags: qr aa; QUERY: 1, ANSWER: [1-9]' "$answer"
answer=$(ask @"$child" "$CHILD" SOA +norecurse +tcp)
check "the child answers over TCP" 'flags: qr aa; QUERY: 1, ANSWER: 1,' "$answer"

answer=$(ask @"$parent" no-such-name-here."$PARENT" A +norecurse)
check "a missing name: NXDOMAIN" 'status: NXDOMAIN' "$answer"
check "a missing name: AA is set, the SOA is in AUTHORITY" 'flags: qr aa; QUERY: 1, ANSWER: 0, AUTHORITY: 1,' "$answer"
check "a missing name: kept for at most the SOA's TTL" "^$PARENT\.[[:space:]]+900[[:space:]]+IN[[:space:]]+SOA" "$answer"

answer=$(ask @"$parent" "$PARENT" LOC +norecurse)
check "a missing type: NOERROR, SOA" 'status: NOERROR' "$answer"
check "a missing type: nothing is answered" 'flags: qr aa; QUERY: 1, ANSWER: 0, AUTHORITY: 1,' "$answer"

answer=$(ask @"$child" example.invalid SOA +norecurse)
check "a foreign name: REFUSED" 'status: REFUSED' "$answer"
answer=$(ask @"$child" "$PARENT" SOA +norecurse)
check "the parent's name at the child's server: REFUSED" 'status: REFUSED' "$answer"
answer=$(ask @"$parent" "$PARENT" AXFR)
check "no zone transfer" 'Transfer failed' "$answer"

answer=$(ask @"$parent" "$CHILD" DS +norecurse)
check "a DS is the parent's: AA is set" 'flags: qr aa;' "$answer"

answer=$(ask @"$parent" "$PARENT" SOA +norecurse)
check "EDNS is answered by EDNS" 'EDNS: version: 0, flags:; udp: [0-9]+' "$answer"
answer=$(ask @"$parent" "$PARENT" SOA +norecurse +noedns)
check "no EDNS, none back" 'ADDITIONAL: 0$' "$answer"
answer=$(ask @"$parent" "$PARENT" SOA +norecurse +edns=1 +noednsnegotiation)
check "a later EDNS version: BADVERS" 'status: BADVERS' "$answer"
answer=$(ask @"$parent" "$PARENT" SOA +norecurse +dnssec)
check "DO is copied" 'EDNS: version: 0, flags: do;' "$answer"
answer=$(ask @"$parent" "$PARENT" SOA +norecurse +opcode=STATUS)
check "another operation: NOTIMP" 'status: NOTIMP' "$answer"
answer=$(ask @"$parent" version.bind TXT CH +norecurse)
check "another class: REFUSED" 'status: REFUSED' "$answer"

answer=$(ask @"$ZONECUT_DNS_ADDRESS" "$CHILD" SOA)
check "the resolver recurses" 'flags: qr rd ra; QUERY: 1, ANSWER: 1,' "$answer"

if [ -n "${HOST:-}" ]; then
    answer=$(ask @"$parent" "$HOST" A +norecurse)
    check "a host: AA is set" 'flags: qr aa; QUERY: 1, ANSWER: [1-9]' "$answer"
    upper=$(printf '%s' "$HOST" | tr 'a-y' 'A-Y')
    answer=$(ask @"$parent" "$upper" A +norecurse +noall +answer)
    check "the case of the question is kept" "^$upper\." "$answer"
fi
if [ -n "${EMPTY:-}" ]; then
    answer=$(ask @"$parent" "$EMPTY" A +norecurse)
    check "an empty non-terminal: NOERROR" 'status: NOERROR' "$answer"
    check "an empty non-terminal: nothing is answered" 'flags: qr aa; QUERY: 1, ANSWER: 0, AUTHORITY: 1,' "$answer"
fi
if [ -n "${WILD:-}" ]; then
    answer=$(ask @"$parent" "$WILD" A +norecurse)
    check "a wildcard answers under the name that was asked" "^$WILD\..*IN[[:space:]]+A[[:space:]]" "$answer"
fi
if [ -n "${BIG:-}" ]; then
    answer=$(ask @"$parent" "$BIG" TXT +norecurse +noedns +ignore)
    check "a large answer: TC over UDP" 'flags: qr aa tc; QUERY: 1, ANSWER: 0,' "$answer"
    answer=$(ask @"$parent" "$BIG" TXT +norecurse +bufsize=1232)
    check "a large answer: dig goes on over TCP" 'Truncated, retrying in TCP mode' "$answer"
    check "a large answer: complete over TCP" 'flags: qr aa; QUERY: 1, ANSWER: [1-9]' "$answer"
fi

exit "$failed"
