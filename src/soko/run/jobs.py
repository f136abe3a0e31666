"""Run pieces of work side by side, each in a forked process, at most one a core.

A piece that fails, hangs in C code or is killed is named, the others finish, and only then the run fails: nothing is
published. Where forking is not possible the pieces run one after another in this process.
"""

from __future__ import annotations

import importlib
import itertools
import json
import os
import select
import shutil
import traceback
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from soko import errors
from soko.errors import FailureError, SokoError
from soko.run import denied, forks


@dataclass(frozen=True)
class Job:
    """A function of ``soko.run.work`` with its arguments; ``profile`` says which libraries it wants preloaded.

    ``then`` is done after it has succeeded, beside whatever else there is to do. ``prepare``, a ``call`` with
    ``arguments``, is what its server reads before it forks, for this job and for others of the kind.
    """

    title: str
    function: str
    arguments: dict[str, Any] = field(default_factory=dict)
    profile: str = "notes"
    then: tuple[Job, ...] = ()
    prepare: dict[str, Any] = field(default_factory=dict)


def run(jobs: list[Job], step: Any, limit: int | None = None) -> None:
    """Do all jobs; raise the error of the first that failed, with the titles of all that did.

    ``step`` is wrapped around each; where it has a ``plan``, it is told what is ahead.
    """
    if plan := getattr(step, "plan", None):
        plan(item.title for job in jobs for item in (job, *job.then))
    side_by_side = forks.supported()
    failures = _forked(jobs, step, limit or os.cpu_count() or 1) if side_by_side else _one_by_one(jobs, step)
    if failures:
        title, error = next(iter(failures.items()))
        others = [other for other in failures if other != title]
        if isinstance(error, FailureError):
            # A notebook that is executed for each class says itself where it failed, and not for which.
            error.where = f"{title}: {error.where}" if error.where and error.where != title else title
        if others:
            error.message += f" (не удалось также: {', '.join(others)})"
        raise error


def perform(function: str, arguments: dict[str, Any], result: str) -> None:
    """In the forked process: do the job, leave its outcome in the file ``result``."""
    outcome: dict[str, str] = {}
    try:
        _function(function)(**arguments)
    except Exception as error:
        outcome = _told(error)
    Path(result).write_text(json.dumps(outcome, ensure_ascii=False), encoding="utf-8")


def _told(error: Exception) -> dict[str, str]:
    known = error if isinstance(error, SokoError) else denied.said(error)
    if known is not None:
        return {"error": type(known).__name__, "message": known.message, "where": known.where, "todo": known.todo}
    if os.environ.get("SOKO_DEBUG"):
        traceback.print_exc()
    return {"error": "FailureError", "message": f"сбой программы: {type(error).__name__}: {error}"}


def _function(name: str) -> Any:
    return getattr(importlib.import_module("soko.run.work"), name)


def _one_by_one(jobs: list[Job], step: Any) -> dict[str, SokoError]:
    failures = dict[str, SokoError]()
    waiting = list(jobs)
    while waiting:
        job = waiting.pop(0)
        if error := _here(job, step):
            failures[job.title] = error
        else:
            waiting[:0] = job.then
    return failures


def _here(job: Job, step: Any) -> SokoError | None:
    with step(job.title):
        try:
            _function(job.function)(**job.arguments)
        except SokoError as error:
            return error
    return None


class _BrokenError(FailureError):
    """The process ended without leaving its outcome."""


@dataclass
class _Running:
    job: Job
    child: forks.Child
    server: int
    place: Path
    shown: ExitStack


def _forked(jobs: list[Job], step: Any, limit: int) -> dict[str, SokoError]:
    """Do the jobs; those that were lost with their server, which one of them may have killed, again one by one."""
    lost: list[Job] = []
    failures = _side_by_side(jobs, step, limit, lost)
    for job in lost:
        del failures[job.title]
        failures |= _side_by_side([job], step, 1, [])
    return failures


def _side_by_side(jobs: list[Job], step: Any, limit: int, lost: list[Job]) -> dict[str, SokoError]:
    waiting, running, failures = list(jobs), list[_Running](), dict[str, SokoError]()
    try:
        while waiting or running:
            while waiting and len(running) < limit:
                job = waiting.pop(0)
                try:
                    running.append(_start(job, step))
                except FailureError as failure:  # its server was killed; the others may have theirs
                    failures[job.title] = failure
            if not running:
                continue
            ready, _, _ = select.select([item.child.fileno() for item in running], [], [])
            for item in [item for item in running if item.child.fileno() in ready]:
                running.remove(item)
                item.child.wait()
                error = _outcome(item)
                if isinstance(error, _BrokenError) and forks.lost(item.job.profile, item.server):
                    lost.append(item.job)
                if error is not None:
                    failures[item.job.title] = error
                else:
                    item.shown.close()
                    waiting[:0] = item.job.then
    finally:
        for item in running:  # interrupted: nothing of it may go on writing
            item.child.kill()
        for item in running:
            item.child.wait()
    return failures


def _start(job: Job, step: Any) -> _Running:
    # Its temporary files go with it, however it ends.
    place = forks.folder() / f"job-{next(_numbers)}"
    place.mkdir(mode=0o700)
    arguments = {"function": job.function, "arguments": job.arguments, "result": str(place / _RESULT)}
    environment = {**os.environ, "TMPDIR": str(place)}
    request = {"call": "soko.run.jobs:perform", "arguments": arguments, "env": environment, "cwd": str(Path.cwd())}
    if job.prepare:
        request["prepare"] = job.prepare
    shown = ExitStack()
    shown.enter_context(step(job.title))
    child = forks.fork(job.profile, request)
    return _Running(job, child, forks.server(job.profile), place, shown)


def _outcome(item: _Running) -> SokoError | None:
    try:
        outcome = json.loads((item.place / _RESULT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return _BrokenError("процесс оборвался, не закончив работу", where=item.job.title)
    finally:
        shutil.rmtree(item.place, ignore_errors=True)
    if not outcome:
        return None
    known = getattr(errors, outcome["error"], FailureError)
    error: SokoError = known(outcome["message"], where=outcome.get("where", ""), todo=outcome.get("todo", ""))
    return error


_numbers = itertools.count(1)
_RESULT = "outcome.json"
