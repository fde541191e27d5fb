"""What a company directory says about somebody who signs in to AWS, once it is true.

Source: IAM User Guide, "Configure SAML assertions for the authentication response". STS, identity
pools and the console's sign-in page all ask here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from botocore.session import Session
from lxml import etree

from helpers.cloud.aws_saml.providers import SamlProvider, find_provider, is_provider_arn
from helpers.cloud.aws_saml.refusals import no_base64, no_provider, not_authorized, refused
from helpers.cloud.federation.saml.attributes import read_profile
from helpers.cloud.federation.saml.conditions import Expected, is_for_one_use, session_end
from helpers.cloud.federation.saml.faults import Fault, SamlFault
from helpers.cloud.federation.saml.metadata_document import BadMetadata
from helpers.cloud.federation.saml.verified import (
    Sealing,
    VerifiedResponse,
    use_once,
    verified_assertion,
)
from helpers.cloud.federation.saml.xml import Malformed, only
from helpers.cloud.world import World

ENTITY_ID = "urn:amazon:webservices"
SIGN_IN_URL = "https://signin.aws.amazon.com/saml"
ATTRIBUTE = "https://aws.amazon.com/SAML/Attributes/"

_ROLE_ARN = re.compile(r"arn:aws:iam::\d{12}:role/[!-~]+", flags=re.ASCII)
_PATIENCE = timedelta(minutes=5)
_SHORT_FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:"
_UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"


@dataclass(frozen=True)
class SamlSignIn:
    """Somebody whom a SAML provider vouches for.

    `audience` is the Recipient of the assertion, as everywhere in STS. `name_qualifier` and
    `subject` together name the user. `roles` are the pairs of role and provider that the provider
    offers. `attributes` are all that it says, by Name. `expires` is the end of the user's session
    at the provider, None where it sets none.
    """

    provider: SamlProvider
    subject: str
    subject_type: str
    issuer: str
    audience: str
    roles: tuple[tuple[str, str], ...]
    attributes: Mapping[str, list[str]]
    expires: datetime | None

    @property
    def name_qualifier(self) -> str:
        """AssumeRoleWithSAML's NameQualifier: a hash of issuer, account and provider name."""
        text = f"{self.issuer}{self.provider.account}/{self.provider.name}"
        # SHA-1 is what the API documents; nothing is kept safe by it.
        digest = hashlib.sha1(text.encode(), usedforsecurity=False).digest()
        return base64.b64encode(digest).decode()


def read_saml_sign_in(
    world: World, saml_assertion: str, provider_arn: str, *, use: bool = True
) -> SamlSignIn:
    """Who a SAML response (base64) says has signed in to AWS, after every check.

    It may be used again within its five minutes, as on AWS, unless it asks to be used once; not
    to `use` it is only to look, as the page does on which a role is chosen.
    AwsError InvalidIdentityToken, ExpiredTokenException, IDPRejectedClaim, AccessDenied.
    """
    provider = find_provider(world, provider_arn)
    if provider is None:
        raise no_provider()
    _check_base64(saml_assertion)
    try:
        response = _verified(world, saml_assertion, provider)
        sign_in = _sign_in(response.assertion, provider)
        if use and is_for_one_use(response.assertion):
            use_once(world, provider.arn, response)
        return sign_in
    except SamlFault as wrong:
        raise refused(wrong.fault) from wrong
    except Malformed as wrong:
        raise refused(Fault.UNREADABLE) from wrong


def _check_base64(message: str) -> None:
    try:
        base64.b64decode("".join(message.split()), validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise no_base64() from wrong


def _verified(world: World, message: str, provider: SamlProvider) -> VerifiedResponse:
    now, settings = world.clock.now(), provider.settings
    try:
        metadata = provider.metadata
    except BadMetadata as wrong:
        raise SamlFault(Fault.SIGNATURE) from wrong
    if metadata.is_over(now):
        raise SamlFault(Fault.SIGNATURE)
    addresses = _addresses(settings.uuid)
    expected = Expected(
        issuer=metadata.entity_id,
        audiences={*addresses, ENTITY_ID},
        acs_urls=addresses,
        now=now,
        # AWS sends no requests. Programs that make one up get an answer to it, which AWS takes.
        answers_request=False,
        redeemed_within=_PATIENCE,
    )
    keys = tuple(kept.key for kept in settings.keys.values())
    return verified_assertion(
        message,
        metadata,
        expected,
        sealing=Sealing(keys, settings.encryption == "Required") if keys else None,
        expired_certificates=True,
    )


def _sign_in(assertion: etree._Element, provider: SamlProvider) -> SamlSignIn:
    subject = only(assertion, "saml:Subject")
    # Exactly one confirmation: otherwise the one that was checked need not be the one read here.
    data = only(only(subject, "saml:SubjectConfirmation"), "saml:SubjectConfirmationData")
    try:
        profile = read_profile(assertion)
    except Malformed as wrong:
        # "Troubleshoot SAML federation": that is what a response without a NameID gets.
        raise not_authorized() from wrong
    attributes = {n: v if isinstance(v, list) else [v] for n, v in profile.claims.items()}
    return SamlSignIn(
        provider=provider,
        subject=profile.subject,
        subject_type=profile.session.get("format", _UNSPECIFIED).removeprefix(_SHORT_FORMAT),
        issuer=profile.session["issuer"],
        audience=data.get("Recipient", ""),
        roles=read_roles(attributes.get(f"{ATTRIBUTE}Role", [])),
        attributes=attributes,
        expires=session_end(assertion),
    )


def read_roles(pairs: list[str]) -> tuple[tuple[str, str], ...]:
    """(role, provider) of each value of the Role attribute; providers write them in either order.

    What is no such pair is left out: it offers nothing.
    """
    found: list[tuple[str, str]] = []
    for pair in pairs:
        arns = [arn.strip() for arn in pair.split(",")]
        role = [arn for arn in arns if _ROLE_ARN.fullmatch(arn)]
        provider = [arn for arn in arns if is_provider_arn(arn)]
        if len(arns) == 2 and role and provider:
            found.append((role[0], provider[0]))
    return tuple(dict.fromkeys(found))


def _addresses(uuid: str) -> frozenset[str]:
    """Where AWS takes responses: globally or in a region, for all providers or for one."""
    hosts = ["signin.aws.amazon.com", *(f"{r}.signin.aws.amazon.com" for r in _regions())]
    paths = ("/saml", f"/saml/acs/{uuid}")
    return frozenset(f"https://{host}{path}" for host in hosts for path in paths)


@cache
def _regions() -> tuple[str, ...]:
    return tuple(Session().get_available_regions("sts"))
