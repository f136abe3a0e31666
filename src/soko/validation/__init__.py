"""Validation: rules of validation/tables -> Great Expectations -> findings; the only way to data/clean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from soko.validation.result import RuleRun, Validation
    from soko.validation.run import validate

__all__ = ["RuleRun", "Validation", "validate"]


def __getattr__(name: str) -> Any:
    # Who only asks for a file of the package, as a run does before it starts its servers, does not wait for pandas.
    if name == "validate":
        from soko.validation.run import validate

        return validate
    if name in ("RuleRun", "Validation"):
        from soko.validation import result

        return getattr(result, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
