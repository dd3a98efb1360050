"""Reads all zones and record sets of several accounts with boto3: eight threads an account, adaptive retries.

The peer that zonecut's scan is measured against. Standard input: one JSON object
{"endpoint": URL, "accounts": [[access key, secret key], ...]}; standard output: one JSON object with the figures.
"""

import json
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

THREADS = 8


def client(endpoint, keys):
    return boto3.client(
        "route53",
        region_name="us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id=keys[0],
        aws_secret_access_key=keys[1],
        config=Config(retries={"mode": "adaptive", "total_max_attempts": 20}, max_pool_connections=THREADS),
    )


def record_sets(route53, zone):
    pages = route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone["Id"])
    return sum(len(page["ResourceRecordSets"]) for page in pages)


def account(endpoint, keys):
    route53 = client(endpoint, keys)
    zones = [zone for page in route53.get_paginator("list_hosted_zones").paginate() for zone in page["HostedZones"]]
    listed = time.monotonic()
    with ThreadPoolExecutor(THREADS) as pool:
        return len(zones), sum(pool.map(lambda zone: record_sets(route53, zone), zones)), listed


def main():
    job = json.load(sys.stdin)
    begin = time.monotonic()
    with ThreadPoolExecutor(len(job["accounts"])) as pool:
        results = list(pool.map(lambda keys: account(job["endpoint"], keys), job["accounts"]))
    usage = resource.getrusage(resource.RUSAGE_SELF)
    figures = {
        "wall": time.monotonic() - begin,
        "listed": max(listed for _, _, listed in results) - begin,
        "zones": sum(zones for zones, _, _ in results),
        "record_sets": sum(sets for _, sets, _ in results),
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss / 1024,
    }
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
