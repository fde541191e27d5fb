"""The directory's administrator, as a notebook holds her: everything goes over HTTP."""

from __future__ import annotations

from typing import Any

import requests

from helpers.providers.handle import ProviderError
from helpers.providers.saml import uris

_SECONDS = 30


class CompanyDirectory:
    """The company directory at https://idp.example.com, a SAML 2.0 identity provider."""

    entity_id = uris.ENTITY_ID
    metadata_url = uris.METADATA_URL
    sso_url = uris.SSO_URL
    slo_url = uris.SLO_URL
    portal_url = f"{uris.BASE}/portal"

    def register(self, entity_id: str, acs_url: str, **options: Any) -> dict[str, Any]:
        """Register a service provider, or register it anew; what the directory has written down.

        Options: slo_url, slo_binding ("post" or "redirect"), name_id_format (a URI, or
        "persistent", "emailAddress", "transient", "unspecified"), sign ("assertion", "response",
        "both"), signing_certificate and encryption_certificate (PEM, or base64 as in metadata),
        encryption_algorithm ("aes256-gcm", "aes128-gcm", "aes256-cbc", "aes128-cbc"),
        one_time_use, relay_state (for sign-ins from the portal), name (shown to people).
        ValueError says which one is wrong.
        """
        return self._post("apps", {"entity_id": entity_id, "acs_url": acs_url, **options})

    def metadata(self) -> str:
        """The metadata document, as a service provider fetches it."""
        return _ask("GET", self.metadata_url).content.decode()

    def people(self) -> list[dict[str, Any]]:
        """Everybody: username, password and claims (email, names, groups)."""
        return self._get("people")["people"]

    def change(self, username: str, **claims: Any) -> dict[str, Any]:
        """Set email, given_name, surname or groups (a list) of an employee; the new entry."""
        return self._post("people", {"username": username, "claims": claims})

    def put_in_group(self, username: str, group: str) -> dict[str, Any]:
        """Add an employee to a group; the new entry."""
        return self.change(username, groups=[*self._groups(username), group])

    def take_out_of_group(self, username: str, group: str) -> dict[str, Any]:
        """Remove an employee from a group; the new entry."""
        return self.change(username, groups=[g for g in self._groups(username) if g != group])

    def tell(self, entity_id: str, username: str, attributes: dict[str, Any]) -> dict[str, Any]:
        """Tell one app more about an employee: attributes by Name, each a text or a list of texts.

        They go out beside the usual claims from now on, in the place of those told before; an
        empty dict takes them back. ValueError for an unknown app or employee.
        """
        asked = {"entity_id": entity_id, "username": username, "attributes": attributes}
        return self._post("attributes", asked)

    def misbehave(self, how: str) -> None:
        """Spoil every Response from now on. ValueError for an unknown fault, naming the known."""
        if not isinstance(how, str):
            raise ValueError(f"how must be the name of a fault, not {how!r}")
        self._post("fault", {"how": how})

    def behave(self) -> None:
        """Send honest Responses again."""
        self._post("fault", {"how": None})

    def faults(self) -> dict[str, str]:
        """The ways to misbehave: name → what goes wrong."""
        return self._get("faults")["faults"]

    def _groups(self, username: str) -> list[str]:
        found = [p["claims"]["groups"] for p in self.people() if p["username"] == username]
        return found[0] if found else []

    def _get(self, name: str) -> Any:
        return self._control("GET", name)

    def _post(self, name: str, data: dict[str, Any]) -> Any:
        return self._control("POST", name, data)

    def _control(self, method: str, name: str, data: dict[str, Any] | None = None) -> Any:
        answer = _ask(method, f"{uris.BASE}/_lab/{name}", data)
        content = answer.json()
        if answer.status_code == 400:
            raise ValueError(content["message"])
        if answer.status_code != 200:
            raise ProviderError(f"the directory answered with status {answer.status_code}")
        return content


def _ask(method: str, url: str, data: dict[str, Any] | None = None) -> requests.Response:
    try:
        return requests.request(method, url, json=data, timeout=_SECONDS)
    except requests.RequestException as failure:
        text = "The company directory cannot be reached. Was lab.start() run?"
        raise ProviderError(text) from failure


def company_directory() -> CompanyDirectory:
    """The handle that `helpers.providers.company_directory()` returns."""
    return CompanyDirectory()
