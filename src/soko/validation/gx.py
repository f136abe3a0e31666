"""Great Expectations behind one function: (table, frame, rules) -> outcomes. Nobody else imports it.

Its import costs about four seconds, so it happens inside ``run``. Its analytics, progress bars and warnings are off.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from soko.errors import ConfigError, FailureError


@dataclass(frozen=True)
class Check:
    """An expectation ready to run: ``kwargs`` are those of Great Expectations, column included."""

    id: str
    title: str
    expectation: str
    kwargs: dict[str, Any] = field(default_factory=dict)
    severity: str = "warning"


@dataclass(frozen=True)
class Outcome:
    """What became of a check.

    ``failed``: index labels of the frame's failing rows; empty with ``success`` false for an expectation about the
    whole table, whose ``observed`` value then says what was found. ``checked``: rows looked at.
    """

    id: str
    success: bool
    checked: int
    failed: list[Any]
    observed: Any = None


def run(table_name: str, frame: pd.DataFrame, rules: list[Check], docs: Path | None = None) -> list[Outcome]:
    """Validate ``frame`` (unique index) against ``rules``; one outcome a rule, in the same order.

    With ``docs`` the technical view is also written there as ``<table_name>.html``. An expectation that raised is our
    failure (FailureError), never a finding and never a pass: Great Expectations reports both as success=False.
    An expectation that does not exist, or arguments that it refuses, is a ConfigError.
    """
    if not rules:
        return []
    with _quiet():
        import great_expectations as gx

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False, "metric_calculations": False}  # type: ignore[assignment]
        suite = gx.ExpectationSuite(name=table_name)
        for number, rule in enumerate(rules):
            suite.add_expectation(_expectation(rule, number))
        suite = context.suites.add(suite)
        batch = (
            context.data_sources.add_pandas("soko")
            .add_dataframe_asset(table_name)
            .add_batch_definition_whole_dataframe("all")
        )
        definition = context.validation_definitions.add(
            gx.ValidationDefinition(name=table_name, data=batch, suite=suite)
        )
        result = definition.run(
            batch_parameters={"dataframe": frame},
            # With an empty list of index columns the complete list of failing labels comes back as plain labels.
            result_format={"result_format": "COMPLETE", "unexpected_index_column_names": []},
        )
    # Results come back grouped by column, not in the suite's order.
    found = {item.expectation_config.meta["number"]: item for item in result.results}
    outcomes = [_outcome(table_name, rule, found.get(number), len(frame)) for number, rule in enumerate(rules)]
    if docs is not None:
        from soko.validation import docs as pages

        with _quiet():
            pages.write_page(docs / f"{table_name}.html", result, table_name)
    return outcomes


def _expectation(rule: Check, number: int) -> Any:
    from great_expectations.exceptions import ExpectationNotFoundError
    from great_expectations.expectations.registry import get_expectation_impl

    try:
        kind = get_expectation_impl(rule.expectation)
    except ExpectationNotFoundError:
        raise ConfigError(
            f"правило «{rule.id}»: в Great Expectations нет ожидания «{rule.expectation}»",
            where="validation/tables",
            todo="исправьте expectation; список ожиданий: greatexpectations.io/expectations",
        ) from None
    try:
        return kind(**rule.kwargs, description=rule.title, meta={"rule": rule.id, "number": number})
    except (ValueError, TypeError) as error:  # pydantic's ValidationError is a ValueError
        detail = "; ".join(str(item) for item in str(error).splitlines()[1:3]) or str(error)
        raise ConfigError(
            f"правило «{rule.id}»: ожидание «{rule.expectation}» не принимает такие аргументы ({detail.strip()})",
            where="validation/tables",
            todo="исправьте kwargs правила",
        ) from None


def _outcome(table: str, rule: Check, item: Any, rows: int) -> Outcome:
    if item is None or item.success is None or raised(item.exception_info):
        raise FailureError(
            f"проверка «{rule.title}» не выполнилась: {exception_message(item)}",
            where=f"таблица {table}, правило {rule.id}",
            todo="сообщите разработчикам; данные при этом не считаются ни верными, ни ошибочными",
        )
    result = item.result or {}
    failed = [] if item.success else list(result.get("unexpected_index_list") or [])
    checked = int(result.get("element_count", rows)) - int(result.get("missing_count") or 0)
    return Outcome(rule.id, bool(item.success), checked, failed, result.get("observed_value"))


def raised(info: Any) -> bool:
    """Whether ``exception_info`` tells of an exception: a flat dict, or a dict of such dicts keyed by metric."""
    if not isinstance(info, dict):
        return False
    if "raised_exception" in info and not isinstance(info["raised_exception"], dict):
        return bool(info["raised_exception"])
    # A nested entry is only there for a metric that raised; an entry without the flag is no proof of a pass.
    return any(
        raised(value) if "raised_exception" in value else True for value in info.values() if isinstance(value, dict)
    )


def exception_message(item: Any) -> str:
    """Kind of the exception, without its text: the text of an exception may quote values of the data."""
    info = getattr(item, "exception_info", None) or {}
    parts = [info] if "exception_traceback" in info else [value for value in info.values() if isinstance(value, dict)]
    for part in parts:
        lines = [line for line in str(part.get("exception_traceback") or "").splitlines() if line.strip()]
        for line in reversed(lines):
            if line[:1].isalpha():
                return line.split(":", 1)[0].strip()
    return "нет результата"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Great Expectations off the network and off the terminal."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    os.environ.setdefault("TQDM_DISABLE", "1")
    logger = logging.getLogger("great_expectations")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
