"""Validation: rules of validation/tables -> Great Expectations -> findings; the only way to data/clean."""

from soko.validation.result import RuleRun, Validation
from soko.validation.run import validate

__all__ = ["RuleRun", "Validation", "validate"]
