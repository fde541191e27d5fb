"""SAML sign-in to AWS itself: the providers that IAM keeps, and what they say of a user."""

from helpers.cloud.aws_saml.sign_in import SamlSignIn, read_saml_sign_in

__all__ = ["SamlSignIn", "read_saml_sign_in"]
