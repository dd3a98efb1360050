#!/usr/bin/env python3
"""Makes hosted zones in a moto server: enough for several pages, a delegation that is right and one that is missing."""

import boto3

client = boto3.client("route53")


def zone(name):
    return client.create_hosted_zone(Name=name, CallerReference=name)


def change(zone_id, record_set):
    batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record_set}]}
    client.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch=batch)


parent = zone("example.com.")["HostedZone"]["Id"]
child = zone("ok.example.com.")
servers = [{"Value": f"{name}."} for name in child["DelegationSet"]["NameServers"]]
change(parent, {"Name": "ok.example.com.", "Type": "NS", "TTL": 300, "ResourceRecords": servers})
zone("lost.example.com.")
for number in range(150):
    zone(f"z{number}.example.net.")
for number in range(350):
    value = [{"Value": f"192.0.2.{number % 250}"}]
    change(parent, {"Name": f"h{number}.example.com.", "Type": "A", "TTL": 60, "ResourceRecords": value})
