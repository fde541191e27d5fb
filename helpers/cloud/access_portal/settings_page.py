"""The page of the console on which an administrator chooses the identity source.

AWS has no operation for it either. Source: IAM Identity Center User Guide, "Change your identity
source"; Service Authorization Reference, "Actions for AWS IAM Identity Center directory".
"""

from __future__ import annotations

from helpers.cloud import authorization, identity_center
from helpers.cloud.access_portal import identity_source
from helpers.cloud.access_portal.visit import Visit
from helpers.cloud.call import Call
from helpers.cloud.console import home
from helpers.cloud.console.entrance import current
from helpers.cloud.console.state import ConsoleSession
from helpers.cloud.federation.saml.metadata_document import BadMetadata
from helpers.cloud.identity_center import Instance
from helpers.cloud.response import Response
from helpers.cloud.service_authorization import Requirement
from helpers.cloud.web import PageError

PATH = "/singlesignon/identity-source"
_PAGE = "identity_source.html"
# User Guide, "Using SAML and SCIM identity federation with external identity providers".
_LARGEST = 75_000
_DIRECTORY = "sso-directory:"
_TO_SEE = ("ListExternalIdPConfigurationsForDirectory",)
_TO_USE = (
    "CreateExternalIdPConfigurationForDirectory",
    "EnableExternalIdPConfigurationForDirectory",
)
_TO_LEAVE = ("DisableExternalIdPConfigurationForDirectory",)


def identity_source_page(visit: Visit) -> Response:
    """GET and POST /singlesignon/identity-source of the console: see it, change it."""
    session = current(visit)
    coming = visit.request.args.get("isauthcode") == "true"
    if coming or session is None or session.expires <= visit.world.clock.now():
        # The console itself says how one comes in, and leads back here.
        return home.show(visit)
    account = session.credentials.principal.account
    instance = identity_center.organization_instance(visit.world, account or "")
    if instance is None:
        raise PageError("This account has no instance of IAM Identity Center.")
    if visit.request.method == "POST":
        visit.check_csrf()
        return _change(visit, session, instance)
    _check(visit, session, instance, _TO_SEE)
    return _show(visit, instance)


def _change(visit: Visit, session: ConsoleSession, instance: Instance) -> Response:
    if visit.form.get("source") == "own":
        _check(visit, session, instance, _TO_LEAVE)
        identity_source.use_own_directory(visit.world, instance)
        return visit.redirect(PATH)
    _check(visit, session, instance, _TO_USE)
    given = visit.request.files.get("metadata")
    document = given.stream.read(_LARGEST + 1) if given else b""
    try:
        if len(document) > _LARGEST:
            raise BadMetadata("The metadata document is too long.")
        identity_source.use_external_provider(visit.world, instance, document)
    except BadMetadata as wrong:
        return _show(visit, instance, str(wrong) or "This is no SAML metadata.")
    return visit.redirect(PATH)


def _show(visit: Visit, instance: Instance, problem: str = "") -> Response:
    source = identity_source.service_provider(visit.world, instance)
    return visit.page(_PAGE, source=source, instance=instance, problem=problem)


def _check(
    visit: Visit, session: ConsoleSession, instance: Instance, actions: tuple[str, ...]
) -> None:
    """Whether whoever is in the console may. PageError with IAM's reason."""
    call = Call(
        world=visit.world,
        service="sso-directory",
        operation=actions[-1],
        region=instance.region,
        account=instance.account,
        params={},
        caller=session.credentials.principal,
        credentials=session.credentials,
        request=visit.request,
    )
    for action in actions:
        decision = authorization.judge(call, Requirement(f"{_DIRECTORY}{action}", "*"))
        if not decision.allowed:
            raise PageError(authorization.message(call, decision))
