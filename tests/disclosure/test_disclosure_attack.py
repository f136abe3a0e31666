"""Nobody works out a hidden count from released tables: linear programming by a reader who knows the definitions."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from attacker import Attacker
from hypothesis import HealthCheck, given, settings
from schools_by_chance import HEADS, KINDS, schools, tidy

from soko.disclosure import masked as masking, read
from soko.disclosure.masked import mask
from soko.disclosure.released import releasable
from soko.disclosure.settings import Disclosure, Released
from soko.indicators import load_catalogue
from soko.indicators.catalogue import Catalogue
from soko.params import Params
from soko.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
# A school takes five seconds; hundreds of others are met with ``--hypothesis-profile search``.
SCHOOLS = 16 if settings.get_current_profile_name() == "fixed" else 400


@cache
def known() -> tuple[Catalogue, Params, Disclosure]:
    workspace = Workspace.open(ROOT)
    rules = read(workspace)
    wide = Released(indicators=["outcomes.*", "contests.entries"], by=[[], ["level"], ["grade"], ["class"]])
    return (
        load_catalogue(workspace, bind=False),
        Params(workspace),
        rules.model_copy(update={"released": [*rules.released, wide]}),
    )


def released(*tables: pd.DataFrame) -> pd.DataFrame:
    """The tables masked together."""
    catalogue, params, rules = known()
    rows = releasable(pd.concat(tables, ignore_index=True), rules, params.school)
    found = mask(rows, catalogue, params, rules, rules.limits[0].value)
    assert not found.protected.exposed
    return found.frame


@cache
def any_school() -> pd.DataFrame:
    """A large school of chance, whose table shows what the definitions have in common and no chance does."""
    chance = Random(1)
    classes = {f"{grade}{letter}": (grade, 25) for grade in (1, 2, 5, 6, 10) for letter in "АБВГДЕЖЗ"}
    pupils = {name: chance.choices(KINDS, k=25) for name in classes}
    return tidy("2024-2025/q1", classes, pupils, {name: chance.randint(0, 9) for name in classes})


def attacked(full: dict[str, pd.DataFrame]) -> None:
    attacker = Attacker([released(*full.values())], pd.concat(full.values()), any_school())
    secrets = attacker.secrets(HEADS)
    assert attacker.narrowed(secrets) == {}


@pytest.mark.deep
@given(schools())
@settings(max_examples=SCHOOLS, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nobody_works_out_a_hidden_count_of_a_school(full: dict[str, pd.DataFrame]) -> None:
    """Terms and the half-year of one school, down to classes of one pupil."""
    attacked(full)


def test_a_school_of_one_class_of_two_is_hidden_whole() -> None:
    full = two_pupils()
    table = released(*full.values())
    shown = table[table["hidden"] == ""]
    assert set(shown["indicator"]) <= {"contests.entries"}
    assert (shown["numerator"] == 0).all()
    attacked(full)


@pytest.mark.deep
def test_the_attack_finds_what_is_not_protected(monkeypatch: pytest.MonkeyPatch) -> None:
    """With small counts hidden and nothing else, the attack succeeds: it is able to fail."""
    from soko.disclosure.protect import protect

    def careless(problem):  # type: ignore[no-untyped-def]
        return replace(protect(problem), added={}, exposed={})

    monkeypatch.setattr(masking, "protect", careless)
    full = one_school()
    attacker = Attacker([released(*full.values())], pd.concat(full.values()), any_school())
    assert attacker.narrowed(attacker.secrets(HEADS))


def two_pupils() -> dict[str, pd.DataFrame]:
    """A school of one class of two pupils."""
    entries = {"q3": 1, "q4": 1, "h2": 2}
    pupils = {"1А": ["good", "excellent"]}
    return {
        f"2025-2026/{term}": tidy(f"2025-2026/{term}", {"1А": (1, 2)}, pupils, {"1А": n}) for term, n in entries.items()
    }


def one_school() -> dict[str, pd.DataFrame]:
    """A school in which one class alone has somebody who fails."""
    classes = {"5А": (5, 20), "5Б": (5, 22), "6А": (6, 18), "1А": (1, 2)}
    marks = {name: ["good"] * (number - 9) + ["three"] * 9 for name, (_, number) in classes.items() if number > 9}
    pupils = {**marks, "1А": ["good", "three"]}
    pupils["5А"][-2:] = ["failing", "failing"]
    entries = {"5А": 2, "5Б": 12, "6А": 9, "1А": 1}
    later = {"5А": 14, "5Б": 1, "6А": 8, "1А": 3}
    both = {name: entries[name] + later[name] for name in classes}
    tables = {"q3": entries, "q4": later, "h2": both}
    return {f"2025-2026/{term}": tidy(f"2025-2026/{term}", classes, pupils, found) for term, found in tables.items()}
