"""Every request comes in here: who is it, may they, who answers.

Nothing behind this file knows whether the request came from boto3 in the kernel or over HTTP.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from moto.core.request import Request

from helpers.cloud import (
    access_portal,
    authorization,
    aws_managed_policies,
    aws_sites,
    caller,
    handover,
    hosted_ui,
    iam_service,
    identity_center,
    identity_pools,
    identity_store,
    organizations,
    policy_documents,
    resources,
    s3,
    sts,
    user_pools,
    well_known,
    wire,
)
from helpers.cloud.call import Call, Operation
from helpers.cloud.errors import AwsError
from helpers.cloud.not_offered import refuse_operation
from helpers.cloud.refusals import refuse
from helpers.cloud.response import Response
from helpers.cloud.s3 import visibility
from helpers.cloud.service_authorization import is_public
from helpers.cloud.signature_errors import signature_error
from helpers.cloud.trace import Entry, hide, label
from helpers.cloud.wire import Target
from helpers.cloud.world import World

OPERATIONS: Mapping[str, Mapping[str, Operation]] = {
    "cognito-idp": user_pools.OPERATIONS,
    "cognito-identity": identity_pools.OPERATIONS,
    "sts": sts.OPERATIONS,
    "iam": iam_service.OPERATIONS,
    "identitystore": identity_store.OPERATIONS,
    "organizations": {**organizations.OPERATIONS, **identity_center.SERVICE_ACCESS},
    "sso": access_portal.PORTAL_OPERATIONS,
    "sso-admin": identity_center.OPERATIONS,
    "sso-oidc": access_portal.OIDC_OPERATIONS,
    "s3": s3.OPERATIONS,
}
# The services of the course whose resources moto keeps. What others do is not authorized as finely
# as AWS does it, and some of them act with the rights of a role that they are given.
FROM_MOTO = frozenset({"cognito-idp", "cognito-identity", "dynamodb", "iam", "s3", "sts"})
# Looked at before moto answers: documents that AWS would not accept.
CHECKS: Mapping[tuple[str, str], Callable[[Call], None]] = {
    **policy_documents.CHECKS,
    ("iam", "DeleteAccessKey"): iam_service.check_own_key,
    ("iam", "DeletePolicy"): iam_service.check_not_in_use,
    ("iam", "GetAccessKeyLastUsed"): iam_service.check_own_key,
    ("iam", "UpdateAccessKey"): iam_service.check_own_key,
}

_log = logging.getLogger(__name__)


def handle(world: World, request: Request) -> Response:
    """Answer one HTTP request. Whatever was sent, the answer is one that AWS would give."""
    request.get_data()  # keeps the bytes as they were signed, before a form is parsed from them
    with world.lock:
        response = _respond(world, request)
    if request.method == "HEAD":
        return replace(response, body=b"")
    return response


def _respond(world: World, request: Request) -> Response:
    if world.outside.knows(request.host):
        return world.outside.answer(request)
    if hosted_ui.asks_for(request):
        return hosted_ui.answer(world, request)
    if aws_sites.asks_for(request):
        return aws_sites.answer(world, request)
    service, region = wire.find_service(request)
    try:
        if address := well_known.asks_for(request):
            return well_known.publish(world, address)
        return _handle(world, service, region, request)
    except AwsError as refusal:
        return refuse(service, refusal, world.ids)
    except Exception:
        # A bug of ours must not let anyone in, nor show its inside.
        _log.exception("%s %s failed", request.method, request.path)
        failure = AwsError("InternalFailure", "We encountered an internal error.", 500)
        return refuse(service, failure, world.ids)


def _handle(world: World, service: str, region: str, request: Request) -> Response:
    target = wire.find_operation(service, region, request)
    who, early = _identify(world, target, request)
    entry = _record(world, target, who)
    try:
        if early is not None:
            raise early
        call = Call(
            world=world,
            service=service,
            operation=target.operation.name,
            region=region,
            account=who.principal.account or world.account,
            params=wire.parse(target, request),
            caller=who.principal,
            credentials=who.credentials,
            request=request,
        )
        entry.params = hide(call.params)
        return _answer(call, target, entry)
    except AwsError as refusal:
        entry.status, entry.error, entry.message = refusal.status, refusal.code, refusal.message
        raise


def _identify(
    world: World, target: Target, request: Request
) -> tuple[caller.Caller, AwsError | None]:
    """The caller, and the refusal if the signature is missing or not true."""
    nobody = caller.Caller(caller.ANONYMOUS)
    if is_public(target.service, target.operation.name):
        return nobody, None
    if not caller.is_signed(request):
        return nobody, None if target.service == "s3" else signature_error(
            target.service, "missing"
        )
    try:
        return caller.identify(world, target.service, request), None
    except AwsError as refusal:
        return nobody, refusal


def _record(world: World, target: Target, who: caller.Caller) -> Entry:
    return world.trace.add(
        at=world.clock.now().isoformat(),
        service=target.service,
        operation=target.operation.name,
        caller=label(who.principal),
        caller_arn=who.principal.arn,
        resource="",
        params={},
    )


def _answer(call: Call, target: Target, entry: Entry) -> Response:
    entry.verdicts = call.decisions
    try:
        if not is_public(call.service, call.operation):
            sts.check_session_token_limits(call)
            authorization.authorize(call)
        operation = OPERATIONS.get(call.service, {}).get(call.operation)
        if operation is not None:
            response = wire.answer(target, operation(call), call.request, call.world.ids)
        else:
            response = _from_moto(call, target)
    finally:
        if call.decisions:
            entry.resource = call.decisions[0].request.resource
    entry.status = response.status
    if response.status >= 400:
        entry.error, entry.message = _error_of(response)
    return response


def _from_moto(call: Call, target: Target) -> Response:
    """moto's answer, looked at before and after."""
    if call.service == "iam":
        aws_managed_policies.prepare(call)
        iam_service.check_not_protected(call)
    check = CHECKS.get((call.service, call.operation))
    if check is not None:
        check(call)
    if call.service not in FROM_MOTO:
        refuse_operation(call)
    plain = handover.plain_request(call, target)
    try:
        status, headers, body = resources.answer(call.service, plain)
    except (resources.NoSuchService, NotImplementedError):
        refuse_operation(call)
    except Exception as stumbled:
        # moto trips over some odd input that a service would turn away.
        _log.info("moto could not answer %s:%s", call.service, call.operation, exc_info=True)
        raise _not_understood(call.service) from stumbled
    if status == 404 and call.service == "s3" and call.operation in visibility.READS:
        visibility.check_missing_key(call)
    return Response(int(status), {k: str(v) for k, v in headers.items()}, _as_bytes(body))


def _not_understood(service: str) -> AwsError:
    code = {"s3": "InvalidRequest", "iam": "ValidationError", "sts": "ValidationError"}
    return AwsError(code.get(service, "ValidationException"), "The request is not valid.")


def _as_bytes(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body or b"")


_XML_CODE = re.compile(rb"<Code>([^<]*)</Code>")
_XML_MESSAGE = re.compile(rb"<Message>([^<]*)</Message>")
_JSON_CODE = re.compile(rb'"__type"\s*:\s*"(?:[^"#]*#)?([^"]*)"')
_JSON_MESSAGE = re.compile(rb'"[mM]essage"\s*:\s*"((?:[^"\\]|\\.)*)"')


def _error_of(response: Response) -> tuple[str, str]:
    """(code, message) of an error that moto wrote, for the trace."""
    code = _XML_CODE.search(response.body) or _JSON_CODE.search(response.body)
    message = _XML_MESSAGE.search(response.body) or _JSON_MESSAGE.search(response.body)
    found = [m[1].decode("utf-8", "replace") if m else "" for m in (code, message)]
    return found[0] or str(response.status), found[1]
