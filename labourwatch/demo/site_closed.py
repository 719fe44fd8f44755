"""Sites that cannot be read: one refuses robots with a challenge, one has a dead API behind it."""

from __future__ import annotations

from aiohttp import web

_CHALLENGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Security Checkpoint</title></head>
<body><p>We are verifying your browser.</p>
<noscript>Enable JavaScript to continue.</noscript></body></html>
"""
_SHELL = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Jobs</title></head>
<body><div id="__nuxt"></div><script>window.__NUXT__={}</script></body></html>
"""
_DEAD = """\
<!doctype html>
<html lang="en"><head><title>522: Connection timed out</title></head>
<body><h1>Error 522</h1><p>Connection timed out.</p></body></html>
"""


def refusing_site() -> web.Application:
    """Every read is answered with 429 and a challenge page, robots.txt included."""

    async def challenge(_request: web.Request) -> web.Response:
        return web.Response(
            status=429, text=_CHALLENGE, content_type="text/html", headers={"Retry-After": "3600"}
        )

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", challenge)
    return app


def dead_api_site() -> web.Application:
    """The front is a script's shell without adverts; its API times out at the gateway (522)."""

    async def robots(_request: web.Request) -> web.Response:
        return web.Response(text="# Managed by the gateway.\n# No rules.\n")

    async def front(_request: web.Request) -> web.Response:
        return web.Response(text=_SHELL, content_type="text/html")

    async def dead(_request: web.Request) -> web.Response:
        return web.Response(status=522, text=_DEAD, content_type="text/html")

    app = web.Application()
    app.add_routes([web.get("/robots.txt", robots), web.get("/", front)])
    app.router.add_route("*", "/api/{path:.*}", dead)
    return app
