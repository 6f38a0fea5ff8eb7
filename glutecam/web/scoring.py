"""Dropped videos and finished sets over HTTP: upload, progress, summary, report, keep."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.requests import ClientDisconnect

from glutecam.core.assessment import Side
from glutecam.records.letterhead import letterhead_of
from glutecam.records.report import html_report
from glutecam.web import shown, uploads
from glutecam.web.jobs import Job, Jobs
from glutecam.web.studio import Result, Studio, studio_of

__all__ = ["UPLOAD_PATH", "router"]

UPLOAD_PATH = "/api/score"
_REPORT_POLICY = "sandbox allow-scripts allow-modals allow-downloads; frame-ancestors 'none'"
_LONGEST_NAME = 120

router = APIRouter(prefix="/api")


def _jobs_of(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


ASKED = Depends(studio_of)
QUEUE = Depends(_jobs_of)
Name = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{16}$")]


@router.post("/score", status_code=202)
async def score(
    request: Request,
    exercise: Annotated[str, Query(max_length=64)],
    side: Literal["auto", "left", "right"] = "auto",
    strict: bool = False,
    name: Annotated[str, Query(max_length=400)] = "video",
    studio: Studio = ASKED,
    jobs: Jobs = QUEUE,
) -> dict[str, Any]:
    """Take a video as the body of the request and judge it; the answer says where to ask for it."""
    chosen = studio.exercise(exercise)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in uploads.CONTENT_TYPES:
        raise HTTPException(
            415,
            f"'{kind[:60]}' is no kind of video that is taken here: MP4, MOV, WebM, MKV or AVI.",
        )
    if jobs.full:
        raise HTTPException(503, "Other videos are waiting already. Try again when one is done.")
    try:
        path = await uploads.received(request.stream(), jobs.folder)
    except ClientDisconnect as err:
        raise HTTPException(400, "The upload broke off.") from err
    job = Job(path, _plain(name), chosen, Side.of(side), strict)
    return {"job": jobs.add(job)}


@router.get("/score/{name}")
def progress(name: Name, jobs: Jobs = QUEUE) -> dict[str, Any]:
    """Tell how far a video is."""
    job = _job(jobs, name)
    return {
        "state": job.state.value,
        "share": shown.number(job.share, 3),
        "polite": job.polite,
        "name": job.name,
        "exercise": job.exercise.name,
        "error": job.error,
        "results": list(job.results),
    }


@router.delete("/score/{name}", status_code=204)
def cancel(name: Name, jobs: Jobs = QUEUE) -> None:
    """Stop judging a video."""
    _job(jobs, name).cancelled.set()


@router.get("/results/{name}")
def result(name: Name, studio: Studio = ASKED) -> dict[str, Any]:
    """Show a set that was judged in this run of the server."""
    found = _result(studio, name)
    more = {"name": found.name, "kept": found.number, "part": shown.part_shown(found.part)}
    return shown.assessment_shown(found.assessment, found.exercise) | more


@router.post("/results/{name}/keep")
def keep(name: Name, studio: Studio = ASKED) -> dict[str, Any]:
    """Keep a set in the history."""
    found = _result(studio, name)
    if found.number is None:
        found = studio.keep(found)
        studio.results.put(name, found)
    return {"number": found.number}


@router.get("/results/{name}/report", response_class=HTMLResponse)
def report(name: Name, studio: Studio = ASKED) -> Response:
    """Return the report as one page that can be saved or printed."""
    found, clinic = _result(studio, name), studio.settings.clinic
    page = html_report(
        found.assessment,
        found.exercise,
        source_name=found.title,
        subject=studio.settings.named_subject,
        keyframes=found.keyframes,
        made=found.done,
        audience=studio.settings.audience,
        letterhead=letterhead_of(clinic.name, clinic.logo),
    )
    # A sandbox: the page runs its own charts and reaches nothing of this server's.
    headers = {"content-security-policy": _REPORT_POLICY}
    return HTMLResponse(page.encode("utf-8", "backslashreplace"), headers=headers)


def _job(jobs: Jobs, name: str) -> Job:
    job = jobs.get(name)
    if job is None:
        raise HTTPException(404, "This video is not known any more. Drop it again.")
    return job


def _result(studio: Studio, name: str) -> Result:
    found = studio.results.get(name)
    if found is None:
        raise HTTPException(404, "This result is not here any more: only the newest ones are.")
    return found


def _plain(name: str) -> str:
    """Return what can be shown of a file's name: no folders, nothing that cannot be printed."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown_name = "".join(sign for sign in last if sign.isprintable()).strip()
    return shown_name[:_LONGEST_NAME] or "video"
