"""params/key_indicators.yaml and the names of values for comparison: what is wrong is refused with its line."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from soko.errors import ConfigError
from soko.indicators import load_catalogue
from soko.indicators.key import FILE, load_key
from soko.indicators.reference import Names, comparable_cuts, cut_words, first_year
from soko.workspace import Workspace

REPO = Path(__file__).resolve().parents[2]
DAY = date(2026, 5, 26)
CATALOGUE = load_catalogue(Workspace(REPO), bind=False)


@pytest.fixture
def place(tmp_path):
    shutil.copytree(REPO / "params", tmp_path / "params")
    shutil.copytree(REPO / "validation", tmp_path / "validation")
    return Workspace.open(tmp_path)


def write(place, indicators, **more):
    value = {"indicators": indicators, **more}
    clusters = [{"since": date(2025, 9, 1), "source": "приказ", "value": value}]
    text = yaml.safe_dump({"clusters": clusters}, allow_unicode=True, sort_keys=False)
    (place.params / FILE).write_text(text, encoding="utf-8")


GOOD = {"id": "outcomes.success", "weight": 1, "worst": 50, "best": 100}


def test_shipped_cluster_fits_the_catalogue():
    found = load_key(Workspace(REPO), CATALOGUE, DAY).value
    assert len(found.indicators) >= 5
    assert all(isinstance(item.best, float) for item in found.indicators)


def test_registers_and_health_stay_out_of_the_index_of_groups():
    found = load_key(Workspace(REPO), CATALOGUE, DAY).value
    sensitive = [item for item in found.indicators if item.id.startswith(("health.", "socialisation.", "diagnostics."))]
    assert sensitive
    assert all(item.only_school for item in sensitive)


def test_target_of_the_school_is_the_best_value(place):
    write(place, [{"id": "outcomes.quality", "weight": 2, "worst": 0, "best": "target"}, GOOD])
    assert load_key(place, CATALOGUE, DAY).value.indicators[0].best == 50  # params/conventions.yaml


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({**GOOD, "id": "outcomes.qualty"}, "возможно, имелось в виду «outcomes.quality»"),
        ({**GOOD, "id": "attendance.illness_share"}, "нет направления"),
        ({**GOOD, "id": "vpr.quality", "best": "target"}, "нет цели"),
        ({**GOOD, "id": "vpr.quality", "worst": 100, "best": 0}, "противоречат каталогу (больше – лучше)"),
        ({**GOOD, "id": "attendance.unexcused_share", "worst": 0, "best": 20}, "(меньше – лучше)"),
        ({**GOOD, "id": "vpr.quality", "worst": 100}, "противоречат"),
        ({**GOOD, "weight": 0}, "weight"),
        ({**GOOD, "wieght": 2}, "неизвестный ключ «wieght»; возможно, имелось в виду «weight»"),
    ],
)
def test_wrong_entries_are_refused_with_their_line(place, entry, said):
    write(place, [{"id": "vpr.success", "weight": 1, "worst": 0, "best": 100}, entry])
    with pytest.raises(ConfigError) as error:
        load_key(place, CATALOGUE, DAY)
    assert said in str(error.value)
    line = int(error.value.where.rpartition("строка ")[2])
    text = (place.params / FILE).read_text(encoding="utf-8").splitlines()
    first = next(number for number, row in enumerate(text, start=1) if f"id: {entry['id']}" in row)
    assert first <= line <= first + len(entry)


def test_one_indicator_twice_and_a_cluster_of_later_are_refused(place):
    write(place, [GOOD, GOOD])
    with pytest.raises(ConfigError, match="записан дважды"):
        load_key(place, CATALOGUE, DAY)
    write(place, [GOOD, {**GOOD, "id": "vpr.quality"}])
    with pytest.raises(ConfigError, match=r"первый действует с 01\.09\.2025"):
        load_key(place, CATALOGUE, date(2025, 8, 31))


def test_names_are_found_as_people_write_them():
    names = Names(CATALOGUE)
    assert names.find("vpr.quality").id == "vpr.quality"
    assert names.find(" качество  результатов, впр ").id == "vpr.quality"
    assert names.find("Доля обучающихся, которые учатся на 4 и 5").id == "outcomes.quality"
    near = names.find("Качество результатов, ВПП")
    assert (near.id, "«Качество результатов, ВПР»" in near.hint) == ("", True)
    assert names.find("погода").id == ""


def test_a_name_of_two_indicators_is_nobodys():
    twins = {}
    for item in CATALOGUE:
        twins.setdefault(item.name.casefold().replace("ё", "е"), []).append(item.id)
    shared = [ids for ids in twins.values() if len(ids) > 1]
    for ids in shared:
        assert Names(CATALOGUE).find(CATALOGUE[ids[0]].name).id == ""
        assert Names(CATALOGUE).find(ids[0]).id == ids[0]


def test_cuts_of_an_indicator():
    assert frozenset({"subject", "grade"}) in comparable_cuts(CATALOGUE, "vpr.quality")
    assert frozenset({"class"}) not in comparable_cuts(CATALOGUE, "vpr.quality")
    assert cut_words({"grade", "subject"}) == "по предметам и параллелям"
    assert cut_words([]) == "в целом"


@pytest.mark.parametrize(
    ("text", "year"),
    [("2025/2026", 2025), ("2025-2026", 2025), (" 2025–26 ", 2025), ("2025/2027", None), ("2025", None), ("", None)],
)
def test_school_years(text, year):
    assert first_year(text) == year
