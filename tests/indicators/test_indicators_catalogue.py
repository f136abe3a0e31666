"""The catalogue: what a school may write, and what it is told when it writes it wrong."""

from __future__ import annotations

import clean_workspace as cw
import pytest
import yaml
from clean_workspace import marks, pupil
from conftest import ROOT

from soko.errors import ConfigError, UsageError
from soko.indicators import compute, load_catalogue, one, rows
from soko.indicators.passport import markdown
from soko.workspace import Workspace

OWN = """
indicators:
  - id: own.many_twos
    name: Доля обучающихся с двумя и более «2»
    unit: percent
    better: down
    population: pupil_results
    numerator: sum((n2 >= 2)::INT)
    denominator: count(*)
    dimensions: [[], [class]]
    formula: обучающиеся с двумя и более «2» к числу обучающихся базы
"""


@pytest.fixture
def workspace(tmp_path):
    return cw.make(tmp_path)


def own(workspace, text):
    path = workspace.params / "indicators" / "own.yaml"
    path.write_text(text.lstrip("\n"), encoding="utf-8")
    return path


def line_of(text, part):
    return next(i for i, line in enumerate(text.lstrip("\n").splitlines(), 1) if part in line)


def test_a_school_adds_an_indicator_without_python(workspace):
    own(workspace, OWN)
    period = cw.put(
        workspace,
        "2025-2026/q1",
        pupils=[pupil(f"p_{i}", "5А") for i in range(4)],
        marks=[*marks("p_0", "2 2"), *marks("p_1", "2 5"), *marks("p_2", "5"), *marks("p_3", "2 2 2")],
    )
    frame = compute(workspace, period)
    assert one(frame, "own.many_twos")["value"] == 50
    assert rows(frame, "own.many_twos", ["class"])["numerator"].tolist() == [2]
    assert load_catalogue(workspace)["own.many_twos"].scale == 100


def test_a_school_adds_a_view_with_a_new_table(workspace):
    """A table of the school's own, its contract, a view and an indicator over it: YAML only."""
    (workspace.tables / "clubs.yaml").write_text(
        "table: clubs\ntitle: Кружки\nowner: педагог\nkey: [pupil_id, club]\ncolumns:\n"
        "  - {name: pupil_id, title: Код, type: text}\n  - {name: club, title: Кружок, type: text}\n",
        encoding="utf-8",
    )
    own(
        workspace,
        """
views:
  - name: in_clubs
    title: Занятость в кружках
    base: списочный состав на конец периода
    tables: [clubs, pupils]
    sql: |
      SELECT r.school_id, r.class, (count(c.club) > 0)::INT AS busy
      FROM roll AS r LEFT JOIN clubs AS c ON c.school_id = r.school_id AND c.pupil_id = r.pupil_id
      WHERE r.at_end GROUP BY r.school_id, r.pupil_id, r.class
indicators:
  - id: own.clubs
    name: Охват кружками
    unit: percent
    better: up
    population: in_clubs
    numerator: sum(busy)
    denominator: count(*)
    dimensions: [[], [class]]
    formula: занятые в кружках к списочному составу
""",
    )
    pupils = [pupil("p_1", "5А"), pupil("p_2", "5А")]
    clubs = [{"pupil_id": "p_1", "club": "Шахматы"}, {"pupil_id": "p_1", "club": "Хор"}]
    period = cw.put(workspace, "2025-2026/q1", pupils=pupils, marks=marks("p_1", "5"), clubs=clubs)
    row = one(compute(workspace, period), "own.clubs")
    assert (row["numerator"], row["denominator"]) == (1, 2)


@pytest.mark.parametrize(
    ("was", "becomes", "said", "line"),
    [
        (
            "sum((n2 >= 2)::INT)",
            "sum(is_failling)",
            "нет столбца «is_failling»; возможно, имелось в виду «is_failing»",
            "numer",
        ),
        (
            "denominator: count(*)",
            "denominator: sum(pupls)",
            "нет столбца «pupls»; возможно, имелось в виду «pupil_id»",
            "denominator",
        ),
        ("sum((n2 >= 2)::INT)", "summ(n2)", "нет функции «summ»", "numerator"),
        ("sum((n2 >= 2)::INT)", "n2", "столбец «n2» стоит вне суммы; напишите, например, sum(n2)", "numerator"),
        ("sum((n2 >= 2)::INT)", "sum(n2", "проверьте скобки", "numerator"),
        ("sum((n2 >= 2)::INT)", "sum(n2) sum(n3)", "выражение не разбирается", "numerator"),
        ("sum((n2 >= 2)::INT)", "sum(sex)", "так сложить нельзя: sum(VARCHAR)", "numerator"),
        ("[[], [class]]", "[[], [clas]]", "нет разреза «clas»; возможно, имелось в виду «class»", "dimensions"),
        ("[[], [class]]", "[[], [subject]]", "в выборке «pupil_results» нет разреза «subject»", "dimensions"),
        (
            "population: pupil_results",
            "population: pupil_result",
            "возможно, имелось в виду «pupil_results»",
            "population",
        ),
        ("better: down", "beter: down", "неизвестный ключ «beter»; возможно, имелось в виду «better»", "beter"),
        ("    denominator: count(*)\n", "", "нет знаменателя", "id: own"),
        ("own.many_twos", "outcomes.quality", "показатель «outcomes.quality» описан второй раз", "id: outcomes"),
        ("[[], [class]]", "[[], [class], [class]]", "одно и то же сочетание разрезов записано дважды", "dimensions"),
        (
            "numerator: sum((n2 >= 2)::INT)",
            "same_as: outcomes.faling",
            "same_as: нет показателя «outcomes.faling»; возможно, имелось в виду «outcomes.failing»",
            "same_as",
        ),
        (
            "numerator: sum((n2 >= 2)::INT)",
            "same_as: order1324.1_10",
            "показатель «order1324.1_10» сам повторяет другой",
            "same_as",
        ),
    ],
)
def test_a_wrong_definition_is_told_with_file_line_and_nearest_name(workspace, was, becomes, said, line):
    text = OWN.replace(was, becomes)
    assert text != OWN
    own(workspace, text)
    with pytest.raises(ConfigError) as caught:
        load_catalogue(workspace)
    assert said in caught.value.message
    assert "own.yaml" in caught.value.where
    assert caught.value.where.endswith(f"строка {line_of(text, line)}")
    assert caught.value.exit_code == 2


VIEW = """
views:
  - name: own_view
    title: Свои
    tables: [marks]
    sql: |
      SELECT m.school_id, m.class,
             m.mark = '2' AS bad
      FROM marks AS m
"""


@pytest.mark.parametrize(
    ("was", "becomes", "said", "line"),
    [
        ("m.mark = '2'", "m.marc = '2'", "нет столбца «marc»; возможно, имелось в виду «mark»", "sql"),
        ("FROM marks", "FROM markz", "нет таблицы или выборки «markz»; возможно, имелось в виду «marks»", "sql"),
        ("m.mark = '2' AS bad", "m.mark = '2' AS", "выборка «own_view»: выражение не разбирается", "sql"),
        ("m.mark = '2'", "lowr(m.mark) = '2'", "нет функции «lowr»; возможно, имелась в виду «lower»", "sql"),
        ("tables: [marks]", "tables: [markz]", "нет таблицы «markz»; возможно, имелось в виду «marks»", "tables"),
        ("    title: Свои\n", "    titel: Свои\n", "неизвестный ключ «titel»; возможно", "titel"),
        ("    sql: |", "    once: [sexx]\n    sql: |", "нет разреза «sexx»; возможно, имелось в виду «sex»", "once"),
    ],
)  # fmt: skip
def test_a_wrong_view_of_its_own_is_told_with_file_and_line(workspace, was, becomes, said, line):
    text = VIEW.replace(was, becomes)
    assert text != VIEW
    own(workspace, text)
    with pytest.raises(ConfigError) as caught:
        load_catalogue(workspace)
    assert said in caught.value.message
    assert caught.value.where.endswith(f"own.yaml, строка {line_of(text, line)}")


def test_compute_tells_the_same(workspace):
    text = OWN.replace("n2 >= 2", "n22 >= 2")
    own(workspace, text)
    period = cw.put(workspace, "2025-2026/q1", pupils=[pupil("p_1", "5А")], marks=marks("p_1", "5"))
    with pytest.raises(ConfigError, match="нет столбца «n22»; возможно, имелось в виду «n2»"):
        compute(workspace, period)


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        (
            "FROM marks_base",
            "FROM mark_base",
            "нет таблицы или выборки «mark_base»; возможно, имелось в виду «marks_base»",
        ),
        ("p.left_on > s.period_end", "p.gone_on > s.period_end", "нет столбца «gone_on»"),
    ],
)
def test_a_wrong_view_is_told(workspace, was, becomes, said):
    path = workspace.params / "indicators" / "views.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(was, becomes), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"views\.yaml, строка \d+") as caught:
        load_catalogue(workspace)
    assert said in caught.value.message


def test_an_error_that_only_data_bring_out_is_told(workspace):
    own(workspace, OWN.replace("sum((n2 >= 2)::INT)", "sum(CAST(pupil_id AS INT))"))
    load_catalogue(workspace)
    period = cw.put(workspace, "2025-2026/q1", pupils=[pupil("p_1", "5А")], marks=marks("p_1", "5"))
    with pytest.raises(ConfigError, match=r"own\.many_twos, numerator: выражение не вычисляется на данных") as caught:
        compute(workspace, period)
    assert "p_1" not in str(caught.value)  # DuckDB quotes the value that it could not cast
    assert caught.value.__suppress_context__
    assert caught.value.where.endswith(f"строка {line_of(OWN, 'numerator')}")


def test_replace_changes_an_indicator(workspace):
    own(workspace, OWN.replace("own.many_twos", "outcomes.failing") + "    replace: true\n")
    catalogue = load_catalogue(workspace)
    assert catalogue["outcomes.failing"].numerator == "sum((n2 >= 2)::INT)"
    assert "own.yaml" in catalogue.place("indicator", "outcomes.failing", "numerator")


def test_periodicity(workspace):
    own(workspace, OWN + "    periodicity: [year]\n")
    given = {"pupils": [pupil("p_1", "5А")], "marks": marks("p_1", "2 2")}
    quarter = compute(workspace, cw.put(workspace, "2025-2026/q1", **given))
    year = compute(workspace, cw.put(workspace, "2025-2026/year", **given))
    assert one(quarter, "own.many_twos") is None
    assert one(year, "own.many_twos")["value"] == 100


def test_targets(workspace):
    cw.set_conventions(workspace.root, targets={"outcomes.quality": 45.0})
    catalogue = load_catalogue(workspace)
    assert catalogue.target("outcomes.quality") == 45
    assert catalogue.target("outcomes.failing") is None
    cw.set_conventions(workspace.root, targets={"outcomes.qualty": 45.0})
    with pytest.raises(ConfigError, match=r"возможно, имелось в виду «outcomes\.quality»"):
        load_catalogue(workspace)


def test_unknown_indicator_is_told(workspace):
    with pytest.raises(UsageError, match=r"возможно, имелось в виду «outcomes\.quality»"):
        load_catalogue(workspace)["outcomes.qualiti"]


def test_every_indicator_says_its_base_and_its_formula(workspace):
    unbound = load_catalogue(workspace, bind=False)
    for item in load_catalogue(workspace):
        assert unbound.base(item.id)
        assert item.formula
        assert not item.formula.endswith(".")
        assert item.name[0].isupper()


def test_the_page_of_passports_is_current():
    catalogue = load_catalogue(Workspace.open(cw.REPO))
    page = (cw.REPO / "docs" / "indicators.md").read_text(encoding="utf-8")
    assert page == markdown(catalogue), "run: python -m soko.indicators.passport docs/indicators.md"


def test_no_words_for_readers_name_a_file_of_settings(workspace):
    """Bases and formulas are printed in reports for parents and for the founder."""
    catalogue = load_catalogue(workspace)
    words = [
        text for item in catalogue.indicators.values() for text in (item.name, item.short, item.base, item.formula)
    ]
    words += [view.base for view in catalogue.views.values()]
    words += [
        note
        for path in sorted((ROOT / "params" / "narrative").glob("*.yaml"))
        for section in yaml.safe_load(path.read_text(encoding="utf-8")).get("sections", [])
        for show in section.get("show", [])
        for note in show.get("notes", [])
    ]
    assert not [text for text in words if text and ".yaml" in text]


def test_workspaces_with_the_same_files_have_catalogues_of_their_own(tmp_path):
    """What the files say is read once for both; what one does with its catalogue, or its files, is not the other's."""
    first, second = cw.make(tmp_path / "first"), cw.make(tmp_path / "second")
    catalogue = load_catalogue(first, bind=False)
    number = len(catalogue)
    catalogue.indicators.clear()
    catalogue.places.clear()
    assert len(load_catalogue(second, bind=False)) == number
    own(first, OWN)
    assert "own.many_twos" in load_catalogue(first, bind=False)
    assert "own.many_twos" not in load_catalogue(second, bind=False)
    wrong = OWN.replace("better: down", "beter: down")
    for place in (first, second):
        path = own(place, wrong)
        with pytest.raises(ConfigError) as caught:
            load_catalogue(place, bind=False)
        assert str(path) in caught.value.where
