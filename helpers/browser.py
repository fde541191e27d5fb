"""The way from a notebook to a real browser: addresses that work here and on a JupyterHub."""

from __future__ import annotations

import html
import os
from urllib.parse import urlsplit


def base(served: str) -> str:
    """Where a browser finds the server at `served`, for example http://127.0.0.1:4566.

    On a JupyterHub the browser is on another machine: jupyter-server-proxy leads there. Else
    the name is localhost, as JupyterLab's own, so that cookies also reach a page in a frame.
    """
    port = urlsplit(served).port
    hub = os.environ.get("JUPYTERHUB_SERVICE_PREFIX")
    return f"{hub.rstrip('/')}/proxy/{port}" if hub else f"http://localhost:{port}"


class Frame:
    """A page shown in a notebook, and the link to it."""

    def __init__(self, url: str, address: str, height: int) -> None:
        self._url, self._address, self._height = url, address, height

    def __repr__(self) -> str:
        """What is said where no frame can be drawn; it does not change between runs."""
        parts = urlsplit(self._url)
        return f"<the page {parts.path or '/'} of {parts.hostname}, in a frame>"

    def _repr_html_(self) -> str:
        address, title = html.escape(self._address), html.escape(repr(self)[1:-1])
        return (
            f'<p><a href="{address}" target="_blank" rel="noopener">Open it in a tab</a></p>'
            f'<iframe src="{address}" title="{title}" width="100%" height="{self._height}" '
            'style="border: 1px solid #5f6368"></iframe>'
        )
