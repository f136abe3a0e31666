"""Great Expectations behind one function: (table, frame, rules) -> outcomes. Nobody else imports it.

Its import costs about four seconds, so it happens inside ``run``. Its analytics, progress bars and warnings are off.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
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
    missing: int = 0


def run(table_name: str, frame: pd.DataFrame, rules: list[Check]) -> list[Outcome]:
    """Validate ``frame`` (unique index) against ``rules``; one outcome a rule, in the same order.

    An expectation that raised is our failure (FailureError), never a finding and never a pass: Great Expectations
    reports both as success=False.
    An expectation that does not exist, or arguments that it refuses, is a ConfigError.
    """
    if not rules:
        return []
    with _quiet():
        source = _source()  # first: a suite needs a context
        import great_expectations as gx

        expectations = [_expectation(rule, number) for number, rule in enumerate(rules)]
        suite = gx.ExpectationSuite(name=table_name, expectations=expectations)
        # With an empty list of index columns the complete list of failing labels comes back as plain labels.
        form = {"result_format": "COMPLETE", "unexpected_index_column_names": []}
        result = source.get_batch(batch_parameters={"dataframe": frame}).validate(suite, result_format=form)
    # Results come back grouped by column, not in the suite's order.
    found = {_meta(item).get("number"): item for item in result.results}
    return [_outcome(table_name, rule, found.get(number), len(frame)) for number, rule in enumerate(rules)]


def page(table_name: str, judged: list[tuple[Check, Outcome]]) -> str:
    """The outcomes of a table as one page of Great Expectations' Data Docs, as its own renderers make it.

    It holds no value of the data, but it does ask foreign hosts for scripts: ``soko.validation.docs`` cleans it.
    """
    with _quiet():
        _source()  # it finds its renderers only when a context has been made
        from great_expectations.core import ExpectationSuiteValidationResult
        from great_expectations.render.renderer import ValidationResultsPageRenderer
        from great_expectations.render.view import DefaultJinjaPageView

        items = [_result(check, outcome, number) for number, (check, outcome) in enumerate(judged)]
        passed = sum(bool(item.success) for item in items)
        merged = ExpectationSuiteValidationResult(
            success=passed == len(items),
            results=items,
            suite_name=table_name,
            statistics={
                "evaluated_expectations": len(items),
                "successful_expectations": passed,
                "unsuccessful_expectations": len(items) - passed,
                "success_percent": 100 * passed / len(items) if items else None,
            },
            # Run times, batch ids and fingerprints would differ from run to run; the renderer only needs the keys.
            meta={"great_expectations_version": "", "run_id": {"run_name": None, "run_time": None}},
        )
        return str(DefaultJinjaPageView().render(ValidationResultsPageRenderer().render(merged)))


def _result(check: Check, outcome: Outcome, number: int) -> Any:
    """A result as Great Expectations gives it, with numbers of rows alone: no value, no place."""
    from great_expectations.core import ExpectationValidationResult

    counts: dict[str, Any] = {}
    if check.expectation.startswith("expect_column_") or check.expectation.startswith("expect_compound_"):
        rows, missing, wrong = outcome.checked + outcome.missing, outcome.missing, len(outcome.failed)
        counts = {
            "element_count": rows,
            "unexpected_count": wrong,
            "unexpected_percent": 100 * wrong / outcome.checked if outcome.checked else None,
        }
        if check.expectation != "expect_column_values_to_not_be_null":
            counts |= {
                "missing_count": missing,
                "missing_percent": 100 * missing / rows if rows else None,
                "unexpected_percent_total": 100 * wrong / rows if rows else None,
                "unexpected_percent_nonmissing": counts["unexpected_percent"],
            }
    if isinstance(outcome.observed, (int, float)):  # a list of distinct values is data, too
        counts["observed_value"] = outcome.observed
    return ExpectationValidationResult(
        success=outcome.success,
        expectation_config=_expectation(check, number).configuration,
        result=counts,
        meta={},
        exception_info={"raised_exception": False, "exception_traceback": None, "exception_message": None},
    )


@cache
def _source() -> Any:
    """The one batch definition through which every frame goes: making a context and its stores anew costs 60 ms."""
    _postpone("scipy.stats")
    _postpone("altair")
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}  # type: ignore[assignment]
    asset = context.data_sources.add_pandas("soko").add_dataframe_asset("rows")
    return asset.add_batch_definition_whole_dataframe("all")


def _postpone(name: str) -> None:
    """Let a module be imported when it is first used.

    Great Expectations imports all of scipy.stats (0.9 s of its 2.4) for one expectation on distributions, and altair
    (0.2 s) for its pictures.
    """
    spec = importlib.util.find_spec(name)
    if name in sys.modules or spec is None or spec.loader is None:
        return
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    parent, _, last = name.rpartition(".")
    if parent:  # «from scipy import stats» finds it there; looked for among the modules, it would be loaded at once
        setattr(importlib.import_module(parent), last, module)


def warm() -> None:
    """Import Great Expectations and make its context now, for processes that are forked later."""
    with _quiet():
        _source()


def _meta(item: Any) -> dict[str, Any]:
    return (item.expectation_config.meta or {}) if item.expectation_config is not None else {}


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
    missing = int(result.get("missing_count") or 0)
    checked = int(result.get("element_count", rows)) - missing
    return Outcome(rule.id, bool(item.success), checked, failed, result.get("observed_value"), missing)


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
