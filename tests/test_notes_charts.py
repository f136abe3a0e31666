"""Charts of any indicator: what they say is counted by hand, what cannot be judged is left out, grey is readable."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import combinations, pairwise
from pathlib import Path
from typing import get_args

import note_school
import pytest
from hypothesis import given, strategies as st

from soko.analysis.narrative_sections import Kind, Show
from soko.notes import bar_charts, gallery, heat_map, histograms, theme
from soko.notes.point_labels import Point, offsets
from soko.notes.shown import parts
from soko.publish.blocks import Figure, Prose

PERIOD = note_school.PERIOD
DOCS = Path(__file__).resolve().parents[1] / "docs"
CHARTS = set(get_args(Kind)) - {"values", "by", "beside", "dynamics", "reference"}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return note_school.workspace(tmp_path_factory.mktemp("charts"))


@pytest.fixture
def made(place):
    return note_school.figures_of(place)


def shown(data, **what):
    asked = Show(caption="Рисунок", label="r", **what)
    found = parts(data, "", asked, asked.indicators)
    assert len(found) < 2
    block = found[0] if found else None
    if isinstance(block, Figure):  # unbreakable spaces are russian.py's to test
        return block.model_copy(
            update={name: getattr(block, name).replace("\u00a0", " ") for name in ("alt", "source")}
        )
    return block


def cells(*values, name="subjects.quality"):
    return [
        (name, {"class": class_, "grade": class_[0], "subject": subject}, part, base)
        for class_, subject, part, base in values
    ]


GRID = cells(
    ("5А", "Алгебра", 5, 20), ("5А", "Физика", 10, 20), ("6А", "Алгебра", 18, 20), ("6А", "Физика", 3, 4),
)  # fmt: skip
HEAT = {"kind": "heat", "dimension": "class", "across": "subject", "indicators": ["subjects.quality"]}


def test_a_map_says_its_ends_and_hatches_what_is_small(made):
    block = shown(made(GRID), **HEAT)
    assert block.alt == "Качество знаний: ниже всего 5А, алгебра – 25,0 %, выше всего 6А, алгебра – 90,0 %."
    assert "В клетке – 20 отметок." in block.source
    assert "Штриховка – в базе менее 10 отметок, значение не показано." in block.source
    assert "Пустая клетка" not in block.source
    assert block.svg.count("<pattern") == 1


def test_a_map_tells_of_empty_cells_and_needs_two_rows(made):
    assert "Пустая клетка – значения нет." in shown(made(GRID[:3]), **HEAT).source
    assert shown(made(GRID[:2]), **HEAT) is None
    assert shown(made(cells(("5А", "Алгебра", 1, 4), ("6А", "Физика", 2, 5))), **HEAT) is None  # all of them small
    equal = cells(*[(c, s, 0, 20) for c in ("5А", "6А") for s in ("Алгебра", "Физика")])
    assert shown(made(equal), **HEAT).alt == "Качество знаний: во всех клетках 0 %."


def test_a_map_too_large_for_a_page_is_told_of_not_drawn(made):
    many = cells(*[(f"{i}А", f"Предмет {j}", 5, 20) for i in range(30) for j in range(30)])
    block = shown(made(many), **HEAT)
    assert isinstance(block, Prose)
    assert "строк 30, столбцов 30" in block.markdown


def test_the_longer_side_of_a_map_goes_down_the_page(made):
    wide = cells(*[("5А", f"П{j}", 5, 20) for j in range(30)], *[("6А", f"П{j}", 6, 20) for j in range(30)])
    block = shown(made(wide), **HEAT)
    height = float(re.search(r'height="([\d.]+)pt"', block.svg)[1])
    assert height > 30 * 0.5 / 2.54 * 72


NOW = [("outcomes.quality", {"class": name, "grade": "5"}, part, base) for name, part, base in (
    ("5А", 12, 24), ("5Б", 15, 20), ("5В", 10, 20), ("5Г", 1, 6))]  # fmt: skip
BEFORE = [("outcomes.quality", {"class": name, "grade": "5"}, part, base) for name, part, base in (
    ("5А", 18, 24), ("5Б", 10, 20), ("5В", 10, 20), ("5Г", 5, 6))]  # fmt: skip
SLOPE = {"kind": "slope", "dimension": "class", "indicators": ["outcomes.quality"]}


def pieces(data):
    """Names of rows and columns of the parts of the map."""
    grid = heat_map._grid(data, "", Show(caption="Рисунок", label="r", **HEAT), data.catalogue["subjects.quality"])
    return [
        ([line.name for line in part.rows], [line.name for line in part.columns])
        for part in heat_map._parts(grid, data.params.school)
    ]


def test_a_map_of_a_big_school_is_told_in_parts_by_level(made):
    """A level of education keeps together; a subject stands only where it is taught."""
    rows = [(f"{grade}{letter}", "Русский язык", 5, 20) for grade in range(2, 10) for letter in "АБВГДЕ"]
    rows += [(f"{grade}{letter}", "Алгебра", 15, 20) for grade in range(7, 10) for letter in "АБВГДЕ"]
    asked = Show(caption="Рисунок", label="r", **HEAT)
    found = parts(made(cells(*rows)), "", asked, asked.indicators)
    assert [(block.caption, block.label) for block in found] == [
        ("Рисунок (часть 1 из 2)", "r"), ("Рисунок (часть 2 из 2)", "r_2")
    ]  # fmt: skip
    tall = [float(re.search(r'height="([\d.]+)pt"', block.svg)[1]) / 72 * 2.54 for block in found]
    assert max(tall) <= theme.MOST_CM + 0.2
    first, second = pieces(made(cells(*rows)))
    assert first == ([f"{grade}{letter}" for grade in range(2, 5) for letter in "АБВГДЕ"], ["Русский язык"])
    assert second == (
        [f"{grade}{letter}" for grade in range(5, 10) for letter in "АБВГДЕ"],
        ["Алгебра", "Русский язык"],
    )
    assert found[1].alt.replace("\u00a0", " ") == (
        "Качество знаний: ниже всего 5А, русский язык – 25,0 %, выше всего 9Е, алгебра – 75,0 %."
    )


def test_a_level_of_more_classes_than_a_page_is_halved(made):
    rows = [
        (f"5{letter}{number}", name, 5, 20)
        for letter in "АБВГДЕ"
        for number in range(1, 10)
        for name in ("ИЗО", "Труд")
    ]
    assert [len(names) for names, _ in pieces(made(cells(*rows)))] == [27, 27]


def test_slopes_say_the_largest_fall_and_rise(made):
    block = shown(made(NOW, BEFORE), **SLOPE)
    assert block.alt == (
        "Качество знаний: сильнее всего снизилось: 5А – было 75,0 %, стало 50,0 % (−25,0 п.п.); "
        "сильнее всего выросло: 5Б – было 50,0 %, стало 75,0 % (+25,0 п.п.)."
    )
    assert "Толстая линия – ухудшение; тонкая сплошная – улучшение; штриховая" in block.source
    assert "Показано 3 из 4" in block.source  # 5Г is small
    assert "В группе – 20–24 обучающихся." in block.source


def test_no_slopes_without_a_period_before_and_nothing_said_of_no_change(made):
    assert shown(made(NOW), **SLOPE) is None
    assert shown(made(NOW[:1], BEFORE[:1]), **SLOPE) is None
    zero = [(name, dims, 0, 20) for name, dims, _, _ in NOW]
    block = shown(made(zero, zero), **SLOPE)
    assert block.alt == "Качество знаний: значения не изменились."
    assert "ухудшение" not in block.source


def test_fewer_offences_are_better(made):
    """The bold line of what got worse goes by the indicator's direction, not upwards or downwards."""
    name = "socialisation.any_register"
    rows = [(name, {"class": c, "grade": "5"}, part, 20) for c, part in (("5А", 1), ("5Б", 8))]
    earlier = [(name, {"class": c, "grade": "5"}, part, 20) for c, part in (("5А", 8), ("5Б", 8))]
    block = shown(made(rows, earlier), kind="slope", dimension="class", indicators=[name])
    assert "улучшение" in block.source
    assert "ухудшение" not in block.source


MARKS = ["subjects.n5", "subjects.n4", "subjects.n3", "subjects.n2"]


def marks(*rows):
    """Counts of «5» to «2» a class, and of the school."""
    total = [sum(row[1][i] for row in rows) for i in range(4)]
    return [
        (name, dims, counts[at], None)
        for dims, counts in [*(({"class": c, "grade": c[0]}, counts) for c, counts in rows), ({}, total)]
        for at, name in enumerate(MARKS)
    ]


def test_multiples_find_the_class_that_is_unlike_the_whole(made):
    data = made(marks(("5А", (5, 10, 5, 0)), ("5Б", (5, 10, 5, 0)), ("6А", (0, 0, 18, 2)), ("6Б", (1, 1, 1, 0))))
    block = shown(data, kind="multiples", dimension="class", indicators=MARKS)
    # 6А: 18 of 20 are «3»; all together 29 of 63.
    assert block.alt == (
        "Сильнее всего от общего распределения отличается «6А»: «3» – 90,0 %, по всем вместе – 46,0 %."
    )
    assert "Группы менее 10 отметок не показаны: 1." in block.source
    assert "всего 63 отметки" in block.source


def test_multiples_of_equal_classes_claim_no_difference(made):
    block = shown(
        made(marks(("5А", (5, 5, 5, 5)), ("5Б", (5, 5, 5, 5)))), kind="multiples", dimension="class", indicators=MARKS
    )
    assert block.alt == "Распределения одинаковы во всех группах (2)."
    one = made(marks(("5А", (5, 5, 5, 5))))
    assert shown(one, kind="multiples", dimension="class", indicators=MARKS) is None


def test_multiples_over_a_second_dimension_name_small_groups(made):
    block = shown(made(GRID), kind="multiples", dimension="class", across="subject", indicators=["subjects.quality"])
    assert block.alt == "Качество знаний: ниже всего 5А, алгебра – 25,0 %, выше всего 6А, алгебра – 90,0 %."
    assert "«мало» – менее 10 отметок, значение не показано." in block.source
    many = cells(*[(f"{i}А", f"Предмет {j}", 5, 20) for i in range(40) for j in range(12)])
    assert isinstance(
        shown(made(many), kind="multiples", dimension="class", across="subject", indicators=["subjects.quality"]), Prose
    )


SCORES = {"kind": "histogram", "dimension": "subject", "exam": "ЕГЭ",
          "indicators": ["external.gia11_scores_passed", "external.gia11_scores_below"]}  # fmt: skip


def scores(subject, below, passed):
    kinds = (("external.gia11_scores_below", below), ("external.gia11_scores_passed", passed))
    return [(name, {"subject": subject, "item": str(s)}, n, None) for name, some in kinds for s, n in some.items()]


def test_a_histogram_marks_the_minimum_and_counts_who_is_below(made):
    rows = scores("Физика", {20: 2, 35: 1}, {36: 3, 60: 3, 81: 1, 100: 1})
    block = shown(made([*rows, *scores("Химия", {}, {50: 4})]), **SCORES)
    # 20 20 35 36 36 36 60 60 60 81 100: the sixth of eleven is 36.
    assert block.alt == (
        "Физика: 11 участников, медиана 36, наименьший балл 20, наибольший 100, ниже минимума (36) – 3."
    )
    assert "Не показаны малые группы: Химия (4)." in block.source
    assert "Столбик – 5 баллов." in block.source


def test_a_histogram_sees_the_step_at_a_boundary_of_marks(made):
    numbers = {"n3": {8: 9, 9: 3}, "n2": {5: 1, 7: 1}, "n4": {15: 2}, "n5": {}}
    rows = [
        (f"vpr.scores_{mark}", {"subject": "Математика", "grade": "7", "item": str(s)}, n, None)
        for mark, some in numbers.items()
        for s, n in some.items()
    ]
    asked = [f"vpr.scores_n{mark}" for mark in (5, 4, 3, 2)]
    block = shown(made(rows), kind="histogram", dimension="subject", of={"grade": 7}, indicators=asked)
    assert block.alt.endswith("с балла 8 начинается «3»: набравших его 9, баллом меньше – 1.")
    by_grade = shown(made(rows), kind="histogram", dimension="grade", of={"subject": "Математика"}, indicators=asked)
    assert by_grade.alt.startswith("7: 16 участников")
    assert shown(made(rows), kind="histogram", dimension="subject", of={"grade": "8"}, indicators=asked) is None


def test_no_histogram_of_few(made):
    assert shown(made(scores("Физика", {20: 1}, {36: 3})), **SCORES) is None


@given(st.dictionaries(st.integers(0, 100), st.integers(1, 9), min_size=1), st.sampled_from([61.0, 68.0, 100.0]))
def test_bars_of_several_points_lose_nobody(counts, most):
    """Every score lands in a bar that begins at or below it and lies within the scale."""
    for score in counts:
        if score <= most:
            start = histograms._bin(score, 5, most)
            assert start <= score <= start + 5
            assert start % 5 == 0


def test_what_nobody_has_is_no_word_of_the_legend(made, monkeypatch):
    legends = []
    svg = theme.svg

    def read(plt, fig):
        legends.append([text.get_text() for legend in fig.legends for text in legend.get_texts()])
        return svg(plt, fig)

    monkeypatch.setattr(theme, "svg", read)
    passed = scores("Физика", {}, {50 + i: 2 for i in range(10)})
    assert shown(made(passed), **SCORES)
    assert shown(made([*passed, *scores("Химия", {20: 2}, {50 + i: 2 for i in range(10)})]), **SCORES)
    without, both = ([word.partition(" (")[0] for word in words] for words in legends)
    assert without == ["Не ниже минимума", "минимум"]
    assert both == ["Не ниже минимума", "Ниже минимума", "минимум"]


def test_the_median_of_counts_is_that_of_the_scores():
    panel = histograms.Scores("П", [histograms.Counter({10: 2, 20: 1}), histograms.Counter({5: 1})])
    assert (panel.median(), panel.size) == (10, 4)
    assert histograms.Scores("П", [histograms.Counter({1: 1, 4: 1})]).median() == 2.5


FUNNEL = {"kind": "funnel", "dimension": "class", "indicators": ["outcomes.quality"]}


def test_a_funnel_is_for_shares_of_people_in_at_least_four_groups(made):
    whole = [*NOW, ("outcomes.quality", {}, 38, 70)]
    block = shown(made(whole), **FUNNEL)
    assert "В границах – 3 из 3." in block.alt
    assert shown(made([*NOW[:3], ("outcomes.quality", {}, 37, 64)]), **FUNNEL) is None
    mean = [("subjects.mean_mark", dims, part, base) for _, dims, part, base in whole]
    assert shown(made(mean), kind="funnel", dimension="class", indicators=["subjects.mean_mark"]) is None
    halves = [(name, dims, part + 0.5, base) for name, dims, part, base in whole]
    assert shown(made(halves), **FUNNEL) is None


def many_classes():
    """Sixty classes, of which a third lie outside the bounds, several at one place or next to each other."""
    rows = []
    for i in range(60):
        size, part = 18 + i * 7 % 15, (3, 9, 12, 15, 11, 17)[i % 6]
        rows.append(
            ("outcomes.quality", {"class": f"{2 + i // 6}{'АБВГДЕ'[i % 6]}", "grade": str(2 + i // 6)}, part, size)
        )
    return [*rows, ("outcomes.quality", {}, sum(row[2] for row in rows), sum(row[3] for row in rows))]


def test_names_in_a_funnel_of_sixty_classes_do_not_cover_each_other(made, monkeypatch):
    boxes = []
    svg = theme.svg

    def measured(plt, fig):
        fig.draw_without_rendering()
        of = fig.canvas.get_renderer()
        boxes.extend((text.get_text(), text.get_window_extent(of)) for text in fig.axes[0].texts)
        return svg(plt, fig)

    monkeypatch.setattr(theme, "svg", measured)
    block = shown(made(many_classes()), **FUNNEL)
    outside = set(re.findall(r"\d+[А-Е]", block.alt))
    named = {name for text, _ in boxes for name in text.split(", ")}
    assert len(outside) > 12
    assert named <= outside  # who lies inside has no name
    for (_, one), (_, other) in combinations(boxes, 2):
        assert not one.overlaps(other), (one, other)
    unnamed = re.search(r"Подписи не поместились у (\d+)", block.source)
    assert (named == outside) == (unnamed is None)


def test_a_name_without_room_is_left_out_and_covers_no_point():
    crowd = [Point(20.0 + i, 20.0 + i, "7А, 7Б") for i in range(12)]
    found = offsets(crowd, 60, 60)
    assert any(found)
    assert None in found
    assert offsets([Point(30, 30, "7А"), Point(38, 30)], 60, 60)[0] != offsets([Point(30, 30, "7А")], 60, 60)[0]
    assert offsets([Point(30, 30)], 60, 60) == [None]


BARS = {"kind": "bars", "dimension": "class", "indicators": ["outcomes.quality"]}


def test_bars_name_all_that_share_an_end_and_how_large_the_groups_are(made):
    block = shown(made(NOW), **BARS)  # 5Г has six pupils
    assert block.alt == "Качество знаний: больше всего – 5Б, 75,0 %, меньше всего – 5А и 5В, по 50,0 %."
    assert "В группе – 20–24 обучающихся." in block.source
    equal = [(name, dims, 5, 20) for name, dims, _, _ in NOW]
    assert shown(made(equal), **BARS).alt == "Качество знаний: у всех (4) – 25,0 %."


def test_stacks_tell_the_ends_of_the_first_piece_and_the_most_of_the_whole(made):
    data = made(marks(("5А", (5, 10, 5, 0)), ("6А", (0, 0, 18, 2))))
    asked = {"kind": "stacked", "indicators": MARKS}
    assert (
        shown(data, dimension="class", total=False, **asked).alt
        == "«5»: больше всего – 5А, 25,0 %, меньше всего – 6А, 0 %."
    )
    block = shown(data, dimension="class", **asked)
    assert block.alt.endswith("По школе: больше всего – «3», 57,5 %.")
    assert "; база – " in block.source
    assert shown(data, **asked).alt == "Всего: больше всего – «3», 57,5 %."


@pytest.mark.parametrize(
    ("show", "said"),
    [
        ({"kind": "heat", "dimension": "class", "indicators": ["a.b"]}, "второй разрез"),
        ({"kind": "heat", "dimension": "class", "across": "class", "indicators": ["a.b"]}, "должен отличаться"),
        ({"kind": "bars", "dimension": "class", "across": "subject", "indicators": ["a.b"]}, "across указывают для"),
        ({"kind": "multiples", "dimension": "class", "indicators": ["a.b"]}, "части целого"),
        ({"kind": "slope", "dimension": "class", "indicators": ["a.b"], "exam": "ЕГЭ"}, "для kind: histogram"),
    ],
)
def test_a_chart_that_cannot_be_drawn_is_refused(show, said):
    with pytest.raises(ValueError, match=said):
        Show(caption="Р", **show)


def test_neighbours_can_be_told_apart_in_grey():
    """Lightness of neighbouring pieces differs well, or hatching does; the ramp of a map only darkens."""
    for count in range(2, len(bar_charts.SHADES) + 1):
        for (one, hatch), (other, other_hatch) in pairwise(bar_charts.shades(count)):
            apart = abs(theme.lightness(one) - theme.lightness(other))
            assert apart > 0.2 or hatch != other_hatch, (one, other)
    ramp = [theme.lightness(theme.shade(value, 0, 100)) for value in range(101)]
    assert all(light > dark for light, dark in pairwise(ramp))
    assert ramp[0] - ramp[-1] > 0.75
    assert theme.lightness(theme.BEFORE) - theme.lightness(theme.NOW) > 0.3


@given(st.floats(0, 100))
def test_a_figure_in_a_cell_can_be_read(value):
    """Contrast of WCAG AA (4.5) between a cell and its figure, at every value."""
    ground = theme.shade(value, 0, 100)
    pair = sorted([theme.lightness(ground), theme.lightness(theme.ink(ground))])
    assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5


def test_the_gallery_is_current_and_shows_every_kind(tmp_path):
    """Run ``make docs`` after a change of the look."""
    assert {entry.show.kind for entry, _ in gallery.entries()} == CHARTS
    gallery.write(tmp_path / "gallery.md", DOCS.parent)
    drawn = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    kept = {path.relative_to(DOCS): path.read_bytes() for path in (DOCS / "images" / "gallery").iterdir()}
    kept[Path("gallery.md")] = (DOCS / "gallery.md").read_bytes()
    assert drawn == kept


def test_forks_of_a_process_that_has_drawn_draw_the_same_at_the_same_time():
    """A font has its file open: a memory of fonts, not of their names, lets forks read at each other's place."""
    code = """
import os
from matplotlib.figure import Figure
from soko.notes import canvas, theme
def draw(letters):
    with theme.settings():
        figure = Figure(); axes = figure.subplots(); axes.text(0.5, 0.5, letters)
        return canvas.drawn(figure, ["DejaVu Serif"])
draw("а")
texts = ["".join(chr(code) for code in range(0x410 + at, 0x44F)) for at in range(8)]
children = []
for text in texts:
    child = os.fork()
    if not child:
        try:
            for _ in range(5): draw(text)
        except BaseException: os._exit(1)
        os._exit(0)
    children.append(child)
print([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children])
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str([0] * 8)
