"""Working days: weekends, holidays (Labour Code, article 112), the Government's transfers: params/days_off.yaml."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pydantic import Field, field_validator

from soko.dated import Dated, held
from soko.errors import ConfigError
from soko.resources import root
from soko.workspace import Workspace
from soko.yamlio import Strict, load

FILE = "days_off.yaml"
_DAY = timedelta(days=1)


class Transfers(Strict):
    """What the Government moved in a calendar year: more days off, and weekends that are worked."""

    source: str
    free: list[date] = Field(default_factory=list)
    worked: list[date] = Field(default_factory=list)


class DaysOff(Strict):
    """params/days_off.yaml. Holidays are written «month-day»."""

    working_week: Literal[5, 6] = 5
    holidays: list[Dated[list[str]]] = Field(min_length=1)
    transfers: dict[int, Transfers] = Field(default_factory=dict)

    @field_validator("holidays")
    @classmethod
    def _days(cls, editions: list[Dated[list[str]]]) -> list[Dated[list[str]]]:
        for edition in editions:
            for text in edition.value:
                try:
                    date.fromisoformat(f"2001-{text}")
                except ValueError:
                    raise ValueError(f"«{text}» – не день вида 11-04 (месяц-день)") from None
        return editions

    @field_validator("transfers")
    @classmethod
    def _own_year(cls, years: dict[int, Transfers]) -> dict[int, Transfers]:
        for year, moved in years.items():
            for day in (*moved.free, *moved.worked):
                if day.year != year:
                    raise ValueError(f"день {day:%d.%m.%Y} записан в переносах {year} года")
        return years

    def is_working(self, day: date) -> bool:
        """Whether the school's administration works on ``day``."""
        moved = self.transfers.get(day.year)
        if moved and (day in moved.free or day in moved.worked):
            return day in moved.worked
        if self._is_weekend(day) or self._is_holiday(day):
            return False
        return bool(moved) or not self._replaces_holiday(day)

    def after(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``; with 0 the day itself or the first working day after it."""
        while not count and not self.is_working(day):
            day += _DAY
        while count:
            day += _DAY
            count -= self.is_working(day)
        return day

    def before(self, day: date, count: int) -> date:
        """The ``count``-th working day before ``day``; with 0 the day itself or the last working day before it."""
        while not count and not self.is_working(day):
            day -= _DAY
        while count:
            day -= _DAY
            count -= self.is_working(day)
        return day

    def _is_weekend(self, day: date) -> bool:
        return day.isoweekday() > self.working_week

    def _is_holiday(self, day: date) -> bool:
        found = held(self.holidays, day)
        if found is None:
            raise ConfigError(f"нет праздников на {day:%d.%m.%Y}", where=f"params/{FILE}, holidays")
        return f"{day:%m-%d}" in found.value

    def _replaces_holiday(self, day: date) -> bool:
        """A holiday on a weekend moves to the next working day, those of January do not (article 112, part 2)."""
        before = day - _DAY
        while self._is_weekend(before) or self._is_holiday(before):
            if self._is_weekend(before) and self._is_holiday(before) and before.month != 1:
                return True
            before -= _DAY
        return False


def load_days_off(workspace: Workspace) -> DaysOff:
    """The workspace's own list of days, else the program's."""
    own = workspace.params / FILE
    return load(own if own.is_file() else root() / "params" / FILE, DaysOff)
