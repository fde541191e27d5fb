"""One policy decision, policies as JSON in and the result out, against iam-simulate in Node."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from helpers.cloud.iam import decide, simulate
from helpers.cloud.iam.simulate import read_case
from tests.bench import peers
from tests.bench.contest import Side, compare, row
from tests.bench.table import Row

SCRIPT = Path(__file__).with_name("decide.mjs")
PEER = "@cloud-copilot/iam-simulate"
SIZES = (10, 100, 1000)
TEN_TIMES_FASTER = 0.1
LINEAR = 12  # ten times the statements may take ten times as long; the rest is for the noise
ACCOUNT = "123456789012"
# A principal tag, because the peer knows no ${cognito-identity.amazonaws.com:sub} for S3.
OWN = "${aws:PrincipalTag/username}"


def rows() -> Iterator[Row]:
    """A typical decision beside the peer's, then how ours grows with the statements."""
    with Side.of(ours) as mine:
        package = peers.npm_package(PEER)
        if package is not None:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "cases.json"
                file.write_text(json.dumps(cases()))
                with Side(["node", str(SCRIPT), str(package), str(file)]) as theirs:
                    yield from against(mine, theirs)
        for small, large in pairwise(SIZES):
            outcome = compare(mine.timed(f"{large}"), mine.timed(f"{small}"))
            measure = f"A decision over {large} statements"
            yield row(measure, outcome, f"ours, {small} statements", LINEAR)


def against(mine: Side, theirs: Side) -> Iterator[Row]:
    """The peer in its two ways: checking what it is given, as ours does, and not."""
    for own, other, measure, goal in (
        ("typical", "typical-checked", "A decision, all given as JSON", TEN_TIMES_FASTER),
        ("typical", "typical-unchecked", "A decision, not checked by the peer", None),
        ("typical-read", "typical-unchecked", "A decision, ours read before", None),
        *((f"{n}", f"{n}-unchecked", f"A decision over {n} statements", None) for n in SIZES),
    ):
        outcome = compare(mine.timed(own), theirs.timed(other))
        yield row(measure, outcome, "iam-simulate", goal)


def ours() -> dict[str, Callable[[], object]]:
    """Every case as JSON, and the typical one as the cloud has it: policies read before."""
    request, policies = read_case(case(TYPICAL))
    prepared = {"typical-read": lambda: decide(request, policies)}
    return prepared | {name: decision(given) for name, given in cases().items()}


def decision(given: dict[str, Any]) -> Callable[[], object]:
    assert simulate([given])[0]["result"] == "allow", simulate([given])
    return lambda: simulate([given])


def cases() -> dict[str, dict[str, Any]]:
    """In the form that `python -m helpers simulate` reads."""
    return {"typical": case(TYPICAL)} | {f"{size}": case(many(size)) for size in SIZES}


def case(statements: list[dict[str, Any]]) -> dict[str, Any]:
    """A signed-in user of an app puts a file into the own folder."""
    return {
        "id": "bench",
        "principal": f"arn:aws:sts::{ACCOUNT}:assumed-role/app-user/CognitoIdentityCredentials",
        "action": "s3:PutObject",
        "resource": "arn:aws:s3:::app-files/alice/note.txt",
        "resource_account": ACCOUNT,
        "context": {
            "aws:PrincipalTag/username": "alice",
            "aws:SecureTransport": "true",
            "aws:SourceIp": "203.0.113.7",
        },
        "identity": [{"Version": "2012-10-17", "Statement": statements}],
    }


TYPICAL = [
    {
        "Sid": "OwnFolder",
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": f"arn:aws:s3:::app-files/{OWN}/*",
    },
    {
        "Sid": "ListOwnFolder",
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::app-files",
        "Condition": {
            "StringLike": {"s3:prefix": [f"{OWN}/*"]},
        },
    },
    {
        "Sid": "OnlyTLS",
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    },
]


def many(size: int) -> list[dict[str, Any]]:
    """So many statements, of which the last one allows the request."""
    others = [
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": f"arn:aws:s3:::team-{number}/{OWN}/*",
        }
        for number in range(size - 1)
    ]
    return [*others, TYPICAL[0]]
