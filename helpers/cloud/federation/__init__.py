"""What a user pool does with outside identity providers: OpenID, social and SAML sign-in."""
