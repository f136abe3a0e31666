"""Values that the law or a convention sets, each with the day from which it holds and whence it comes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Generic, TypeVar

from soko.yamlio import Strict

T = TypeVar("T")


class Dated(Strict, Generic[T]):
    """A value that the law or a convention sets: from when it holds and whence it comes."""

    since: date
    source: str
    value: T


def held(values: Iterable[Dated[T]], day: date) -> Dated[T] | None:
    """The latest of ``values`` that holds on ``day``; None when none does yet."""
    return max((item for item in values if item.since <= day), key=lambda item: item.since, default=None)
