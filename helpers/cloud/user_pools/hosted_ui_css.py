"""The style sheets that the classic hosted UI takes: a few classes, plain properties, no loads.

Developer guide, "Specifying CSS customizations in classic branding". What stands here ends up in
our pages, so it is read strictly: nothing but rules of known classes with known properties.
"""

from __future__ import annotations

import re

from helpers.cloud.errors import AwsError

_LARGEST = 3 * 1024
_CLASSES = frozenset(
    f".{name}"
    for name in (
        "background-customizable",
        "banner-customizable",
        "errorMessage-customizable",
        "idpButton-customizable",
        "idpButton-customizable:hover",
        "idpDescription-customizable",
        "inputField-customizable",
        "inputField-customizable:focus",
        "label-customizable",
        "legalText-customizable",
        "logo-customizable",
        "passwordCheck-notValid-customizable",
        "passwordCheck-valid-customizable",
        "redirect-customizable",
        "socialButton-customizable",
        "submitButton-customizable",
        "submitButton-customizable:hover",
        "textDescription-customizable",
    )
)
# Those that the guide lists for one class or another, or that AWS's own template has.
_PROPERTIES = frozenset(
    {
        "background",
        "background-color",
        "border",
        "border-color",
        "border-radius",
        "box-sizing",
        "color",
        "display",
        "font-size",
        "font-weight",
        "height",
        "margin",
        "margin-bottom",
        "max-height",
        "max-width",
        "outline",
        "padding",
        "padding-bottom",
        "padding-top",
        "text-align",
        "width",
    }
)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_NUMBERS = r"\(\s*[0-9.]+%?(?:(?:\s*[,/]\s*|\s+)[0-9.]+%?){2,3}\s*\)"
_WORD = rf"(?:(?:rgb|hsl)a?{_NUMBERS}|#[0-9A-Fa-f]{{3,8}}|[-+]?[0-9.]+(?:[a-z]+|%)?|[A-Za-z-]+)"
_VALUE = re.compile(rf"{_WORD}(?:\s+{_WORD})*(?:\s*!important)?")


def check(css: str) -> None:
    """Refuse a style sheet that SetUICustomization does not take. InvalidParameterException."""
    if len(css.encode("utf-8", "surrogatepass")) > _LARGEST:
        raise _invalid("request parameters too large")
    if "<" in css:
        # Not in a comment either: it could end the style element of the page.
        raise _invalid("The CSS cannot contain HTML.")
    left = _COMMENT.sub(" ", css).strip()
    while left:
        rule = _RULE.match(left)
        if rule is None:
            raise _invalid("The CSS is not valid.")
        _check_rule(rule[1], rule[2])
        left = left[rule.end() :].lstrip()


def _check_rule(selectors: str, body: str) -> None:
    for selector in selectors.split(","):
        if selector.strip() not in _CLASSES:
            name = selector.strip()[:128]
            raise _invalid(f"The CSS class {name} is not in the list of allowed classes.")
    for declaration in body.split(";"):
        if not declaration.strip():
            continue
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name not in _PROPERTIES:
            raise _invalid(f"The CSS property {name[:128]} is not in the list of allowed ones.")
        if not _VALUE.fullmatch(value):
            raise _invalid(f"The value of the CSS property {name} is not valid.")


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
