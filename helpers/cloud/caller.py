"""Who signed this request, and is the signature true?

Signature Version 4 in its two forms, the Authorization header and the presigned URL. botocore
computes what the signature should be; the secret comes from this world's own records. Source:
AWS IAM User Guide, "AWS Signature Version 4 for API requests".
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote_plus

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as SigningKey
from botocore.utils import normalize_url_path
from moto.core.request import Request
from moto.core.utils import get_service_model

from helpers.cloud import resources
from helpers.cloud.errors import AwsError
from helpers.cloud.iam import Principal
from helpers.cloud.sessions import Credentials
from helpers.cloud.signature_errors import signature_error
from helpers.cloud.world import World

_SKEW = {"s3": timedelta(minutes=15)}
_WEEK = 7 * 24 * 3600
_UNSIGNED = "UNSIGNED-PAYLOAD"
_UNSIGNED_STREAM = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
_EMPTY = hashlib.sha256(b"").hexdigest()

ANONYMOUS = Principal(type="Anonymous", arn="", account="")


@dataclass(frozen=True)
class Caller:
    """A principal whose signature was true, with the temporary credentials it used, if any."""

    principal: Principal
    credentials: Credentials | None = None


@dataclass(frozen=True)
class _Signed:
    """The parts of a signature, from the header or from the URL."""

    key_id: str
    date: str
    region: str
    signing_name: str
    headers: tuple[str, ...]
    signature: str
    timestamp: str
    token: str
    expires: int | None  # seconds, presigned URLs only


def is_signed(request: Request) -> bool:
    """True when the request carries any kind of AWS signature, the outdated version 2 included."""
    marks = ("X-Amz-Signature", "X-Amz-Credential", "X-Amz-Algorithm", "AWSAccessKeyId")
    return "Authorization" in request.headers or any(mark in request.args for mark in marks)


def identify(world: World, service: str, request: Request) -> Caller:
    """The caller of a signed request. AwsError in the service's own words if it is not true."""
    signed = _read(service, request)
    _check_scope(service, signed)
    secret, caller = _look_up(world, service, signed)
    _check_time(world, service, signed)
    _check_signature(service, signed, secret, request)
    _check_all_signed(service, signed, request)
    _check_payload(service, request)
    return caller


def _read(service: str, request: Request) -> _Signed:
    if service == "s3" and _is_version_2(request):
        text = "The authorization mechanism you have provided is not supported."
        raise AwsError("InvalidRequest", f"{text} Please use AWS4-HMAC-SHA256.")
    scheme = request.headers.get("Authorization", "AWS4-HMAC-SHA256").split(" ")[0]
    if service == "s3" and scheme != "AWS4-HMAC-SHA256":
        raise AwsError("InvalidArgument", "Unsupported Authorization Type")
    try:
        signed = _from_header(request) if "Authorization" in request.headers else _from_url(request)
        datetime.strptime(signed.timestamp, "%Y%m%dT%H%M%SZ")
        return signed
    except (ValueError, KeyError, AttributeError, TypeError) as malformed:
        raise signature_error(service, "incomplete") from malformed


def _is_version_2(request: Request) -> bool:
    """Signature Version 2: buckets made after June 2020 do not accept it."""
    in_header = request.headers.get("Authorization", "").startswith("AWS ")
    return in_header or "AWSAccessKeyId" in request.args


_HEADER = re.compile(r"AWS4-HMAC-SHA256\s+(?P<fields>.*)", re.DOTALL)


def _from_header(request: Request) -> _Signed:
    fields = dict(
        part.strip().split("=", 1)
        for part in _HEADER.fullmatch(request.headers["Authorization"])["fields"].split(",")  # type: ignore[index]
    )
    key_id, date, region, name, end = fields["Credential"].split("/")
    if end != "aws4_request":
        raise ValueError(end)
    names = tuple(fields["SignedHeaders"].split(";"))
    token = request.headers.get("X-Amz-Security-Token", "")
    stamp = request.headers["X-Amz-Date"]
    if "host" not in names or (token and "x-amz-security-token" not in names):
        raise ValueError("host and token must be signed")
    return _Signed(key_id, date, region, name, names, fields["Signature"], stamp, token, None)


def _from_url(request: Request) -> _Signed:
    query = request.args
    if query["X-Amz-Algorithm"] != "AWS4-HMAC-SHA256":
        raise ValueError(query["X-Amz-Algorithm"])
    key_id, date, region, name, end = query["X-Amz-Credential"].split("/")
    names = tuple(query["X-Amz-SignedHeaders"].split(";"))
    expires = int(query["X-Amz-Expires"])
    if end != "aws4_request" or "host" not in names or not 0 < expires <= _WEEK:
        raise ValueError("presigned URL")
    token = query.get("X-Amz-Security-Token", "")
    stamp = query["X-Amz-Date"]
    return _Signed(
        key_id, date, region, name, names, query["X-Amz-Signature"], stamp, token, expires
    )


def _check_scope(service: str, signed: _Signed) -> None:
    """A signature made for one service opens no other."""
    wanted = get_service_model(service).signing_name
    if signed.signing_name == wanted:
        return
    if service == "s3":
        text = "The authorization header is malformed; incorrect service "
        text += f'"{signed.signing_name[:64]}". This endpoint belongs to "s3".'
        raise AwsError("AuthorizationHeaderMalformed", text)
    text = f"Credential should be scoped to correct service: '{wanted}'. "
    raise signature_error(service, "signature", text)


def _look_up(world: World, service: str, signed: _Signed) -> tuple[str, Caller]:
    """The secret behind an access key id and whose it is."""
    if hmac.compare_digest(signed.key_id.encode(), world.admin_key.encode()):
        if signed.token:
            raise signature_error(service, "token")
        return world.admin_secret, Caller(root(world.account))
    vended = world.sessions.find(signed.key_id)
    if vended is not None:
        if not hmac.compare_digest(vended.session_token.encode(), signed.token.encode()):
            raise signature_error(service, "token")
        if vended.expires <= world.clock.now():
            raise signature_error(service, "expired")
        return vended.secret_access_key, Caller(vended.principal, vended)
    found = _iam_user(signed.key_id)
    if found is None:
        raise signature_error(service, "unknown key")
    if signed.token:
        raise signature_error(service, "token")
    return found


def root(account: str) -> Principal:
    """The account root user."""
    return Principal(
        type="Account", arn=f"arn:aws:iam::{account}:root", account=account, user_id=account
    )


def account_of_key(key_id: str) -> str | None:
    """The account whose IAM made this long-term access key, None if none did."""
    for account in resources.accounts("iam"):
        if key_id in resources.backend("iam", account, "aws").access_keys:
            return account
    return None


def _iam_user(key_id: str) -> tuple[str, Caller] | None:
    account = account_of_key(key_id)
    if account is None:
        return None
    iam = resources.backend("iam", account, "aws")
    key = iam.access_keys[key_id]
    # By the key, not by the name that it was made under: users can be renamed.
    user = next((u for u in iam.users.values() if key in u.access_keys), None)
    if key.status != "Active" or user is None:
        return None
    tags = iam.tagger.get_tag_dict_for_resource(user.arn)
    principal = Principal(
        type="User",
        arn=user.arn,
        account=account,
        user_id=user.id,
        username=user.name,
        tags=tags,
    )
    return key.secret_access_key, Caller(principal)


def _check_time(world: World, service: str, signed: _Signed) -> None:
    made = datetime.strptime(signed.timestamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    now = world.clock.now()
    skew = _SKEW.get(service, timedelta(minutes=5))
    if signed.date != signed.timestamp[:8]:
        raise signature_error(service, "signature")
    if signed.expires is not None:
        if now >= made + timedelta(seconds=signed.expires) or made > now + skew:
            raise AwsError("AccessDenied", "Request has expired", 403)
        return
    if service == "s3":
        if abs(now - made) > skew:
            text = "The difference between the request time and the current time is too large."
            raise AwsError("RequestTimeTooSkewed", text, 403)
    elif made < now - skew:
        limit = (now - skew).strftime("%Y%m%dT%H%M%SZ")
        text = f"Signature expired: {signed.timestamp} is now earlier than {limit}"
        raise signature_error(service, "signature", f"{text} ({now:%Y%m%dT%H%M%SZ} - 5 min.)")
    elif made > now + skew:
        limit = (now + skew).strftime("%Y%m%dT%H%M%SZ")
        text = f"Signature not yet current: {signed.timestamp} is still later than {limit}"
        raise signature_error(service, "signature", f"{text} ({now:%Y%m%dT%H%M%SZ} + 5 min.)")


def _check_signature(service: str, signed: _Signed, secret: str, request: Request) -> None:
    signer = SigV4Auth(SigningKey(signed.key_id, secret), signed.signing_name, signed.region)
    stamped = AWSRequest()
    stamped.context["timestamp"] = signed.timestamp
    text = signer.string_to_sign(stamped, _canonical_request(service, signed, request))
    expected = signer.signature(text, stamped)
    if not hmac.compare_digest(expected.encode(), signed.signature.encode()):
        raise signature_error(service, "signature")


def _canonical_request(service: str, signed: _Signed, request: Request) -> str:
    """The request in the one spelling that both sides sign."""
    path = request.raw_path
    if service != "s3":
        path = quote(normalize_url_path(path), safe="/~")
    headers = [f"{name}:{_trimmed(request.headers.get(name, ''))}" for name in signed.headers]
    lines = [request.method, path, _canonical_query(request), *headers, ""]
    return "\n".join([*lines, ";".join(signed.headers), _payload_hash(service, signed, request)])


def _canonical_query(request: Request) -> str:
    pairs = []
    for part in filter(None, request.query_string.decode("latin-1").split("&")):
        key, _, value = part.partition("=")
        if key != "X-Amz-Signature":
            pairs.append(tuple(quote(unquote_plus(text), safe="-_.~") for text in (key, value)))
    return "&".join(f"{key}={value}" for key, value in sorted(pairs))


def _trimmed(value: str) -> str:
    return " ".join(value.split())


def _payload_hash(service: str, signed: _Signed, request: Request) -> str:
    if signed.expires is not None and service == "s3":
        return request.args.get("X-Amz-Content-Sha256", _UNSIGNED)
    claimed = request.headers.get("X-Amz-Content-SHA256")
    return claimed or hashlib.sha256(request.get_data()).hexdigest()


def _check_all_signed(service: str, signed: _Signed, request: Request) -> None:
    """No instruction counts that the signer did not sign, such as a source to copy from."""
    exempt = {"x-amz-content-sha256"} if signed.expires is not None else set()
    for name, _ in request.headers.items():
        lowered = name.lower()
        if not lowered.startswith("x-amz-") or lowered in {*signed.headers, *exempt}:
            continue
        if service != "s3":
            raise signature_error(service, "signature")
        text = "There were headers present in the request which were not signed"
        raise AwsError("AccessDenied", text, 403, HeadersNotSigned=lowered)


def _check_payload(service: str, request: Request) -> None:
    claimed = request.headers.get("X-Amz-Content-SHA256")
    if claimed is None or claimed in (_UNSIGNED, _UNSIGNED_STREAM):
        return
    if claimed.startswith("STREAMING-"):
        text = "A header you provided implies functionality that is not implemented"
        raise AwsError("NotImplemented", text, 501)
    body = request.get_data()
    actual = hashlib.sha256(body).hexdigest() if body else _EMPTY
    if not hmac.compare_digest(actual.encode(), claimed.encode()):
        if service != "s3":
            raise signature_error(service, "signature")
        text = "The provided 'x-amz-content-sha256' header does not match what was computed."
        raise AwsError("XAmzContentSHA256Mismatch", text)
