"""Everything that can be wrong with a Response, by name.

    from helpers.providers.saml import tamper
    forged = tamper.ATTACKS["xsw3"](response_xml, tamper.Context.from_metadata(metadata))

Each function is `(response_xml: bytes, context: Context) -> bytes` and changes nothing else.
ATTACKS are what somebody without the directory's key can do, MISTAKES what a directory itself
does and signs; these need `Context.signer`. NotApplicable is raised where one does not fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from helpers.providers.saml import forgeries, mistakes, wrapping
from helpers.providers.saml.attack import Context, NotApplicable, Tamper

__all__ = [
    "ATTACKS",
    "FAULTS",
    "MISTAKES",
    "NOT_XML",
    "WEAK_SIGNATURES",
    "Context",
    "NotApplicable",
    "Tamper",
    "sentences",
    "signature_for",
]


def _named(*functions: Tamper) -> Mapping[str, Tamper]:
    return MappingProxyType({function.__name__: function for function in functions})


ATTACKS = _named(
    forgeries.unsigned,
    forgeries.other_key,
    forgeries.hmac_with_certificate,
    forgeries.altered,
    forgeries.comment_in_name_id,
    forgeries.replayed,
    forgeries.external_entity,
    forgeries.entity_expansion,
    forgeries.xslt_transform,
    wrapping.xsw1,
    wrapping.xsw2,
    wrapping.xsw3,
    wrapping.xsw4,
    wrapping.xsw5,
    wrapping.xsw6,
    wrapping.xsw7,
    wrapping.xsw8,
)
MISTAKES = _named(
    mistakes.expired,
    mistakes.not_yet_valid,
    mistakes.subject_confirmation_expired,
    mistakes.wrong_audience,
    mistakes.no_audience,
    mistakes.wrong_recipient,
    mistakes.wrong_destination,
    mistakes.wrong_in_response_to,
    mistakes.no_in_response_to,
    mistakes.wrong_issuer,
    mistakes.status_not_success,
    mistakes.no_assertion,
    mistakes.two_assertions,
    mistakes.no_name_id,
    mistakes.empty_groups,
    mistakes.rsa_sha1,
    mistakes.sha1_digest,
    mistakes.xpath_transform,
    mistakes.encrypted_for_stranger,
)
FAULTS: Mapping[str, Tamper] = MappingProxyType({**ATTACKS, **MISTAKES})

# These leave a document that a careful parser does not read.
NOT_XML = frozenset({"external_entity", "entity_expansion"})
# These are about how a signature is made, not about what is said.
WEAK_SIGNATURES = frozenset({"rsa_sha1", "sha1_digest"})
_OF_A_SIGNED_RESPONSE = frozenset({"xsw1", "xsw2"})
_OF_A_SIGNED_ASSERTION = frozenset({*(f"xsw{n}" for n in range(3, 9)), "xpath_transform"})


def signature_for(name: str, sign: str) -> str:
    """What must be signed for a fault to have its effect: `sign`, unless only one part will do."""
    if name in _OF_A_SIGNED_RESPONSE:
        return "response"
    return "assertion" if name in _OF_A_SIGNED_ASSERTION else sign


def sentences() -> dict[str, str]:
    """Each fault in a sentence."""
    return {name: (f.__doc__ or "").split("\n")[0] for name, f in FAULTS.items()}
