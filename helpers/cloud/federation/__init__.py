"""What a user pool does with outside identity providers; `saml` also reads for other services."""
