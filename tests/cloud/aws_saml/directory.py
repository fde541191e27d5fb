"""A company directory of these tests: it says what it is told to, and signs it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import boto3
from lxml import etree

from helpers.providers.saml import uris
from helpers.providers.saml.keys import KeyPair
from helpers.providers.saml.response import Statement, success
from helpers.providers.saml.safe_xml import serialize
from helpers.providers.saml.signing import sign_response

ACCOUNT = "123456789012"
ACS = "https://signin.aws.amazon.com/saml"
AUDIENCE = "urn:amazon:webservices"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:saml-provider/Company"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/Engineer"
NAMES = "https://aws.amazon.com/SAML/Attributes/"
ALICE, VICTIM = "alice@example.com", "bob@example.com"
USUAL: Mapping[str, Sequence[str]] = {
    f"{NAMES}Role": [f"{ROLE},{PROVIDER}"],
    f"{NAMES}RoleSessionName": ["alice"],
    uris.CLAIM_EMAIL: [ALICE],
    uris.CLAIM_GROUP: ["engineering"],
}


def posted(document: bytes) -> str:
    """What stands in the form field SAMLResponse, and in the parameter SAMLAssertion."""
    return base64.b64encode(document).decode()


def trust(*actions: str, provider: str = PROVIDER, **conditions: Any) -> str:
    """A trust policy for the users of a SAML provider."""
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": list(actions or ["sts:AssumeRoleWithSAML"]),
        "Condition": conditions or {"StringEquals": {"SAML:aud": ACS}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@dataclass(frozen=True)
class Directory:
    """A directory with its key. `now` is the moment at which it says everything."""

    pair: KeyPair
    now: datetime

    def response(
        self,
        attributes: Mapping[str, Sequence[str]] | None = None,
        *,
        sign: str = "assertion",
        change: Callable[[etree._Element], None] | None = None,
        without: Sequence[str] = (),
        **said: Any,
    ) -> bytes:
        """A signed Response: the usual attributes and these, before it is signed `change`d."""
        told = {**USUAL, **(attributes or {})}
        statement = {
            "response_id": "_response",
            "assertion_id": "_assertion",
            "now": self.now,
            "acs_url": ACS,
            "audience": AUDIENCE,
            "name_id": ALICE,
            "name_id_format": uris.PERSISTENT,
            "signed_in_at": self.now - timedelta(minutes=1),
            "session_index": "_session",
            "attributes": {n: v for n, v in told.items() if n.removeprefix(NAMES) not in without},
        }
        root = success(Statement(**{**statement, **said}))  # type: ignore[arg-type]
        if change is not None:
            change(root)
        return serialize(sign_response(root, self.pair, sign))


def assume(document: bytes | str, **more: Any) -> dict[str, Any]:
    """AssumeRoleWithSAML, as a program without any AWS credentials calls it."""
    message = document if isinstance(document, str) else posted(document)
    sts = boto3.client("sts", "us-east-1")
    asked = {"RoleArn": ROLE, "PrincipalArn": PROVIDER, "SAMLAssertion": message}
    return sts.assume_role_with_saml(**{**asked, **more})
