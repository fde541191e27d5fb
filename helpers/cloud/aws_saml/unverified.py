"""Which providers a SAML response names, before anything in it is known to be true.

The console's sign-in page is told no provider: it has to ask somebody whether a response is true.
Nothing that is read here may be used for anything else.
"""

from __future__ import annotations

from helpers.cloud.aws_saml.sign_in import ATTRIBUTE, read_roles
from helpers.cloud.federation.saml.verified import read_message
from helpers.cloud.federation.saml.xml import Malformed, children, name, text

_MOST = 50


def named_providers(message: str) -> list[str]:
    """The ARNs of the providers in the Role attribute; none if there is no such attribute."""
    try:
        root = read_message(message, "samlp:Response")
    except Malformed:
        return []
    values = [
        text(value)
        for attribute in root.iter(name("saml:Attribute"))
        if attribute.get("Name") == f"{ATTRIBUTE}Role"
        for value in children(attribute, "saml:AttributeValue")
    ]
    return list(dict.fromkeys(provider for _, provider in read_roles(values)))[:_MOST]
