"""Cognito's side of SAML 2.0: a user pool as service provider of a company's directory."""

from helpers.cloud.federation.saml.authn_request import depart
from helpers.cloud.federation.saml.logout import sign_out, signed_out
from helpers.cloud.federation.saml.response import arrive

__all__ = ["arrive", "depart", "sign_out", "signed_out"]
