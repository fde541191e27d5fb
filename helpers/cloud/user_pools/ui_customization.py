"""How a pool's sign-in pages look: the style sheet and the logo of the classic hosted UI.

API reference, SetUICustomization; developer guide, "Customizing hosted UI (classic) branding".
"""

from __future__ import annotations

from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.user_pools import hosted_ui_css
from helpers.cloud.user_pools.directory import App, Pool, no_such_client, pool_of
from helpers.cloud.user_pools.domains import Customization, DomainSettings, settings_of

# The "client" whose style all clients have that have none of their own.
ALL = "ALL"
_LARGEST_LOGO = 100 * 1024
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"


def customization(app: App) -> tuple[str, bytes | None, str]:
    """(CSS, logo, CSSVersion) for a client's pages: its own or the pool's; empty if none is set.

    A client without a customization of its own shows that of ALL. The logo is a PNG or JPEG file.
    """
    domain = settings_of(app.pool)
    found = _applying(domain, app.client.id)[1] if domain else None
    return ("", None, "") if found is None else (found.css, found.logo, found.version)


def set_ui_customization(call: Call) -> dict[str, Any]:
    """SetUICustomization: style and logo together; what is not given is taken away."""
    pool = pool_of(call)
    domain, client_id = _domain(pool), _client_id(call, pool)
    css, logo = call.params.get("CSS", ""), call.params.get("ImageFile") or None
    hosted_ui_css.check(css)
    _check_logo(logo)
    before = domain.customizations.pop(client_id, None)
    if not css and not logo:
        return {"UICustomization": {"UserPoolId": pool.id, "ClientId": client_id}}
    now = call.world.clock.now()
    created = before.created if before else now
    version = now.strftime("%Y%m%d%H%M%S")
    made = Customization(css, logo, version, created, now)
    domain.customizations[client_id] = made
    return {"UICustomization": _described(pool, domain, client_id, made)}


def get_ui_customization(call: Call) -> dict[str, Any]:
    """GetUICustomization: the client's own, else the pool's, else nothing."""
    pool = pool_of(call)
    domain = _domain(pool)
    client_id, found = _applying(domain, _client_id(call, pool))
    shown = _described(pool, domain, client_id, found) if found else {}
    return {"UICustomization": shown}


def _applying(domain: DomainSettings, client_id: str) -> tuple[str, Customization | None]:
    own = domain.customizations.get(client_id)
    return (client_id, own) if own else (ALL, domain.customizations.get(ALL))


def _domain(pool: Pool) -> DomainSettings:
    domain = settings_of(pool)
    if domain is None:
        raise _invalid("There has to be an existing domain associated with this user pool")
    return domain


def _client_id(call: Call, pool: Pool) -> str:
    client_id = call.params.get("ClientId", ALL)
    if client_id != ALL and client_id not in pool.resource.clients:
        raise no_such_client(client_id)
    return client_id


def _check_logo(logo: bytes | None) -> None:
    if logo is None:
        return
    if len(logo) > _LARGEST_LOGO:
        raise _invalid("request parameters too large")
    if not logo.startswith((_PNG, _JPEG)):
        raise _invalid("The image must be a PNG, JPG or JPEG file.")


def _described(
    pool: Pool, domain: DomainSettings, client_id: str, shown: Customization
) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "UserPoolId": pool.id,
        "ClientId": client_id,
        "CSS": shown.css,
        "CSSVersion": shown.version,
        "CreationDate": shown.created,
        "LastModifiedDate": shown.modified,
    }
    if shown.logo:
        place = f"{pool.id}/{client_id}/{shown.version}/assets/images/image.jpg"
        answer["ImageUrl"] = f"https://{domain.distribution}/{place}"
    return answer


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
