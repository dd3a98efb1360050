#!/bin/sh
# Asks a simulated Route 53 through the aws CLI (PyPI `awscli`): pages, and the writes that zonecut's safety rests on.
# The endpoint and the credentials come from the environment, as `zonecut demo --serve` prints them.
set -eu

: "${AWS_ENDPOINT_URL:?set it to what 'zonecut demo --serve' prints}"
case "$AWS_ENDPOINT_URL" in
http://127.*|http://localhost:*) ;;
*) echo "$AWS_ENDPOINT_URL: only loopback endpoints are asked" >&2; exit 2 ;;
esac
export AWS_ENDPOINT_URL AWS_REGION="${AWS_REGION:-us-east-1}" AWS_PAGER="" AWS_RETRY_MODE=adaptive AWS_MAX_ATTEMPTS=20
# Version 1 of the CLI does not read AWS_REGION, version 2 does.
export AWS_DEFAULT_REGION="$AWS_REGION"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "FAILED: $1" >&2
    exit 1
}

r53() {
    aws route53 "$@"
}

r53 list-hosted-zones --query 'HostedZones[].[Id,Name,ResourceRecordSetCount]' --output text | sort > "$work/whole"
r53 list-hosted-zones --page-size 3 --query 'HostedZones[].[Id,Name,ResourceRecordSetCount]' --output text | sort > "$work/paged"
cmp -s "$work/whole" "$work/paged" || fail "zones differ in pages of 3"
count=$(r53 get-hosted-zone-count --query HostedZoneCount --output text)
listed=$(grep -c . "$work/whole" || true)
[ "$count" = "$listed" ] || fail "the count is $count, the list holds $listed"

if [ "$listed" -gt 0 ]; then
    zone=$(sort -k3,3n "$work/whole" | tail -1 | cut -f1)
    r53 list-resource-record-sets --hosted-zone-id "$zone" --output json > "$work/sets"
    r53 list-resource-record-sets --hosted-zone-id "$zone" --page-size 2 --output json > "$work/sets-paged"
    cmp -s "$work/sets" "$work/sets-paged" || fail "the record sets of $zone differ in pages of 2"
fi

name="awscli-$$-$(date +%s).example.com."
made=$(r53 create-hosted-zone --name "$name" --caller-reference "$name" --query 'HostedZone.Id' --output text)
servers=$(r53 get-hosted-zone --id "$made" --query 'length(DelegationSet.NameServers)' --output text)
[ "$servers" = 4 ] || fail "a zone has four name servers, not $servers"

batch() {
    printf '{"Changes":[{"Action":"%s","ResourceRecordSet":{"Name":"dev.%s","Type":"NS","TTL":%s,"ResourceRecords":[{"Value":"%s"}]}}]}' \
        "$1" "$name" "$2" "$3" > "$work/batch"
    r53 change-resource-record-sets --hosted-zone-id "$made" --change-batch "file://$work/batch"
}

refused() {
    if batch "$1" "$2" "$3" > "$work/out" 2>&1; then
        fail "$1 $2 $3 should be refused"
    fi
    grep -q "InvalidChangeBatch" "$work/out" && grep -q "$4" "$work/out" || fail "$(cat "$work/out")"
}

batch CREATE 300 ns1.example.net. > /dev/null
refused CREATE 300 ns2.example.net. "already exists"
refused DELETE 300 ns2.example.net. "do not match the current values"
refused DELETE 60 ns1.example.net. "do not match the current values"
if r53 delete-hosted-zone --id "$made" > "$work/out" 2>&1; then
    fail "a zone with record sets cannot be deleted"
fi
grep -q HostedZoneNotEmpty "$work/out" || fail "$(cat "$work/out")"
batch DELETE 300 ns1.example.net. > /dev/null
r53 delete-hosted-zone --id "$made" > /dev/null
echo "aws CLI: $listed zones, the same in pages of any size; writes behave"
