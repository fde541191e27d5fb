"""Whatever is sent, the answer is one that AWS could give."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from helpers.cloud.not_offered import refuse_operation
from helpers.cloud.user_pools import OPERATIONS

MAP_KEYS = (
    "USERNAME",
    "PASSWORD",
    "SRP_A",
    "SECRET_HASH",
    "REFRESH_TOKEN",
    "NEW_PASSWORD",
    "PASSWORD_CLAIM_SECRET_BLOCK",
    "PASSWORD_CLAIM_SIGNATURE",
    "TIMESTAMP",
    "userAttributes.email",
)
ODD = ("", "x" * 5000, "\ud800", "\x00\n", "-1", "{####}{username}", "email", "٣", "true")


def fill(shape: Any, text: str, known: dict[str, str], name: str = "", depth: int = 0) -> Any:
    """Parameters of the right shape, every free text in them the odd one."""
    if name in known:
        return known[name]
    if shape.type_name == "structure":
        members = shape.members.items() if depth < 3 else ()
        return {n: fill(s, text, known, n, depth + 1) for n, s in members}
    if shape.type_name == "list":
        return [fill(shape.member, text, known, "", depth + 1)]
    if shape.type_name == "map":
        return dict.fromkeys(MAP_KEYS, fill(shape.value, text, known, "", depth + 1))
    if shape.type_name == "string":
        return shape.enum[0] if shape.enum else text
    if shape.type_name == "blob":
        return text.encode("utf-8", "surrogatepass")
    return {"boolean": True, "integer": 10**9, "long": 10**9}.get(shape.type_name, text)


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_no_operation_breaks(pool, text):
    pool.join("alice")
    tokens = pool.sign_in("alice")
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    idp = boto3.client("cognito-idp", config=config)
    known = {"UserPoolId": pool.id, "ClientId": pool.client, "AccessToken": tokens["AccessToken"]}
    last = ("AdminDeleteUser", "DeleteUser", "DeleteUserPoolClient", "DeleteUserPool")
    names = [n for n, f in OPERATIONS.items() if f is not refuse_operation and n not in last]
    for name in [*names, *last]:
        shape = idp.meta.service_model.operation_model(name).input_shape
        for user in ("alice", text):
            params = fill(shape, text, {**known, "Username": user})
            params.pop("LambdaConfig", None)
            try:
                idp._make_api_call(name, params)
            except ClientError as refusal:
                status = refusal.response["ResponseMetadata"]["HTTPStatusCode"]
                assert status in (400, 501), (name, refusal)
