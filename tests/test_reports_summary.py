"""The management summary: what the notes conclude and nothing else, on exactly one page."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from report_school import NOW, YEAR, remember, school, text_of

from soko.analysis.narrative import Narrative, Recommendation, Sentence
from soko.errors import ConfigError, FailureError, UsageError
from soko.notes import telling
from soko.reports import fitting, main_things as main, open_report, summary
from soko.reports.main_things import MainThings, Thing, main_things, notes
from soko.reports.tiles import Tile, draw
from soko.workspace import Workspace

FEW = settings(
    max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.reuse, Phase.generate]
)
WORDS = st.sampled_from(
    ["качество", "знаний", "снизилось", "7Б", "–", "46,2 %", "→", "33,3 %", "обучающихся", "и ещё 12"]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=160).map(" ".join)


def things(texts, *, advice=False):
    def of(at, text):
        who = "Заместитель директора по учебно-воспитательной работе Е. С. Лаптева"
        told = Recommendation(text, who, date(2026, 8, 31), "основание", f"rule{at}") if advice else None
        return Thing("academic_results", f"rule{at}", text, (0.0,), told)

    return [of(at, text) for at, text in enumerate(texts)]


MANY = st.lists(TEXTS, max_size=6)
FOUND = st.builds(
    lambda one, two, three: MainThings(things(one), things(two), things(three, advice=True)), MANY, MANY, MANY
)
TILES = st.lists(
    st.builds(
        Tile,
        st.sampled_from(["47,0 %", "3 из 8", "12 345", "–"]),
        st.lists(WORDS, min_size=1, max_size=8).map(" ".join),
        st.sampled_from(["", "43,5 % (+3,5 п.п.)"]),
        st.lists(st.one_of(st.none(), st.floats(0, 100)), max_size=12).map(tuple),
        st.booleans(),
    ),
    max_size=10,
)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return school(tmp_path_factory.mktemp("summary"))


@pytest.fixture(scope="module")
def page(built):
    return open_report("management_summary", str(built.root), YEAR.id)


def test_the_invented_school_has_its_page(page):
    blocks = page.page()
    assert fitting.pages(blocks) == 1
    said = text_of(blocks)
    for part in ("Сильные стороны", "Что тревожит", "Решения", "Просим совет"):
        assert f"## {part}" in said
    assert "Принять к сведению итоги за 2025/2026 учебный год." in said


def test_nothing_is_said_that_no_note_concludes(page):
    found = main_things(page.data)
    assert found.concerns
    for item in (*found.strengths, *found.concerns):
        own = replace(page.data, note=item.note, current=page.data.current.for_note())
        assert item.text in [told.text for told in telling.narrative(own).conclusions]
    rules = [(item.note, item.rule) for item in found.concerns]
    answered = [rules.index(key) for item in found.decisions if (key := (item.note, item.rule)) in rules]
    assert answered == sorted(answered)  # decisions follow the concerns that they answer


def _thing(section, severity, text, **more):
    told = Sentence("one", section, severity, text, about=("outcomes.quality",), **more)
    return main._Urgency(0, Narrative([told], [told]), {"outcomes.quality": 5.0}).of("one", told)


def test_pupils_at_risk_come_first_and_growth_by_chance_last():
    failing = _thing("risk", "concern", "Не успевают 9 обучающихся.")
    short = _thing("outcomes", "concern", "Цель не достигнута.")
    sure = _thing("outcomes", "strength", "Качество знаний выросло: 42 % → 60 %.")
    chance = _thing("outcomes", "strength", "Качество знаний выросло: 42 % → 45 %.", by_chance=True)
    assert failing < short
    assert sure < chance


def test_growth_by_chance_is_last_in_the_analysts_words_too(built, tmp_path):
    """The order asks for a value of the sentence: the phrase about chance is gone from an edited conclusion."""
    shutil.copytree(built.root, tmp_path, dirs_exist_ok=True)
    remember(
        Workspace.open(tmp_path), [*NOW[:5], ("outcomes.quality", {}, 209, 438)], [("outcomes.quality", {}, 193, 430)]
    )

    def growth():
        data = open_report("management_summary", str(tmp_path), YEAR.id).data
        return next(item for item in main_things(data).strengths if item.rule == "quality_better")

    proposed = growth()
    assert "изменение может быть случайным" in proposed.text
    path = tmp_path / "params" / "periods" / f"{YEAR.id}.yaml"
    edit = "edits:\n  academic_results:\n    - {rule: quality_better, conclusion: Стали учиться лучше}\n"
    path.write_text(path.read_text(encoding="utf-8") + edit, encoding="utf-8")
    edited = growth()
    assert edited.text == "Стали учиться лучше."
    assert edited.urgent == proposed.urgent
    assert edited.urgent[0] == 1.0


def test_decisions_stand_by_their_dates():
    def decision(month):
        return Thing(
            "contests", str(month), "", (0.0,), Recommendation("Решить", "Директор", date(2026, month, 1), "", "")
        )

    table = summary._decisions([decision(9), decision(5), decision(8)], 200)[1]
    assert [row.cells[3].split("\u00a0")[1].split()[0] for row in table.rows] == ["мая", "августа", "сентября"]
    assert [row.cells[0] for row in table.rows] == ["1", "2", "3"]


def test_notes_about_one_class_are_not_asked(built, page, tmp_path):
    assert "class_teacher" not in notes(page.data)
    assert "key_indicators" not in notes(page.data)  # it has no rules
    assert notes(page.data)[0] == "academic_results"


def test_one_note_does_not_fill_the_page(page):
    found = main_things(page.data)
    if len({item.note for item in found.concerns}) > 1:
        assert len({item.note for item in found.concerns[:3]}) > 1


@FEW
@given(found=FOUND, tiles=TILES)
def test_whatever_there_is_to_say_takes_one_page(page, found, tiles):
    _fits(page, found, tiles)


@pytest.mark.deep
@settings(parent=FEW, max_examples=60)
@given(found=FOUND, tiles=TILES)
def test_many_pages_are_one_page(page, found, tiles):
    _fits(page, found, tiles)


def _fits(page, found, tiles):
    blocks = page.made(found, tiles)
    assert fitting.pages(blocks) == 1
    said = text_of(blocks)
    for part in ("Сильные стороны", "Что тревожит", "Решения", "Просим совет"):
        assert part in said
    if found.concerns:
        assert found.concerns[0].text[:60] in said


def test_what_cannot_fit_is_not_published(page):
    long = Thing("n", "r", "слово " * 4000, (0.0,))
    with pytest.raises(FailureError, match="не помещается"):
        fitting.on_one_page(
            [1], lambda _: page._blocks(MainThings([], [long], []), [], summary.Size(99_999, 1, 1, 1, 0))
        )


def test_without_concerns_and_decisions_that_is_said(page):
    said = text_of(page.made(MainThings([], [], []), []))
    assert "Проблем по правилам справок не отмечено." in said
    assert "Поводов для решений по правилам справок нет." in said
    assert "решени" not in said.split("## Просим совет")[1]  # there is nothing to decide


def test_a_long_sentence_is_cut_at_a_word():
    assert summary.short("Снизилось качество знаний в 7Б классе", 20) == "Снизилось качество…"
    assert summary.short("Коротко.", 20) == "Коротко."


def test_the_council_alone_reads_it(built):
    with pytest.raises(UsageError, match="внутренний документ"):
        open_report("management_summary", str(built.root), YEAR.id, "public")


def test_a_wrong_request_is_refused_with_the_nearest_name(built, tmp_path):
    shutil.copytree(built.root, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "params" / "reports" / "management_summary.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("{period}", "{perod}"), encoding="utf-8")
    made = open_report("management_summary", str(Workspace.open(tmp_path).root), YEAR.id)
    with pytest.raises(ConfigError, match=r"perod.*period"):
        made.made(MainThings([], [], []), [])


def test_tiles_are_drawn_the_same_every_time():
    some = [
        Tile("47,0 %", "качество знаний", "43,5 %", (1.0, None, 2.0)),
        Tile("–", "x", row=(None,)),
        Tile("1", "y", row=(3, 3)),
    ]
    assert draw(some) == draw(some)


def test_a_line_does_not_draw_as_a_climb_what_is_none():
    """«97,7 % → 97,7 %» beside «43,5 % → 47,0 %»: of the first the line is level, of the second it rises."""

    def slope(*row):
        drawn = draw([Tile("97,7 %", "успеваемость", row=row)])
        path = max(re.findall(r'd="M ([\d. ML\n-]+)"', drawn), key=lambda found: float(found.split()[-2]))
        heights = [float(number) for number in path.replace("L", " ").split()[1::2]]
        return heights[0] - heights[-1]

    assert 0 < slope(97.69, 97.72) < 0.2
    assert slope(43.5, 47.0) > 5
    assert slope(62.5, 55.7) < -5
