"""The public edition of notes: from masked figures alone, with their signs, and never more than these."""

from __future__ import annotations

import builtins
import io
import random
import re
import shutil

import docx
import masked
import nbformat.v4 as v4
import note_school
import pandas as pd
import pytest
import yaml
from docx.shared import Cm
from hypothesis import HealthCheck, given, settings, strategies as st
from told import as_it_was

from soko import editions
from soko.analysis.narrative_sections import Show
from soko.errors import ConfigError, DataError, UsageError
from soko.indicators import history, load_catalogue
from soko.notes import hidden, open_annex, open_key_indicators, open_note, open_theme, tables, tables_any, teachers
from soko.notes.data import read
from soko.notes.figures import Figures
from soko.publish import document, word
from soko.publish.blocks import MIME, Figure, Head, Meta, Prose, Row, Table, Title

PERIOD = note_school.PERIOD
SIZES = {"5А": 2, "5Б": 24, "6А": 22, "6Б": 9, "7А": 25, "7Б": 23, "9А": 24, "9Б": 20}
SECRET = ("clean", "private", "history")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A school with a class of two and one of nine, and its complete table of two periods."""
    place = note_school.workspace(tmp_path_factory.mktemp("public") / "school")
    shift = {"7А": -0.55, "7Б": -0.4, "Математика": -0.35}
    note_school.put(place, PERIOD, note_school.tables(SIZES, shift, 3))
    note_school.put(place, PERIOD.previous(), note_school.tables(SIZES, {}, 3))
    return place, masked.table(place, PERIOD, lambda _row: "").drop(columns="hidden")


@pytest.fixture(scope="module")
def bare(whole, tmp_path_factory):
    """The same workspace with settings alone: nothing that the public edition must not read is there."""
    root = tmp_path_factory.mktemp("bare") / "school"
    shutil.copytree(whole[0].root, root, ignore=shutil.ignore_patterns(*SECRET))
    return type(whole[0]).open(root)


def blocks(note):
    made = [note.title(), note.main_page(), note.introduction(), note.movement(), note.outcomes(), note.classes()]
    made += [note.subjects(), note.risk(), note.attendance(), note.section("dynamics"), note.data_quality()]
    return [block for section in [*made, note.ending()] for block in section]


def told(bare, frame):
    """Everything that the note says of a masked table, as blocks."""
    masked.put(bare, PERIOD, frame)
    return blocks(open_note(str(bare.root), PERIOD.id, "public"))


def classes_of(bare, frame):
    """The table of classes alone, which costs no chart."""
    masked.put(bare, PERIOD, frame)
    data = read(bare, PERIOD, audience="public")
    return hidden.shown(data, tables.outcomes(data, "", ("class",), "Итоги по классам", "classes"))


@pytest.fixture(scope="module")
def usual(bare, whole):
    """The public note of a table in which small counts and groups are hidden."""
    return told(bare, masked.mask(whole[1], masked.few_and_under))


@pytest.fixture(scope="module")
def open_house(bare, whole):
    """The public note of a table in which nothing is hidden."""
    return told(bare, masked.mask(whole[1], lambda _row: ""))


def texts(found):
    """Every text of the blocks, those of charts and their alternative texts too."""
    said = []
    for block in found:
        said.append(block.model_dump_json(exclude={"svg"}))  # a coordinate is no number that is told
        if isinstance(block, Figure):
            said += re.findall(r"<!--(.*?)-->", block.svg)
    return "\n".join(said)


def table(found, label):
    return next(block for block in found if isinstance(block, Table) and block.label == label)


def row(found, name):
    return next(row.cells for row in found.rows if row.cells[0].strip("\xa0") == name)


# --- what is read -----------------------------------------------------------------------------------------------


def test_the_note_is_written_where_there_are_no_data(bare, usual):
    assert [block for block in usual if isinstance(block, Figure)]
    assert not any((bare.root / "data" / name).exists() for name in SECRET)  # nor does it leave anything there


@pytest.mark.deep
def test_nothing_but_settings_and_the_release_is_opened(bare, whole, monkeypatch):
    masked.put(bare, PERIOD, masked.mask(whole[1], masked.few_and_under))
    opened = []
    real = io.open

    def listened(file, *rest, **more):
        opened.append(str(file))
        return real(file, *rest, **more)

    monkeypatch.setattr(builtins, "open", listened)
    monkeypatch.setattr(io, "open", listened)
    blocks(open_note(str(bare.root), PERIOD.id, "public"))
    below = [name for name in opened if name.startswith(str(bare.root))]
    assert not [name for name in below if "/params/" not in name and "/validation/" not in name]


@pytest.mark.parametrize(
    "ask",
    [
        lambda side: side.clean(PERIOD),
        lambda side: side.history,
        lambda side: side.private,
        lambda side: side.private_period(PERIOD),
        lambda side: side.incoming(PERIOD),
        lambda side: side.corrections,
    ],
)
def test_who_asks_for_more_gets_an_error(bare, whole, ask):
    masked.put(bare, PERIOD, masked.mask(whole[1], masked.few_and_under))
    data = read(bare, PERIOD, audience="public")
    with pytest.raises(UsageError, match="публичный экземпляр строится только из публикуемых итогов"):
        ask(data.workspace)
    assert data.findings is None
    assert data.corrections is None


def test_teachers_are_asked_for_in_vain(bare, whole):
    masked.put(bare, PERIOD, masked.mask(whole[1], masked.few_and_under))
    with pytest.raises(UsageError):
        teachers.by_subject(read(bare, PERIOD, audience="public"), "internal")


def test_a_table_that_is_no_release_is_refused(bare, whole):
    with_values = masked.mask(whole[1], masked.few_and_under)
    with_values.loc[with_values["hidden"] != "", "numerator"] = 3.0
    cases = [
        (whole[1], "нет столбца hidden"),
        (with_values, "у скрытых строк есть значения"),
        (whole[1].assign(hidden="secret"), "неизвестная причина"),
        (whole[1].assign(hidden="").query("period != @PERIOD.id"), "нет периода"),
    ]
    for frame, message in cases:
        masked.put(bare, PERIOD, frame)
        with pytest.raises(DataError, match=message):
            read(bare, PERIOD, audience="public")


# --- which notes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("note", ["class_teacher", "subject_department", "adaptation"])
def test_a_note_without_a_public_edition_says_why(bare, note):
    with pytest.raises(UsageError, match=r"не выпускается: (она об|за предметом|в ней)"):
        open_theme(note, str(bare.root), PERIOD.id, "public")


def test_the_comparison_of_teachers_is_not_published(bare):
    with pytest.raises(UsageError, match="сопоставляет классы и учителей"):
        open_key_indicators(str(bare.root), PERIOD.id, "public")


def test_every_note_decides(bare):
    """A note that has no public edition says why in its file; none is forgotten."""
    silent = []
    for path in sorted((bare.params / "narrative").glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        if "rules" in content and not content.get("public") and not content.get("public_reason"):
            silent.append(path.stem)
    assert not silent


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"public": True, "public_without": ["ribk"]}, "раздела «ribk» нет"),
        ({"public": True, "public_reason": "нельзя"}, "указано public: true"),
        ({"public": True, "focus": "class"}, "публичного экземпляра нет"),
    ],
)
def test_a_contradiction_in_the_file_is_told(tmp_path, more, message):
    place = note_school.workspace(tmp_path)
    content = {"note": "own", "sections": [{"id": "risk", "title": "Риск"}], "rules": [], **more}
    path = place.params / "narrative" / "own.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        editions.has_public(place, "own")


# --- what is said -----------------------------------------------------------------------------------------------


def test_hidden_cells_show_their_sign_and_one_legend(usual):
    classes = table(usual, "classes")
    assert row(classes, "5А")[1:8] == ["мч"] * 7
    assert any("<\xa05" in one.cells for one in classes.rows)
    legends = [note for note in classes.notes if "малой численностью" in note]
    assert len(legends) == 1
    said = legends[0].replace("\xa0", " ")
    assert "в группе меньше 10" in said
    assert "от 1 до 4 человек" in said
    rest = [head.title for head in classes.columns].index("с одной «3»")
    assert row(classes, "6Б")[rest] == "мч"


def test_rows_and_columns_of_signs_alone_are_folded(bare, whole):
    small = ["5А", "6Б"]
    hides = lambda row: "few" if row["class"] in small or row["indicator"] == "subjects.sou" else ""  # noqa: E731
    frame = masked.mask(whole[1], hides)
    classes = classes_of(bare, frame)
    assert [row.cells[0] for row in classes.rows] == [name for name in SIZES if name not in small] + ["По школе"]
    assert "СОУ" not in [head.title for head in classes.columns]
    told = "все числа скрыты в связи с малой численностью групп (152-ФЗ): 5А и 6Б"
    assert any(told in note.replace("\xa0", " ") for note in classes.notes)
    assert any("«СОУ»" in note for note in classes.notes)


def test_nothing_is_left_of_a_table_of_bases(bare, whole):
    frame = masked.mask(whole[1], lambda row: "protected" if row["class"] or not row["level"] else "")
    classes = classes_of(bare, frame)
    assert [row.cells for row in classes.rows] == [["Не публикуется: все числа этой таблицы скрыты."]]
    assert classes.label == "classes"  # texts may refer to it


def test_where_everything_is_hidden_the_note_says_so_and_nothing_else(bare, whole):
    found = told(bare, masked.mask(whole[1], lambda _row: "few"))
    assert not [block for block in found if isinstance(block, Figure)]
    assert all(len(block.columns) == 1 for block in found if isinstance(block, Table))
    words = "\n".join(block.markdown for block in found if isinstance(block, Prose))
    assert "Существенных изменений" in words or "выводы" in words
    assert "%" not in words


def test_nothing_hidden_says_nothing_of_hiding(open_house, whole):
    found = open_house
    said = texts(found)
    assert "«мч»" not in said
    assert "«скр»" not in said
    assert hidden.REMARK not in said
    assert "только о группах, данные о которых публикуются" not in said
    # Beside the internal edition: the same figures, but for the rest that is worked out and as small as hidden ones.
    internal = table(open_note(str(whole[0].root), PERIOD.id).classes(), "classes").rows
    public = table(found, "classes").rows
    rest = [head.title for head in table(found, "classes").columns].index("с «3»")
    for mine, theirs in zip(public, internal, strict=True):
        assert [*mine.cells[:rest], *mine.cells[rest + 1 :]] == [*theirs.cells[:rest], *theirs.cells[rest + 1 :]]
        small = 0 < int(theirs.cells[rest]) < 5
        assert mine.cells[rest] == ("<\xa05" if small else theirs.cells[rest])


def test_a_rest_is_not_worked_out_of_hidden_counts(bare, whole):
    """«с „3“» is what is left of the base; beside a hidden count it would tell it or be wrong."""
    hides = lambda row: "under" if row["indicator"] == "outcomes.failing" and row["class"] == "7А" else ""  # noqa: E731
    classes = classes_of(bare, masked.mask(whole[1], hides))
    rest = [head.title for head in classes.columns].index("с «3»")
    assert row(classes, "7А")[rest] == "<\xa05"
    assert row(classes, "7Б")[rest] not in ("мч", "скр")


def test_what_was_not_found_is_not_said_where_something_is_hidden(bare, whole, open_house):
    """«Классов, в которых качество снизилось, нет» would tell of the hidden class, or be untrue."""
    assert "*Проверено:*" in texts(open_house)
    frame = masked.mask(whole[1], lambda row: "protected" if row["class"] == "9Б" else "")
    narrative = open_note_narrative(bare, frame)
    about_classes = [item for item in narrative.sentences if item.section == "classes"]
    assert about_classes
    assert all(item.partial for item in about_classes)
    assert not [item for item in about_classes if item.kind == "nothing"]
    assert not any(item.partial for item in narrative.sentences if item.section == "outcomes")
    assert "9Б" not in " ".join(item.text for item in narrative.sentences)


def open_note_narrative(bare, frame):
    masked.put(bare, PERIOD, frame)
    return open_note(str(bare.root), PERIOD.id, "public").narrative


def test_the_narrative_is_as_it_was(bare, whole):
    as_it_was(open_note_narrative(bare, masked.mask(whole[1], masked.few_and_under)), "public_academic_results")


@pytest.mark.deep
def test_the_class_that_explains_a_fall_is_not_named_beside_a_hidden_one(bare, whole):
    rows = whole[1]
    whole_fall = open_note_narrative(bare, masked.mask(rows, lambda _row: ""))
    hides = lambda row: "protected" if row["class"] == "9Б" else ""  # noqa: E731
    with_hidden = open_note_narrative(bare, masked.mask(rows, hides))
    assert "снижение – в" not in " ".join(item.text for item in with_hidden.sentences)
    assert len(with_hidden.sentences) <= len(whole_fall.sentences)


def test_no_orders_no_people_no_words_of_the_analyst(bare, whole):
    path = bare.params / "periods" / f"{PERIOD.id}.yaml"
    before = path.read_text(encoding="utf-8")
    try:
        own = yaml.safe_load(before) | {"commentary": {"classes": "Обсуждено с Ивановой А. А., тел. 8 900 000-00-00"}}
        path.write_text(yaml.safe_dump(own, allow_unicode=True), encoding="utf-8")
        said = texts(told(bare, masked.mask(whole[1], masked.few_and_under)))
    finally:
        path.write_text(before, encoding="utf-8")
    school = yaml.safe_load((bare.params / "school.yaml").read_text(encoding="utf-8"))
    people = [school["director"], school["author"], *school["responsible"].values()]
    for person in people:
        assert person["name"].split()[0] not in said
    assert not re.findall("Ивановой|8 900|Комментарий|Рекомендации|Ответственный|Ознакомлены|Решить|soko ", said)


def test_every_page_is_marked(usual):
    meta, title = usual[0], usual[1]
    assert isinstance(meta, Meta)
    assert isinstance(title, Title)
    assert meta.mark == title.mark == "Публичный экземпляр"
    assert meta.running_head.startswith("Публичный экземпляр. ")
    assert meta.audience == "public"
    assert title.approve is None


def test_the_annex_with_names_is_marked_on_every_page(whole):
    meta, title = open_annex(str(whole[0].root), PERIOD.id).title()[:2]
    assert meta.mark == title.mark == "Для служебного пользования"
    assert meta.running_head.startswith(meta.mark)


# --- the property -----------------------------------------------------------------------------------------------


def primes(count, start=1009):
    found = []
    number = start
    while len(found) < count:
        if all(number % one for one in range(3, int(number**0.5) + 1, 2)):
            found.append(number)
        number += 2
    return found


def odd(whole_frame, seed):
    """A table whose numerators of counts by class and grade are primes of their own, so that each can be looked for."""
    frame = whole_frame.copy()
    names = [f"outcomes.{name}" for name in ("excellent", "good", "failing", "one_three")]
    chosen = frame["indicator"].isin([*names, "movement.at_end", "movement.left"]) & (frame["period"] == PERIOD.id)
    places_ = frame.index[chosen]
    numbers = primes(len(places_), 10007)
    order = list(range(len(places_)))
    random.Random(seed).shuffle(order)
    frame["numerator"] = frame["numerator"].astype(float)
    frame.loc[places_, "numerator"] = [float(numbers[at]) for at in order]
    frame.loc[places_, "denominator"] = frame.loc[places_, "denominator"].where(
        frame.loc[places_, "denominator"].isna(), 1_000_000.0
    )
    return frame, places_


@pytest.mark.deep
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6), share=st.sampled_from([0.2, 0.6, 1.0]))
def test_no_hidden_number_is_told_by_any_text_table_or_chart(bare, whole, seed, share):
    frame, chosen = odd(whole[1], seed)
    bare.outputs(PERIOD).mkdir(parents=True, exist_ok=True)
    frame.to_parquet(bare.outputs(PERIOD) / "indicators.parquet", index=False)  # the complete one lies beside it
    dice = random.Random(seed)
    secret = {at for at in chosen if dice.random() < share}
    reasons = {at: dice.choice(["few", "under", "protected"]) for at in secret}
    found = told(bare, masked.mask(frame, lambda row: reasons.get(row.name, "")))
    said = re.sub(r"[\s\u00a0\u202f]", "", texts(found))
    numbers = set(re.findall(r"\d+", said))
    for at in secret:
        assert str(int(frame.loc[at, "numerator"])) not in numbers, frame.loc[at].to_dict()
    shown = {str(int(frame.loc[at, "numerator"])) for at in chosen if at not in secret}
    assert share == 1.0 or shown & numbers  # the search does find what is shown


# --- figures ----------------------------------------------------------------------------------------------------


def test_hidden_figures_are_not_among_the_figures():
    base = {"school_id": "s", "period": PERIOD.id, "level": "", "grade": "", "subject": "", "sex": "", "item": ""}
    rows = [
        base | {"indicator": "a.b", "class": "5А", "numerator": None, "denominator": None, "hidden": "few"},
        base | {"indicator": "a.b", "class": "5Б", "numerator": None, "denominator": 24.0, "hidden": "under"},
        base | {"indicator": "a.b", "class": "5В", "numerator": 12.0, "denominator": 24.0, "hidden": ""},
    ]
    figures = Figures(pd.DataFrame(rows))
    assert [figures.why_hidden("a.b", **{"class": name}) for name in ("5А", "5Б", "5В", "5Г")] == [
        "few",
        "under",
        "",
        "",
    ]
    assert figures.get("a.b", **{"class": "5А"}) is None
    assert figures.base_of("a.b", **{"class": "5А"}) is None
    assert figures.base_of("a.b", **{"class": "5Б"}) == 24
    assert figures.keys("a.b", "class") == ["5А", "5Б", "5В"]
    assert [key[2] for key, _ in figures.items()] == [frozenset({("class", "5В")})]
    assert figures.hides(["a.b"], {"class"})
    assert not figures.hides(["a.b"], {"grade"})
    assert not figures.for_note().only([]).hidden


def test_charts_leave_hidden_groups_out_and_say_so(bare, whole, open_house):
    frame = masked.mask(whole[1], lambda row: "protected" if row["class"] in ("7А", "7Б") else "")
    masked.put(bare, PERIOD, frame)
    found = open_note(str(bare.root), PERIOD.id, "public").classes()
    chart = next(block for block in found if isinstance(block, Figure) and block.label == "quality_by_class")
    assert "не публикуются, на рисунке не показаны" in chart.source
    assert "7А" not in chart.alt
    whole_chart = next(block for block in open_house if isinstance(block, Figure) and block.label == "quality_by_class")
    assert "не публикуются" not in whole_chart.source


def test_the_stand_in_reads_what_history_keeps(whole):
    """The complete table of the tests is that of the workspace: otherwise they would prove nothing."""
    stored = history.stored(whole[0], PERIOD, load_catalogue(whole[0], bind=False))
    assert stored is not None
    mine = whole[1][whole[1]["period"] == PERIOD.id]
    assert len(mine) == (pd.read_parquet(stored.path)["teacher"].fillna("") == "").sum()


def test_the_word_file_of_a_marked_document_is_marked_under_the_schools_own_header(tmp_path):
    reference = docx.Document()
    reference.sections[0].page_width, reference.sections[0].page_height = Cm(21), Cm(29.7)
    reference.sections[0].header.paragraphs[0].text = "Школа № 4"
    path = tmp_path / "reference.docx"
    reference.save(str(path))
    made = [
        Meta(title="Справка", mark="Публичный экземпляр", date="2026-05-26", author="Школа"),
        Prose(markdown="Текст"),
    ]
    outputs = [v4.new_output("display_data", data={MIME: one.model_dump(mode="json")}) for one in made]
    notebook = v4.new_notebook(cells=[v4.new_code_cell("x", outputs=outputs)])
    target = tmp_path / "made.docx"
    target.write_bytes(word.build(document.read(notebook), path))
    header = [paragraph.text for paragraph in docx.Document(str(target)).sections[0].header.paragraphs]
    assert header[:2] == ["Публичный экземпляр", "Школа № 4"]


def test_a_breakdown_that_is_not_published_is_not_said_to_be_empty(bare, whole):
    """By subject only quality leaves: of the other column the public side cannot know whether anybody is in it."""
    frame = masked.mask(whole[1], lambda _row: "")
    masked.put(bare, PERIOD, frame[(frame["indicator"] != "subjects.success") | (frame["subject"].fillna("") == "")])
    data = read(bare, PERIOD, audience="public")
    show = Show(kind="by", dimension="subject", caption="Предметы", indicators=["subjects.quality", "subjects.success"])
    made = tables_any.by(data, "", show, show.indicators)
    subjects = [row for row in made.rows if row.kind != "total"]
    assert not any("нп" in row.cells for row in subjects)
    assert len(subjects) > 3
    assert all(row.cells[-1] == "–" for row in subjects)
    assert any("не публикуются" in note for note in made.notes)


def test_the_figure_of_the_whole_has_its_unit_and_its_column():
    """Of a folded table one line is left: two columns «±» of one group, shares and bases can be told apart in it."""
    one = [Head(title="Класс"), Head(title="Средний балл"), Head(title="Успеваемость", unit="%")]
    several = [
        Head(title=title, unit=unit, group="Качество, %")
        for title, unit in (("4 четв.", ""), ("±", "п.п."), ("В базе", ""), ("%", ""))
    ]
    last = Row(cells=["По школе", "4,11", "96,8", "45,3", "−0,3", "31", "41,9"], kind="total")
    made = Table(caption="Итоги", columns=[*one, *several], rows=[last])
    said = hidden._figures(made, range(1, 7)).replace("\xa0", " ")
    assert said.startswith("«Средний балл» – 4,11; «Успеваемость» – 96,8 %; ")
    assert said.endswith("«Качество»: 4 четв. – 45,3 %, ± – −0,3 п.п., в базе 31, 41,9 %")
