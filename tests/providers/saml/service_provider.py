"""A service provider of another make (python3-saml), and a browser, for the tests."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import html
from onelogin.saml2.auth import OneLogin_Saml2_Auth as Auth
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser as MetadataParser
from werkzeug.test import Client, TestResponse

from helpers.providers.saml.keys import KeyPair, certificate_text, make_key_pair
from helpers.providers.saml.site import sites
from helpers.providers.saml.uris import BASE, HOST, SLO_URL, SSO_URL

ENTITY_ID = "urn:amazon:cognito:sp:us-east-1_Example"
ACS_URL = "https://photos.example.org/saml2/idpresponse"
LOGOUT_URL = "https://photos.example.org/saml2/logout"
PASSWORD = "Provider-pass1!"


@cache
def own_keys() -> KeyPair:
    return make_key_pair("photos.example.org")


@cache
def foreign_keys() -> KeyPair:
    return make_key_pair("elsewhere.example.org")


def pem(pair: KeyPair) -> str:
    return pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@dataclass
class Page:
    """An answer, with the form that is on it."""

    answer: TestResponse
    address: str

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def text(self) -> str:
        return self.answer.get_data(as_text=True)

    @property
    def fields(self) -> dict[str, str]:
        return dict(html.fromstring(self.text).forms[0].form_values())

    @property
    def action(self) -> str:
        return urljoin(self.address, html.fromstring(self.text).forms[0].action)

    @property
    def document(self) -> bytes:
        return base64.b64decode(self.fields["SAMLResponse"])


@dataclass
class Browser:
    """Visits the directory and keeps its cookies."""

    client: Client = field(default_factory=lambda: Client(sites(7)[HOST]))

    def get(self, url: str, **options: Any) -> Page:
        parts = urlsplit(urljoin(BASE, url))
        query = {"query_string": parts.query} if parts.query else {}
        return Page(self.client.get(parts.path, base_url=BASE, **query, **options), url)

    def post(self, url: str, data: dict[str, str], **options: Any) -> Page:
        path = urlsplit(urljoin(BASE, url)).path
        return Page(self.client.post(path, base_url=BASE, data=data, **options), url)

    def control(self, control: str, /, **data: Any) -> TestResponse:
        return self.client.post(f"/_lab/{control}", base_url=BASE, json=data)

    def log_in(self, page: Page, username: str = "alice", password: str = PASSWORD) -> Page:
        data = page.fields | {"username": username, "password": password}
        return self.post(page.action, data)

    def again(self) -> Browser:
        """Another browser, without cookies, at the same site."""
        return Browser(Client(self.client.application))


class ServiceProvider:
    """python3-saml in strict mode, registered with the directory."""

    def __init__(self, browser: Browser, **options: Any) -> None:
        self.browser = browser
        self.sign = options.get("sign", "assertion")
        self.signs_requests = "signing_certificate" in options
        defaults = {"entity_id": ENTITY_ID, "acs_url": ACS_URL, "name_id_format": "emailAddress"}
        answer = browser.control("apps", **(defaults | options))
        assert answer.status_code == 200, answer.json
        self.metadata = browser.get("/saml/metadata").answer.data
        self.request_id = ""

    def auth(self, form: dict[str, str] | None = None, query: str = "", path: str = "") -> Auth:
        """python3-saml, looking at a request to the service provider."""
        parts = {"https": "on", "http_host": "photos.example.org", "get_data": {}, "post_data": {}}
        parts |= {"script_name": path or urlsplit(ACS_URL).path}
        parts |= {"post_data": form} if form else {}
        if query:
            pairs = [pair.partition("=") for pair in query.split("&")]
            parts |= {"get_data": {k: unquote(v) for k, _, v in pairs}, "query_string": query}
        return Auth(parts, old_settings=self.settings())

    def settings(self) -> dict[str, Any]:
        signs = self.signs_requests
        security = {
            "wantAssertionsSigned": self.sign != "response",
            "wantMessagesSigned": self.sign != "assertion",
            "rejectDeprecatedAlgorithm": True,
            "authnRequestsSigned": signs,
            "logoutRequestSigned": signs,
            "signatureAlgorithm": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        }
        own = {
            "entityId": ENTITY_ID,
            "assertionConsumerService": {"url": ACS_URL},
            "singleLogoutService": {"url": LOGOUT_URL},
            "x509cert": certificate_text(own_keys().certificate),
            "privateKey": pem(own_keys()),
            "NameIDFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        }
        mine = {"strict": True, "debug": False, "sp": own, "security": security}
        theirs = {"idp": MetadataParser.parse(self.metadata)["idp"]}
        return MetadataParser.merge_settings(mine, theirs)

    def departure(self, relay_state: str = "where I was", **wishes: Any) -> str:
        """The address that a browser is sent to for signing in."""
        auth = self.auth()
        url = auth.login(return_to=relay_state, **wishes)
        self.request_id = auth.get_last_request_id()
        assert url.startswith(SSO_URL)
        return url

    def logout_url(self, name_id: str, session_index: str | None = None) -> str:
        """The address that a browser is sent to for signing out."""
        auth = self.auth()
        url = auth.logout(return_to="bye", name_id=name_id, session_index=session_index)
        self.request_id = auth.get_last_request_id()
        assert url.startswith(SLO_URL)
        return url

    def sign_in(self, username: str = "alice", **wishes: Any) -> Page:
        """Go to the directory, log in where asked to, and come back with its form."""
        page = self.browser.get(self.departure(**wishes))
        return self.browser.log_in(page, username) if "password" in page.text else page

    def arrive(self, page: Page) -> Auth:
        """Post the form on a page to the service provider, which checks it."""
        assert page.status == 200, page.text
        assert page.action == ACS_URL
        auth = self.auth(form=page.fields)
        auth.process_response(request_id=self.request_id or None)
        return auth


def refusal(auth: Auth) -> str:
    """Why python3-saml refuses; empty when it does not."""
    if not auth.get_errors():
        return ""
    return auth.get_last_error_reason() or ", ".join(auth.get_errors())
