"""The text of AWS's access denied errors.

Source: IAM User Guide, "Troubleshoot access denied error messages".
"""

from .decide import IDENTITY, TRUST, Decision, Result

_ARTICLES = {IDENTITY: "an", TRUST: "the"}


def denial_message(
    decision: Decision,
    *,
    quote_resource: bool = False,
    show_resource: bool = True,
    show_reason: bool = True,
) -> str:
    """The message of a denial, as AWS words it.

    S3 puts the ARN in double quotes, DynamoDB does not; some services leave out the resource or
    the reason. The anonymous caller is called `anonymous`.
    """
    request = decision.request
    caller = request.principal.arn or "anonymous"
    text = f"User: {caller} is not authorized to perform: {request.action}"
    if show_resource:
        resource = f'"{request.resource}"' if quote_resource else request.resource
        text += f" on resource: {resource}"
    return text + _because(decision) if show_reason else text


def _because(decision: Decision) -> str:
    policy_type = decision.reason_type
    if decision.result is Result.EXPLICIT_DENY:
        return f" with an explicit deny in {_ARTICLES.get(policy_type, 'a')} {policy_type}"
    return f" because no {policy_type} allows the {decision.request.action} action"
