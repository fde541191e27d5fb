"""May they? Every request is decided here before anything answers it."""

from __future__ import annotations

from datetime import datetime

from helpers.cloud import authorization_messages, organizations, policies
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.iam import Decision, Request, decide, denial_message
from helpers.cloud.service_authorization import Requirement, account_in, requirements

# What the service calls the refusal, and with which HTTP status.
_DENIED = {
    "s3": ("AccessDenied", 403),
    "iam": ("AccessDenied", 403),
    "sts": ("AccessDenied", 403),
    "lambda": ("AccessDeniedException", 403),
    "apigateway": ("AccessDeniedException", 403),
    "ec2": ("UnauthorizedOperation", 403),
}


# Services that do not write "on resource: *".
_NO_STAR = frozenset({"ec2", "s3", "sts"})

# However a bucket policy locks everybody out, the root user of the bucket's account can undo it.
# Source: Amazon S3 API Reference, PutBucketPolicy, GetBucketPolicy and DeleteBucketPolicy.
_ROOT_MAY_ALWAYS = frozenset({"PutBucketPolicy", "GetBucketPolicy", "DeleteBucketPolicy"})


def authorize(call: Call) -> None:
    """Decide everything the call needs. AwsError when it is refused as a whole.

    A refusal of one item of a batch is left in `call.refused_items`; the operation reports it.
    """
    for requirement in requirements(call):
        decision = judge(call, requirement)
        if decision.allowed or _is_owner_at_the_lock(call, requirement):
            continue
        if not requirement.item:
            raise denial(call, decision)
        call.refused_items[requirement.item] = message(call, decision)


def _owner(call: Call, requirement: Requirement) -> str:
    """The account that the resource belongs to: the caller's, where nothing tells."""
    named = requirement.resource_account or account_in(requirement.resource)
    return named or call.account


def _is_owner_at_the_lock(call: Call, requirement: Requirement) -> bool:
    owner = _owner(call, requirement)
    is_owner = call.caller.type == "Account" and call.caller.account == owner
    return is_owner and call.service == "s3" and call.operation in _ROOT_MAY_ALWAYS


def judge(call: Call, requirement: Requirement) -> Decision:
    """Decide one requirement and keep the decision with the call, for the trace."""
    owner = _owner(call, requirement)
    request = Request(
        principal=call.caller,
        action=requirement.action,
        resource=requirement.resource,
        resource_account=owner,
        context={
            **global_keys(call),
            **organizations.organization_keys("Resource", owner),
            **requirement.context,
        },
    )
    decision = decide(request, policies.applying(call.world, request, call.credentials))
    call.decisions.append(decision)
    return decision


def denial(call: Call, decision: Decision) -> AwsError:
    """The service's own refusal for a decision."""
    code, status = _DENIED.get(call.service, ("AccessDeniedException", 400))
    return AwsError(code, message(call, decision), status)


def message(call: Call, decision: Decision) -> str:
    """AWS's sentence, with the reason clause. Strangers to the account learn nothing more."""
    if call.service == "s3" and _is_stranger(decision):
        return "Access Denied"
    text = denial_message(
        decision,
        quote_resource=call.service == "s3",
        # Left out where there is none in particular, as for ListBuckets.
        show_resource=call.service not in _NO_STAR or decision.request.resource != "*",
    )
    return _for_ec2(call, decision, text) if call.service == "ec2" else text


def _for_ec2(call: Call, decision: Decision, text: str) -> str:
    """EC2's sentence around the common one; what it acts upon brings the sealed details along.

    Source: IAM User Guide, "Troubleshoot access denied error messages"; Amazon EC2 User Guide,
    "Troubleshoot identity and access".
    """
    text = f"You are not authorized to perform this operation. {text}"
    if decision.request.resource == "*":
        return text
    sealed = authorization_messages.seal(call.world, decision, call.account)
    return f"{text}. Encoded authorization failure message: {sealed}"


def _is_stranger(decision: Decision) -> bool:
    """Whether the caller is of another account, and of no organization of the resource's.

    Source: Amazon S3 User Guide, "Troubleshoot access denied (403 Forbidden) errors".
    """
    caller, owner = decision.request.principal.account, decision.request.owner
    return caller != owner and not organizations.same_organization(caller, owner)


def global_keys(call: Call) -> dict[str, str | list[str]]:
    """The condition keys that every request carries, and those of its session.

    Source: AWS IAM User Guide, "AWS global condition context keys". The loopback server stands
    for AWS's TLS endpoint, so aws:SecureTransport is true through it.
    """
    now = call.world.clock.now()
    keys: dict[str, str | list[str]] = {
        "aws:CurrentTime": _iso(now),
        "aws:EpochTime": str(int(now.timestamp())),
        "aws:SourceIp": call.request.remote_addr or "127.0.0.1",
        "aws:SecureTransport": "true",
        "aws:ViaAWSService": "false",
        "aws:PrincipalIsAWSService": "false",
    }
    for key, header in (("aws:UserAgent", "User-Agent"), ("aws:Referer", "Referer")):
        if header in call.request.headers:
            keys[key] = call.request.headers[header]
    keys |= organizations.organization_keys("Principal", call.caller.account)
    if call.credentials is not None:
        keys["aws:TokenIssueTime"] = _iso(call.credentials.issued)
        keys["aws:MultiFactorAuthPresent"] = "false"
        keys |= call.credentials.context
    return keys


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
