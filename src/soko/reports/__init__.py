"""The yearly and council documents: what notebooks/reports call. ``open_report`` gives the report of a period."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from soko.reports.public_report import PublicReport
    from soko.reports.summary import Summary

__all__ = ["open_report"]

PUBLIC_REPORT, SUMMARY = "public_report", "management_summary"


def open_report(
    report: str, workspace: str = "", period: str = "", audience: str = "internal", out: str = ""
) -> PublicReport | Summary:
    """The report ``report`` of a period. Empty values mean the nearest workspace and its current period.

    ``audience`` is "internal" (the draft with what is still to be written) or "public"; ``out`` the folder of a run
    that is not published yet. Raises UsageError for an unknown report or audience.
    """
    from soko.errors import UsageError
    from soko.hints import did_you_mean
    from soko.params import Params
    from soko.periods import Period
    from soko.reports.public_report import PublicReport
    from soko.reports.summary import Summary
    from soko.reports.taken import data
    from soko.workspace import Workspace

    known = [PUBLIC_REPORT, SUMMARY]
    if report not in known:
        raise UsageError(f"доклада «{report}» нет{did_you_mean(report, known)}")
    place = Workspace.open(workspace or None)
    when = Period.parse(period or Params(place).school.current_period)
    folder = Path(out) if out else None
    found = data(place, when, report, audience, folder)
    return Summary(found) if report == SUMMARY else PublicReport(found, audience, folder)
