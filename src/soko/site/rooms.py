"""What publishing asks of other rooms: what stops it, make the public edition, scan, register.

One seam, so that tests of the site put documents of their own through it. Rooms are imported when they are asked:
``soko publish --check`` needs none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from soko.params import Params
from soko.periods import Period
from soko.run.pieces import Step
from soko.workspace import Workspace


@dataclass(frozen=True)
class Filed:
    """What the register is told of a release: whither, SHA-256 by file of the period, who confirmed it."""

    to: str
    published: Mapping[str, str]
    confirmed_by: str


def _refuse(workspace: Workspace, period: Period) -> None:
    """What people have typed is searched before anything is made of it; a report that is not ready is refused."""
    from soko.disclosure import settings, typed
    from soko.run import self_assessment

    settings.read(workspace)  # thresholds that protect nobody are told as such, and not as «settings have changed»
    typed.check(workspace, period)
    if (workspace.outputs(period) / "reports" / f"{self_assessment.NAME}.html").is_file():
        self_assessment.refuse_release(workspace, period)


def _approved(workspace: Workspace, period: Period) -> date | None:
    """When the documents of a period were approved; a calendar year's are the report of self-assessment."""
    if period.kind != "calendar":
        return Params(workspace).period(period).approved_on
    from soko.self_assessment.settings import Files

    year = Files(workspace).year(period.year)
    return year.approved.date if year.approved else None


def _make(workspace: Workspace, period: Period, step: Step) -> None:
    from soko.run import public

    public.make(workspace, period, step)


def _leaks(workspace: Workspace, folder: Path) -> list[str]:
    from soko.disclosure import outgoing

    # Consents end by the calendar and not by the period: today is the day of publication.
    found = outgoing.look(workspace, folder, on=date.today()).found
    return [f"{leak.file}{f' ({leak.where})' if leak.where else ''} – {leak.kind}" for leak in found]


def _register(workspace: Workspace, period: Period, filed: Filed) -> None:
    from soko.disclosure import register

    out = workspace.outputs(period)
    register.record(
        workspace,
        period,
        out,
        to=filed.to,
        published=filed.published,
        confirmed_by=filed.confirmed_by,
        on=date.today(),
    )


@dataclass(frozen=True)
class Rooms:
    """``refuse`` raises DataError when a report of the period may not leave; ``make`` writes outputs/<period>/public;
    ``approved`` says when its documents were approved; ``leaks`` are lines on what of persons a folder tells;
    ``register`` notes what is released.
    """

    refuse: Callable[[Workspace, Period], None] = _refuse
    make: Callable[[Workspace, Period, Step], None] = _make
    approved: Callable[[Workspace, Period], date | None] = _approved
    leaks: Callable[[Workspace, Path], list[str]] = _leaks
    register: Callable[[Workspace, Period, Filed], None] = _register
