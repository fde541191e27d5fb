"""Pages made from templates, without scripts, outside assets or inline styles."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, select_autoescape

from helpers.cloud.response import Response

_HERE = "helpers.cloud.web"

# Only a page of this machine may put one of ours into a frame, as a notebook does. AWS's pages
# stand in no frame at all.
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
        "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def page(package: str, name: str, status: int = 200, **values: Any) -> Response:
    """A page from the template `name` of a package; it may build on the shared ones here."""
    text = _templates(package).get_template(name).render(**values)
    return Response(status, dict(HEADERS), text.encode("utf-8", "replace"))


def form_page(package: str, name: str, csrf: str, **values: Any) -> Response:
    """A page with a form that carries `csrf`. A complaint (`problem`) makes its status 400."""
    status = 400 if values.get("problem") else 200
    return page(package, name, status, csrf=csrf, **values)


def problem_page(status: int, reason: str, root: str = "") -> Response:
    """A page of AWS's that says why there is nothing else to see.

    `root` leads from the page to its host's root, for example "../".
    """
    return page(_HERE, "aws_problem.html", status, problem=reason, root=root)


def style_sheet(package: str, name: str) -> Response:
    """A style sheet from a package's templates."""
    css = resources.files(package).joinpath(f"templates/{name}").read_text()
    return Response(200, {**HEADERS, "Content-Type": "text/css; charset=utf-8"}, css.encode())


def aws_style_sheet() -> Response:
    """The style of AWS's own sites."""
    return style_sheet(_HERE, "aws.css")


@cache
def _templates(package: str) -> Environment:
    loaders = [PackageLoader(each, "templates") for each in dict.fromkeys((package, _HERE))]
    return Environment(
        loader=ChoiceLoader(loaders),
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
