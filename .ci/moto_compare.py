#!/usr/bin/env python3
"""Compares what zonecut read from a moto server with what moto_fill.py made there."""

import json
import sys

path, code = sys.argv[1:]
with open(path) as file:
    document = json.load(file)
problems = [account for account in document["accounts"] if account["status"] != "complete"]
assert not problems, problems
assert document["complete"], "not everything was read"
assert document["accounts"][0]["zones"] == 153, document["accounts"]
missing = [f["name"] for f in document["findings"] if f["code"] == "missing-delegation"]
assert missing == ["lost.example.com"], missing
assert code == "3", code
print("153 zones read, 1 missing delegation found")
