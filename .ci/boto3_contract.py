#!/usr/bin/env python3
"""Asks a simulated Route 53 through boto3: do pages of every size add up, and do writes behave as zonecut relies on?

The endpoint and the credentials come from the environment, as `zonecut demo --serve` prints them:
AWS_ENDPOINT_URL, and AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, or AWS_PROFILE. Only loopback endpoints are asked.
With --each-profile, every profile of AWS_CONFIG_FILE is listed; writes go to the account of the default credentials.
"""

import argparse
import ipaddress
import os
import sys
import uuid
from urllib.parse import urlparse

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

PATIENT = Config(retries={"mode": "adaptive", "max_attempts": 20}, user_agent_extra="zonecut-ci")

checks = 0


def check(holds, what):
    global checks
    checks += 1
    if not holds:
        sys.exit(f"FAILED: {what}")


def endpoint():
    url = os.environ.get("AWS_ENDPOINT_URL") or os.environ.get("AWS_ENDPOINT_URL_ROUTE_53")
    if not url:
        sys.exit("set AWS_ENDPOINT_URL to what `zonecut demo --serve` prints")
    host = urlparse(url).hostname or ""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if not loopback:
        sys.exit(f"{url}: only loopback endpoints are asked")
    return url


def client(service, config, profile=None):
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    session = boto3.Session(profile_name=profile, region_name=region)
    return session.client(service, endpoint_url=endpoint(), config=config)


def zones(route53, size):
    pages = route53.get_paginator("list_hosted_zones").paginate(PaginationConfig={"PageSize": size})
    return [zone for page in pages for zone in page["HostedZones"]]


def record_sets(route53, zone_id, size):
    pages = route53.get_paginator("list_resource_record_sets").paginate(
        HostedZoneId=zone_id, PaginationConfig={"PageSize": size}
    )
    return [record_set for page in pages for record_set in page["ResourceRecordSets"]]


def listing(route53, name):
    """Pages of different sizes hold the same zones and the same record sets."""
    whole = zones(route53, 100)
    check(len(whole) == route53.get_hosted_zone_count()["HostedZoneCount"], f"{name}: the count is that of the list")
    check(zones(route53, 7) == whole, f"{name}: zones in pages of 7")
    total = 0
    for number, zone in enumerate(whole):
        try:
            found = record_sets(route53, zone["Id"], 300)
        except ClientError as error:
            if error.response["Error"]["Code"] == "AccessDenied":
                print(f"{name}: {zone['Name']} is denied, as the world says")
                continue
            raise
        total += len(found)
        check(len(found) == zone["ResourceRecordSetCount"], f"{name}: {zone['Name']} has as many record sets as it says")
        if number < 5:
            check(record_sets(route53, zone["Id"], 3) == found, f"{name}: {zone['Name']} in pages of 3")
    print(f"{name}: {len(whole)} zones, {total} record sets, the same in pages of any size")


class Zone:
    """A zone that the script makes and removes again."""

    def __init__(self, route53):
        self.route53 = route53
        self.name = f"boto3-{uuid.uuid4().hex[:12]}.example.com."
        self.reference = str(uuid.uuid4())
        created = route53.create_hosted_zone(Name=self.name, CallerReference=self.reference)
        self.id = created["HostedZone"]["Id"]
        self.servers = created["DelegationSet"]["NameServers"]

    def change(self, *changes):
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": record_set} for action, record_set in changes]}
        return self.route53.change_resource_record_sets(HostedZoneId=self.id, ChangeBatch=batch)

    def all(self):
        return record_sets(self.route53, self.id, 300)

    def refused(self, code, text, *changes):
        before = self.all()
        try:
            self.change(*changes)
        except ClientError as error:
            got = error.response["Error"]
            check(got["Code"] == code and text in got["Message"], f"{code} {text!r}, not {got}")
            check(self.all() == before, f"a refused batch changed something: {changes}")
            return
        check(False, f"{changes} should be refused with {code}")

    def remove(self):
        for record_set in self.all():
            if record_set["Name"] != self.name:
                self.change(("DELETE", record_set))
        self.route53.delete_hosted_zone(Id=self.id)


def record_set(name, kind, *values, ttl=300):
    return {"Name": name, "Type": kind, "TTL": ttl, "ResourceRecords": [{"Value": value} for value in values]}


def writing(route53):
    """Batches are atomic, DELETE is exact, CREATE never overwrites."""
    zone = Zone(route53)
    try:
        semantics(route53, zone)
    finally:
        zone.remove()
    try:
        route53.get_hosted_zone(Id=zone.id)
        check(False, "a deleted zone is gone")
    except ClientError as error:
        check(error.response["Error"]["Code"] == "NoSuchHostedZone", "a deleted zone is gone")


def semantics(route53, zone):
    check(len(zone.servers) == 4, "a zone has four name servers")
    try:
        route53.create_hosted_zone(Name=zone.name, CallerReference=zone.reference)
        check(False, "a caller reference makes one zone only")
    except ClientError as error:
        check(error.response["Error"]["Code"] == "HostedZoneAlreadyExists", "a caller reference makes one zone only")
        check(error.response["ResponseMetadata"]["HTTPStatusCode"] == 409, "HostedZoneAlreadyExists is a 409")

    cut = f"dev.{zone.name}"
    old = record_set(cut, "NS", "ns1.example.net.", "ns2.example.net.")
    new = record_set(cut, "NS", "ns3.example.net.")
    foreign = record_set(cut, "NS", "foreign.example.net.")
    change = zone.change(("CREATE", old))["ChangeInfo"]
    check(change["Status"] in ("PENDING", "INSYNC"), "a change has a status")
    check(route53.get_change(Id=change["Id"])["ChangeInfo"]["Id"] == change["Id"], "a change can be asked after")
    check(old in zone.all(), "what is created is listed at once")

    batch = "InvalidChangeBatch"
    zone.refused(batch, f"[name='{cut}', type='NS'] but it already exists", ("CREATE", new))
    zone.refused(batch, "do not match the current values", ("DELETE", record_set(cut, "NS", "ns1.example.net.")))
    zone.refused(batch, "do not match the current values", ("DELETE", {**old, "TTL": 60}))
    zone.refused(batch, "but it was not found", ("DELETE", record_set(f"no.{zone.name}", "NS", "ns1.example.net.")))
    zone.refused(batch, "but it was not found", ("CREATE", record_set(f"www.{zone.name}", "A", "192.0.2.1")),
                 ("DELETE", record_set(f"no.{zone.name}", "A", "192.0.2.1")))
    zone.change(("DELETE", old), ("CREATE", new))
    check(new in zone.all() and old not in zone.all(), "DELETE and CREATE swap a record set")
    zone.change(("UPSERT", foreign))
    zone.refused(batch, "do not match the current values", ("DELETE", new), ("CREATE", old))
    check(foreign in zone.all(), "a stale swap leaves the foreign change")
    reordered = record_set(cut, "NS", "b.example.", "a.example.")
    zone.change(("DELETE", foreign), ("CREATE", record_set(cut, "NS", "a.example.", "b.example.")))
    zone.change(("DELETE", reordered))

    zone.refused(batch, "is not permitted at apex", ("CREATE", record_set(zone.name, "CNAME", "target.example.")))
    zone.refused(batch, "is not permitted in zone", ("CREATE", record_set("www.example.net.", "A", "192.0.2.1")))
    zone.refused(batch, "", ("CREATE", record_set(f"*.{zone.name}", "NS", "ns1.example.net.")))
    zone.refused(batch, "Invalid Resource Record", ("CREATE", record_set(f"bad.{zone.name}", "A", "192.0.2.256")))
    apex = next(found for found in zone.all() if found["Type"] == "NS" and found["Name"] == zone.name)
    zone.refused(batch, "", ("DELETE", apex))
    zone.change(("CREATE", new))
    zone.refused(batch, "conflicts with other records", ("CREATE", record_set(cut, "CNAME", "target.example.")))
    many = [("UPSERT", record_set(f"n{number}.{zone.name}", "A", "192.0.2.1")) for number in range(501)]
    zone.refused(batch, "", *many)
    try:
        route53.delete_hosted_zone(Id=zone.id)
        check(False, "a zone with record sets cannot be deleted")
    except ClientError as error:
        check(error.response["Error"]["Code"] == "HostedZoneNotEmpty", "a zone with record sets cannot be deleted")
    wildcard = record_set(f"*.{zone.name}", "TXT", '"a & <b>"')
    zone.change(("CREATE", wildcard))
    listed = {**wildcard, "Name": wildcard["Name"].replace("*", "\\052")}
    check(listed in zone.all(), "a wildcard is listed as \\052")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each-profile", action="store_true", help="list every profile of AWS_CONFIG_FILE as well")
    parser.add_argument("--read-only", action="store_true", help="leave out the writes")
    options = parser.parse_args()
    caller = client("sts", PATIENT).get_caller_identity()
    listing(client("route53", PATIENT), caller["Account"])
    if options.each_profile:
        for profile in boto3.Session().available_profiles:
            try:
                account = client("sts", PATIENT, profile).get_caller_identity()["Account"]
                listing(client("route53", PATIENT, profile), f"{profile} ({account})")
            except ClientError as error:
                print(f"{profile}: {error.response['Error']['Code']}, as the world says")
    if not options.read_only:
        writing(client("route53", PATIENT))
    print(f"boto3 {boto3.__version__}: {checks} checks hold")


if __name__ == "__main__":
    main()
