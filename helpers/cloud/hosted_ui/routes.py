"""Which function answers which path of a domain."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from moto.core.request import Request

from helpers.cloud.hosted_ui import (
    account_pages,
    authorize,
    federated,
    pages,
    revoke,
    second_factor_pages,
    sign_in_pages,
    sign_out,
    token_endpoint,
    user_info,
)
from helpers.cloud.hosted_ui.visit import Visit
from helpers.cloud.response import Response

Route = Callable[[Visit], Response]

ROUTES: Mapping[str, Mapping[str, Route]] = {
    "/oauth2/authorize": {"GET": authorize.authorize},
    "/oauth2/token": {"POST": token_endpoint.token},
    "/oauth2/userInfo": {"GET": user_info.user_info, "POST": user_info.user_info},
    "/oauth2/revoke": {"POST": revoke.revoke},
    "/oauth2/idpresponse": {
        "GET": federated.openid_response,
        "POST": federated.openid_response,
    },
    "/saml2/idpresponse": {"POST": federated.saml_response},
    "/saml2/logout": {"GET": sign_out.saml_logout, "POST": sign_out.saml_logout},
    "/login": {"GET": sign_in_pages.login, "POST": sign_in_pages.login},
    "/newPassword": {"POST": sign_in_pages.new_password},
    "/mfa": {"GET": second_factor_pages.code, "POST": second_factor_pages.code},
    "/mfaResend": {"POST": second_factor_pages.send_again},
    "/mfaSelect": {"GET": second_factor_pages.select, "POST": second_factor_pages.select},
    "/mfaSetup": {"GET": second_factor_pages.set_up, "POST": second_factor_pages.set_up},
    "/signup": {"GET": account_pages.sign_up, "POST": account_pages.sign_up},
    "/confirm": {"GET": account_pages.confirm, "POST": account_pages.confirm},
    "/resendcode": {"POST": account_pages.resend_code},
    "/forgotPassword": {
        "GET": account_pages.forgot_password,
        "POST": account_pages.forgot_password,
    },
    "/confirmForgotPassword": {
        "GET": account_pages.confirm_forgot_password,
        "POST": account_pages.confirm_forgot_password,
    },
    "/logout": {"GET": sign_out.logout},
    "/error": {"GET": pages.error},
    "/style.css": {"GET": pages.style_sheet},
}


def find_route(request: Request) -> Route | Response:
    """The function for a request, or the answer if there is none: 404 or 405."""
    methods = ROUTES.get(request.path)
    if methods is None:
        return pages.not_found()
    method = "GET" if request.method == "HEAD" else request.method
    if method in methods:
        return methods[method]
    allowed = ", ".join(sorted({*methods, "OPTIONS"}))
    status = 204 if method == "OPTIONS" else 405
    return Response(status, {"Allow": allowed}, b"")
