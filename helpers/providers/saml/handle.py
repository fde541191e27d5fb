"""The directory's administrator, as a notebook holds her: everything goes over HTTP."""

from __future__ import annotations

from typing import Any

import requests

from helpers.providers.saml import uris

_TIMEOUT = 60


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
        answer = requests.get(self.metadata_url, timeout=_TIMEOUT)
        answer.raise_for_status()
        return answer.content.decode()

    def people(self) -> list[dict[str, Any]]:
        """Everybody: username, password and claims (email, names, groups)."""
        return self._get("people")["people"]

    def change(self, username: str, **claims: Any) -> dict[str, Any]:
        """Set email, given_name, surname or groups (a list) of an employee; the new entry."""
        return self._post("people", {"username": username, **claims})

    def put_in_group(self, username: str, group: str) -> dict[str, Any]:
        """Add an employee to a group; the new entry."""
        groups = self._groups(username)
        return self.change(username, groups=[*groups, *([] if group in groups else [group])])

    def take_out_of_group(self, username: str, group: str) -> dict[str, Any]:
        """Remove an employee from a group; the new entry."""
        return self.change(username, groups=[g for g in self._groups(username) if g != group])

    def misbehave(self, how: str) -> None:
        """Spoil every Response from now on. ValueError for an unknown fault, naming the known."""
        self._post("fault", {"how": how})

    def behave(self) -> None:
        """Send honest Responses again."""
        self._post("fault", {"how": None})

    def faults(self) -> list[str]:
        """The names that `misbehave` takes."""
        return list(self._get("faults")["faults"])

    def what_is(self, how: str) -> str:
        """A fault in a sentence. KeyError for an unknown one."""
        return self._get("faults")["faults"][how]

    def _groups(self, username: str) -> list[str]:
        found = [p["claims"]["groups"] for p in self.people() if p["username"] == username]
        return found[0] if found else []

    def _get(self, name: str) -> Any:
        return _content(requests.get(f"{uris.BASE}/_lab/{name}", timeout=_TIMEOUT))

    def _post(self, name: str, data: dict[str, Any]) -> Any:
        return _content(requests.post(f"{uris.BASE}/_lab/{name}", json=data, timeout=_TIMEOUT))


def _content(answer: requests.Response) -> Any:
    content = answer.json()
    if answer.status_code == 400:
        raise ValueError(content["message"])
    answer.raise_for_status()
    return content
