"""The page and its interface: routes, and how errors reach the page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, HTTPException, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from glutecam import exercises
from glutecam.core.version import VERSION
from glutecam.errors import EnvironmentProblem, GlutecamError, InputError
from glutecam.records.sketch import sketch
from glutecam.settings import Settings
from glutecam.web import course, kept, refusals, scoring, shown, socket, texts, uploads
from glutecam.web.assets import assets
from glutecam.web.guard import Guard
from glutecam.web.jobs import Jobs
from glutecam.web.place import Place
from glutecam.web.seats import Seats
from glutecam.web.studio import Studio, studio_of

__all__ = ["BODY_LIMIT", "create_app"]

BODY_LIMIT = 64_000
"""Bytes of any request but an upload."""

ASKED = Depends(studio_of)
_DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def create_app(place: Place, settings: Settings, *, seats: int | None = None) -> FastAPI:
    """Return the application.

    Parameters
    ----------
    place : Place
        Where it is served: requests for another place are turned away.
    settings : Settings
    seats : int, optional
        How many may exercise at once.
    """
    app = FastAPI(
        title="glutecam",
        version=VERSION,
        # Their pages load scripts from elsewhere; the schema itself is at /api/openapi.json.
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=_lifespan,
    )
    app.state.studio = Studio(place, settings, Seats(seats))
    limits = {scoring.UPLOAD_PATH: uploads.LARGEST_UPLOAD}
    app.add_middleware(Guard, place=place, body_limit=BODY_LIMIT, limits=limits)
    for router in (kept.router, course.router, scoring.router, socket.router):
        app.include_router(router)
    _add_page(app)
    app.add_exception_handler(GlutecamError, _told)
    app.add_exception_handler(StarletteHTTPException, _plain)
    app.add_exception_handler(RequestValidationError, _invalid)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.jobs = Jobs(app.state.studio)
    try:
        yield
    finally:
        app.state.jobs.close()
        app.state.studio.close()


def _add_page(app: FastAPI) -> None:
    files = assets()

    @app.get("/", include_in_schema=False)
    def page() -> Response:
        return _file("index.html")

    @app.get("/static/{name}", include_in_schema=False)
    def static(name: str) -> Response:
        return _file(name)

    def _file(name: str) -> Response:
        if name not in files:
            raise HTTPException(404, "There is no such file.")
        # Asked for again each time: an upgraded glutecam must not meet yesterday's page.
        headers = {"cache-control": "no-cache"}
        return Response(files[name].content, media_type=files[name].media_type, headers=headers)

    app.get("/api/texts/{language}")(text)
    app.get("/api/exercises")(every_exercise)
    app.get("/api/exercises/{name}/drawing", response_class=Response)(drawing)
    app.get("/api/info")(info)


def text(language: Literal["en", "de"], studio: Studio = ASKED) -> dict[str, Any]:
    """Return all texts of a language, in the units of the settings."""
    return texts.catalogue(language, studio.settings.units)


def every_exercise(studio: Studio = ASKED) -> list[dict[str, Any]]:
    """List the exercises."""
    strict = studio.settings.strict
    return [shown.exercise_shown(studio.exercise(name), strict) for name in exercises.names()]


def drawing(name: Annotated[str, Path(max_length=64)]) -> Response:
    """Draw an exercise, as SVG."""
    drawn = exercises.get(name).drawing
    if drawn is None:
        raise HTTPException(404, "This exercise has no drawing.")
    headers = {"content-security-policy": _DRAWING_POLICY, "cache-control": "no-cache"}
    return Response(sketch(drawn, alone=True), media_type="image/svg+xml", headers=headers)


def info(studio: Studio = ASKED) -> dict[str, Any]:
    """Tell what this server is and how it is set."""
    settings = studio.settings
    return {
        "version": VERSION,
        "model": settings.model,
        "side": settings.side,
        "strict": settings.strict,
        "voice": settings.voice,
        "mirror": settings.mirror,
        "save": settings.save,
        "subject": settings.subject,
        "languages": list(texts.LANGUAGES),
        "largest_upload": uploads.LARGEST_UPLOAD,
        "local": studio.place.token is None,
    }


async def _told(_: Request, err: Exception) -> Response:
    status = 400 if isinstance(err, InputError) else 503
    if not isinstance(err, InputError | EnvironmentProblem):
        status = 500
    return JSONResponse({"error": str(err)}, status)


async def _plain(_: Request, err: Exception) -> Response:
    assert isinstance(err, StarletteHTTPException)
    return JSONResponse({"error": err.detail}, err.status_code, headers=err.headers)


async def _invalid(_: Request, err: Exception) -> Response:
    assert isinstance(err, RequestValidationError)
    return JSONResponse({"error": refusals.invalid(err.errors())}, 422)
