"""The monitoring plan (4.8, 4.9): which procedure is due when, who owes it, how far it is.

``load_plan(workspace)`` reads params/plan.yaml, ``schedule(workspace, plan, year)`` gives the year's tasks with their
dates. The notebook reports/plan calls ``soko.plan.document``; how far the tasks are is ``soko.run.task_states``.
"""

from __future__ import annotations

from soko.plan.load import load_plan
from soko.plan.model import Plan, Procedure
from soko.plan.schedule import Task, in_period, parse_year, schedule

__all__ = ["Plan", "Procedure", "Task", "in_period", "load_plan", "parse_year", "schedule"]
