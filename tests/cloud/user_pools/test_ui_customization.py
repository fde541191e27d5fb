from __future__ import annotations

import pytest

from helpers.cloud.user_pools.directory import App, find_pool
from helpers.cloud.user_pools.ui_customization import customization

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 40
CSS = ".banner-customizable { background-color: lightgray; padding: 25px 0px 25px 0px; }"
NO_DOMAIN = "There has to be an existing domain associated with this user pool"
# The template that AWS's console offers for download, as far as the guide describes it.
TEMPLATE = """
.logo-customizable { max-width: 60%; max-height: 30%; }
.banner-customizable { padding: 25px 0px 25px 0px; background-color: lightgray; }
.label-customizable { font-weight: 400; }
.textDescription-customizable, .idpDescription-customizable {
  padding-top: 10px; padding-bottom: 10px; display: block; font-size: 16px;
}
.legalText-customizable { color: #747474; font-size: 11px; }
.submitButton-customizable {
  font-size: 11px; font-weight: bold; margin: 20px -15px 10px -13px; height: 40px; width: 108%;
  color: #fff; background-color: #337ab7; text-align: center;
}
.submitButton-customizable:hover { color: #fff; background-color: #286090; }
/* { } @import "x"; are no rules in here */
.errorMessage-customizable { background: #F5F5F5; border: 2px solid #D64958; box-sizing: inherit }
.inputField-customizable { border: 1px solid #ccc; border-radius: 0px; width: 100%; }
.inputField-customizable:focus { border-color: #66afe9; outline: 0; }
.idpButton-customizable { margin-bottom: 15px; border-color: rgba(70, 184, 218, .5); }
.idpButton-customizable:hover { color: rgb(255 255 255); }
.socialButton-customizable { height: 40px; text-align: left; }
.redirect-customizable { text-align: center; }
.passwordCheck-notValid-customizable { color: #DF3312; }
.passwordCheck-valid-customizable { color: hsl(125, 80%, 40%) !important; }
.background-customizable { background-color: #fff; }
"""


@pytest.fixture
def pool(make_pool):
    made = make_pool()
    made.idp.create_user_pool_domain(UserPoolId=made.id, Domain="photos")
    return made


def style(pool, **settings):
    return pool.idp.set_ui_customization(UserPoolId=pool.id, **settings)["UICustomization"]


def shown(pool, **settings):
    return pool.idp.get_ui_customization(UserPoolId=pool.id, **settings)["UICustomization"]


def on_page(pool, client=""):
    found = find_pool(pool.world, "123456789012", "us-east-1", pool.id)
    return customization(App(found, found.resource.clients[client or pool.client]))


def test_a_pool_without_a_domain_has_no_pages(make_pool, refused):
    pool = make_pool()
    with refused("InvalidParameterException", NO_DOMAIN):
        style(pool, CSS=CSS)
    with refused("InvalidParameterException", NO_DOMAIN):
        shown(pool)
    assert on_page(pool) == ("", None, "")


def test_unknown_pools_and_clients(pool, refused):
    with refused("ResourceNotFoundException", "User pool client nobody does not exist."):
        style(pool, ClientId="nobody", CSS=CSS)
    with refused("ResourceNotFoundException", "User pool client nobody does not exist."):
        shown(pool, ClientId="nobody")
    with refused("ResourceNotFoundException"):
        pool.idp.get_ui_customization(UserPoolId="us-east-1_none")


@pytest.mark.parametrize(
    "selector",
    [
        ".other",
        "body",
        "*",
        "#x",
        "banner-customizable",
        ".banner-customizable:hover",
        ".banner-customizable .label-customizable",
        ".banner-customizable, body",
        ".banner-customizable::after",
        ".label-customizable[x]",
    ],
)
def test_only_the_documented_classes(pool, refused, selector):
    with refused("InvalidParameterException"):
        style(pool, CSS=f"{selector} {{ color: red; }}")
    assert shown(pool) == {}


def test_the_class_is_named(pool, refused):
    message = "The CSS class .other is not in the list of allowed classes."
    with refused("InvalidParameterException", message):
        style(pool, CSS=f"{CSS} .other {{ color: red; }}")


@pytest.mark.parametrize("name", ["position", "content", "behavior", "-moz-binding", "--x", ""])
def test_only_the_documented_properties(pool, refused, name):
    with refused("InvalidParameterException"):
        style(pool, CSS=f".label-customizable {{ {name}: red; }}")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "url(https://evil.example.com/x.png)",
        "url('x')",
        "u\\72l(x)",
        "expression(alert(1))",
        "javascript:alert(1)",
        "red; } body { color: red",
        "</style><script>alert(1)</script>",
        "<b>",
        '"x"',
        "var(--x)",
        "image-set(x)",
        "rgb(1,2,3",
        "@import x",
        "red\x00",
        "r\u0435d",
    ],
)
def test_values_that_load_run_or_end_the_style_sheet(pool, refused, value):
    with refused("InvalidParameterException"):
        style(pool, CSS=f".background-customizable {{ background: {value}; }}")
    assert on_page(pool) == ("", None, "")


@pytest.mark.parametrize(
    "css",
    [
        '@import "https://evil.example.com/x.css";',
        "@import url(x);" + CSS,
        "@media screen { .label-customizable { color: red } }",
        "@supports (color: red) { .label-customizable { color: red } }",
        "@page { margin: 0 }",
        ".label-customizable { color: red",
        ".label-customizable { .banner-customizable { color: red } }",
        ".label-customizable } color: red {",
        "color: red",
        "}",
        f"{CSS} /* never ends",
        f"/* {CSS} */ */",
        "<!-- -->",
        "/* </style><script>alert(1)</script> */",
        ".label-customizable { color red }",
    ],
)
def test_style_sheets_that_are_none(pool, refused, css):
    with refused("InvalidParameterException"):
        style(pool, CSS=css)


def test_a_style_sheet_has_at_most_3_kilobytes(pool, refused):
    rule = ".label-customizable { color: red; }\n"
    with refused("InvalidParameterException"):
        style(pool, CSS=rule * 90)
    with refused("InvalidParameterException"):
        style(pool, CSS=f"/* {'é' * 1600} */")
    style(pool, CSS=rule * 80)


@pytest.mark.parametrize(
    "logo", [b"GIF89a" + b"\x00" * 20, b"<svg onload='alert(1)'/>", b"RIFF....WEBP", b"\x89PNG"]
)
def test_a_logo_is_png_or_jpeg(pool, refused, logo):
    with refused("InvalidParameterException"):
        style(pool, ImageFile=logo)
    assert on_page(pool) == ("", None, "")


def test_a_logo_has_at_most_100_kilobytes(pool, refused):
    with refused("InvalidParameterException", "request parameters too large"):
        style(pool, ImageFile=PNG + b"\x00" * 102_400)
    style(pool, ImageFile=PNG + b"\x00" * 50_000)


def test_the_look_of_managed_login_is_not_offered(pool, refused):
    message = "The offline cloud does not offer cognito-idp:CreateManagedLoginBranding"
    with refused("NotImplementedException", message):
        pool.idp.create_managed_login_branding(UserPoolId=pool.id, ClientId=pool.client)


def test_nothing_is_set_at_first(pool):
    assert (shown(pool), shown(pool, ClientId=pool.client)) == ({}, {})
    assert on_page(pool) == ("", None, "")


def test_a_style_for_all_clients(pool):
    made = style(pool, CSS=CSS, ImageFile=JPEG)
    assert made == shown(pool) == shown(pool, ClientId="ALL") == shown(pool, ClientId=pool.client)
    assert (made["ClientId"], made["CSS"]) == ("ALL", CSS)
    assert made["CSSVersion"] == "20260115120000"
    assert made["ImageUrl"].endswith(
        f".cloudfront.net/{pool.id}/ALL/20260115120000/assets/images/image.jpg"
    )
    assert on_page(pool) == (CSS, JPEG, "20260115120000")


def test_a_client_with_a_style_of_its_own(pool):
    style(pool, CSS=CSS)
    other = pool.new_app()["ClientId"]
    own = ".label-customizable { color: red; }"
    style(pool, ClientId=other, CSS=own, ImageFile=PNG)
    assert on_page(pool, other)[:2] == (own, PNG)
    assert on_page(pool)[:2] == (CSS, None)
    assert shown(pool, ClientId=other)["ClientId"] == other


def test_what_is_not_given_is_taken_away(pool):
    first = style(pool, CSS=CSS, ImageFile=PNG)
    pool.cloud.clock.advance(minutes=1)
    second = style(pool, CSS=CSS)
    assert "ImageUrl" not in second
    assert second["CSSVersion"] > first["CSSVersion"]
    assert second["CreationDate"] == first["CreationDate"] < second["LastModifiedDate"]
    style(pool)
    assert (shown(pool), on_page(pool)) == ({}, ("", None, ""))


def test_a_style_goes_with_its_domain(pool):
    style(pool, CSS=CSS)
    pool.idp.delete_user_pool_domain(UserPoolId=pool.id, Domain="photos")
    pool.idp.create_user_pool_domain(UserPoolId=pool.id, Domain="photos")
    assert (shown(pool), on_page(pool)) == ({}, ("", None, ""))


def test_pools_do_not_share_their_style(pool, make_pool):
    other = make_pool()
    other.idp.create_user_pool_domain(UserPoolId=other.id, Domain="albums")
    style(pool, CSS=CSS)
    assert (shown(other), on_page(other)) == ({}, ("", None, ""))


def test_the_style_sheet_of_the_guide_is_taken(pool):
    assert style(pool, CSS=TEMPLATE)["CSS"] == TEMPLATE
    assert on_page(pool)[0] == TEMPLATE


def test_the_trace_shows_the_size_of_a_logo(pool):
    style(pool, ImageFile=PNG)
    assert pool.cloud.trace[-1].params["ImageFile"] == f"<{len(PNG)} bytes>"
