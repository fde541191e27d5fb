"""One outside provider: its accounts, its apps, its tokens, and who is signed in."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from flask import Response, session

from helpers.providers.apps import App, checked_redirect_uri
from helpers.providers.brand import Brand
from helpers.providers.faults import Fault, faults_for
from helpers.providers.ids import Ids
from helpers.providers.keys import Keys
from helpers.providers.people import People, Person
from helpers.providers.records import Records, Session, Token


class Provider:
    """The state of one provider of one lesson. It knows no page and no endpoint."""

    def __init__(self, brand: Brand, seed: int | None) -> None:
        self.brand = brand
        self.ids = Ids(seed, brand.name)
        self.keys = Keys(self.ids)
        self.people = People(brand.claims_of, brand.subject_claim)
        self.records = Records()
        self.faults = faults_for(brand.features | {""})
        self.fault: Fault | None = None

    def register(self, redirect_uris: list[Any], signed_out_uris: list[Any]) -> App:
        """A new app, as a developer makes it in the brand's console. ValueError: a bad URL."""
        local = self.brand.loopback_redirects
        backs, outs = (
            tuple(checked_redirect_uri(uri, loopback=local) for uri in uris)
            for uris in (redirect_uris, signed_out_uris)
        )
        app = self.brand.new_app(self.ids, backs)
        app.signed_out_uris = outs
        self.records.apps[app.client_id] = app
        return app

    def at(self, stage: str, *given: Any) -> Any:
        """Let the fault in force act, if it belongs to this stage of the flow."""
        if self.fault is None or self.fault.stage != stage:
            return None
        return self.fault.act(*given)

    def claims_of(self, person: Person) -> dict[str, Any]:
        """What the provider says about a person at this moment."""
        claims = dict(person.claims)
        self.at("person", claims)
        return claims

    def meets(self, person: Person, app: App) -> bool:
        """Note that the person has signed in to the app; True for the first time."""
        pair = (person.username, app.client_id)
        first = pair not in self.records.met
        self.records.met.add(pair)
        return first

    def sign_in(self, person: Person) -> None:
        """Remember this browser, under a new session id."""
        sid = self.ids.token(32)
        self.records.sessions[sid] = Session(person.username, int(time.time()))
        session["sid"] = sid
        session.pop("form", None)

    def sign_out(self) -> None:
        """Forget this browser."""
        self.records.sessions.pop(session.get("sid", ""), None)
        session.clear()

    def signed_in(self) -> Person | None:
        """The person that this browser is signed in as."""
        known = self.records.sessions.get(session.get("sid", ""))
        return self.people.named(known.username) if known else None

    def signed_in_at(self) -> int:
        """When this browser signed in, in seconds since 1970; 0 if it has not."""
        known = self.records.sessions.get(session.get("sid", ""))
        return known.auth_time if known else 0

    def new_token(self, **about: Any) -> dict[str, Any]:
        """A fresh access token, with a refresh token if `include_refresh_token`."""
        token = {
            "access_token": self.brand.new_access_token(self.ids),
            "token_type": self.brand.token_type,
            "expires_in": self.brand.token_seconds,
            "scope": about["scope"] or "",
        }
        if about["include_refresh_token"]:
            token["refresh_token"] = self.brand.new_refresh_token(self.ids)
        return token

    def save_token(self, token: Mapping[str, Any], request: Any) -> None:
        """Remember a token, so that it opens what it was granted for."""
        code = request.authorization_code
        saved = Token(
            token["access_token"],
            token.get("refresh_token"),
            request.client.client_id,
            request.user.username,
            token["scope"],
            time.time(),
            token["expires_in"],
            auth_time=code.auth_time if code else 0,
            code=code.code if code else request.refresh_token.code,
        )
        self.at("saved", saved)
        self.records.tokens.append(saved)

    def answer(self, stage: str) -> Response | None:
        """The whole answer of an endpoint, if the fault in force replaces it."""
        instead = self.at(stage)
        return Response(instead[2], instead[0], content_type=instead[1]) if instead else None
