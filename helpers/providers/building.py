"""All outside sites, put together from their parts. Only this file knows all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from wsgiref.types import WSGIApplication

from helpers.providers import endpoints, lab_controls, photo_app, sign_in
from helpers.providers.authorization_server import AuthorizationServer
from helpers.providers.brand import Brand
from helpers.providers.brands import amazon, apple, facebook, google, openid
from helpers.providers.provider import Provider
from helpers.providers.saml import site as company_directory
from helpers.providers.site import AtHost, Route, provider_site


def build(seed: int | None) -> dict[str, WSGIApplication]:
    """Host name → WSGI application, for every host of the course."""
    everything: dict[str, WSGIApplication] = {photo_app.HOST: photo_app.photo_app()}
    for brand, own_routes in (
        (google.Google(), google.routes),
        (apple.Apple(), apple.routes),
        (amazon.Amazon(), amazon.routes),
        (facebook.Facebook(), facebook.routes),
        (openid.OpenId(), openid.routes),
    ):
        everything |= _provider(brand, own_routes, seed)
    return everything | company_directory.sites(seed)


def _provider(
    brand: Brand, own_routes: Callable[[AuthorizationServer], Iterable[Route]], seed: int | None
) -> dict[str, WSGIApplication]:
    """The hosts of one provider, with fresh state behind them."""
    server = AuthorizationServer(Provider(brand, seed))
    app = provider_site(brand, [*_shared_routes(server), *own_routes(server)])
    return {host: AtHost(host, app.wsgi_app) for host in brand.hosts()}


def _shared_routes(server: AuthorizationServer) -> Iterator[Route]:
    """What every provider answers; keys and discovery where the brand has an address for them."""
    provider, brand = server.provider, server.provider.brand
    yield brand.authorize_url, lambda **_: sign_in.authorize(server), ("GET", "POST")
    yield brand.token_url, lambda **_: endpoints.token(server), brand.token_methods
    if brand.keys_url:
        yield brand.keys_url, lambda: endpoints.keys(provider), ("GET",)
    if brand.discovery_url:
        yield brand.discovery_url, lambda: endpoints.discovery(provider), ("GET",)
    yield from lab_controls.routes(provider)
