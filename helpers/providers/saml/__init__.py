"""A SAML 2.0 identity provider that plays a company directory: https://idp.example.com."""
