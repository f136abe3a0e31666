"""The public report: plain words, what is hidden or absent, texts that people write, names with a consent only."""

from __future__ import annotations

import re
import shutil
from datetime import date, timedelta

import masked
import pytest
from report_school import LAST, NOW, YEAR, contests, school, text_of, won

from soko.disclosure import leaks
from soko.errors import ConfigError, DataError, UsageError
from soko.indicators import load_catalogue
from soko.notes import telling
from soko.reports import open_report, settings, texts, winners
from soko.reports.public_report import HIDDEN
from soko.run import reports
from soko.workspace import Workspace

SECTIONS = (
    "pupils",
    "results",
    "exams",
    "activities",
    "parents",
    "staff",
    "conditions",
    "safety",
    "graduates",
    "changes",
)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return school(tmp_path_factory.mktemp("report"))


@pytest.fixture
def place(built, tmp_path):
    shutil.copytree(built.root, tmp_path, dirs_exist_ok=True)
    return Workspace.open(tmp_path)


def report(place, audience="internal"):
    return open_report("public_report", str(place.root), YEAR.id, audience)


def whole(made):
    blocks = [*made.title(), *made.text("address"), *made.glance(), *made.olympiads()]
    for name in SECTIONS:
        blocks += made.section(name)
    return text_of([*blocks, *made.text("plans"), *made.glossary(), *made.text("contacts")])


# --- words ----------------------------------------------------------------------------------------------------------


def test_figures_are_told_in_plain_words_with_the_year_before(built):
    said = text_of(report(built).section("results"))
    assert "На «4» и «5» год закончили 206 из 438 учеников, которым ставят отметки, – 47,0 %." in said
    assert "Год назад таких было 27,9 %." in said
    assert "В начальной школе на «4» и «5» – 65,0 %." in said


def test_every_word_of_reports_is_explained_where_it_is_used(built):
    made = report(built)
    said = whole(made)
    for term in ("Качество знаний", "Успеваемость", "ЕГЭ", "Категория педагога"):
        assert f"**{term}**" in said
    assert "**Бюджетное место**" not in said  # nothing is said of it this year


def test_an_indicator_that_nobody_explains_stops_the_report(place):
    path = place.params / "reports" / "public_report.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count("health.hot_meals, ") == 1
    path.write_text(text.replace("health.hot_meals, ", ""), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"не объяснён показатель «health\.hot_meals»"):
        report(place)


@pytest.mark.deep
def test_an_unknown_indicator_of_the_settings_names_the_nearest(place):
    path = place.params / "reports" / "public_report.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("parents.satisfaction, words", "parents.satisfacton, words"), "utf-8"
    )
    with pytest.raises(ConfigError, match=r"parents\.satisfacton.*parents\.satisfaction"):
        report(place)


def test_tiles_are_those_that_have_a_figure(built):
    [figure] = [block for block in report(built).glance() if block.type == "figure"]
    alt = figure.alt.replace("\xa0", " ")
    assert "47,0 % – закончили год на «4» и «5» (год назад 27,9 %)" in alt
    assert "довольны школой" not in alt


def test_only_a_school_year_has_a_public_report(built):
    with pytest.raises(UsageError, match="за учебный год, а не за период 2025-2026/q4"):
        open_report("public_report", str(built.root), "2025-2026/q4")


def test_an_unknown_report_names_the_nearest(built):
    with pytest.raises(UsageError, match=r"public_raport.*public_report"):
        open_report("public_raport", str(built.root), YEAR.id)


# --- a school without high school, a topic without data ---------------------------------------------------------------


def test_a_school_without_high_school_says_nothing_of_it(tmp_path):
    senior = ("СОО", "outcomes.certificate_11", "external.gia11_russian")
    rows = [row for row in NOW if row[0] not in senior and row[1].get("level") not in senior]
    place = school(tmp_path, rows, ())
    path = place.params / "school.yaml"
    path.write_text(
        "\n".join(line for line in path.read_text(encoding="utf-8").split("\n") if "id: СОО" not in line),
        encoding="utf-8",
    )
    hide(place)
    said = whole(report(place, "public"))
    assert "одиннадцат" not in said
    assert "ЕГЭ" not in said
    assert "С пятого по девятый класс" in said


def test_a_topic_without_data_names_who_owes_them_to_the_school_alone(built):
    said = text_of(report(built).section("graduates"))
    assert "Не сдана таблица" in said or "Не сданы таблицы" in said
    assert "сдаёт" in said


@pytest.mark.deep
def test_without_the_year_before_nothing_is_compared(tmp_path):
    said = whole(report(school(tmp_path, NOW, ())))
    assert "Год назад" not in said
    assert "Сравнить не с чем" in said


# --- hidden figures ---------------------------------------------------------------------------------------------------


def hide(place, *names):
    """A release in which the figures of the school named are hidden."""
    table = masked.table(place, YEAR, lambda row: "few" if row["indicator"] in names else "")
    masked.put(place, YEAR, table)


def test_a_hidden_figure_is_said_to_be_hidden_and_its_number_nowhere(place):
    hide(place, "outcomes.failing", "parents.participation")
    said = whole(report(place, "public"))
    assert f"{HIDDEN}: «с двойками»." in said
    assert "С двойками год закончили" not in said
    assert "186 из 407" not in said
    assert "45,7 %" not in said
    assert "206 из 438" in said  # what is not hidden is told


def test_a_topic_that_is_hidden_as_a_whole_says_so(place):
    hide(place, "teachers.pedagogues", "teachers.category")
    said = text_of(report(place, "public").section("staff"))
    assert HIDDEN in said
    assert "39" not in said


@pytest.mark.deep
def test_a_topic_without_figures_names_nobody_to_the_public(place):
    hide(place)
    said = text_of(report(place, "public").section("graduates"))
    assert said == "## Куда пошли выпускники прошлого года\nЗа этот год сведений нет."


def test_the_public_copy_cannot_reach_a_name(place):
    contests(place, won("p1", LAST))
    hide(place)
    with pytest.raises(UsageError, match="недоступны"):
        report(place, "public").data.workspace.private_period(YEAR)
    assert "Иванов" not in whole(report(place, "public"))  # nobody has released him


# --- texts ------------------------------------------------------------------------------------------------------------


def test_an_unwritten_text_is_marked_inside_and_left_out_outside(place):
    hide(place)
    (place.params / "reports" / "public_report" / "2025-2026" / "plans.md").write_text("<!-- планы -->\n", "utf-8")
    inside, outside = (text_of(report(place, audience).text("plans")) for audience in ("internal", "public"))
    assert "Нужно написать" in inside
    assert "params/reports/public_report/2025-2026/plans.md" in inside
    assert outside == ""


@pytest.mark.deep
def test_last_years_words_are_not_this_years(place):
    folder = place.params / "reports" / "public_report"
    (folder / "2025-2026").rename(folder / "2024-2025")
    assert "Нужно написать" in text_of(report(place).text("address"))


@pytest.mark.deep
def test_hints_are_no_text(place):
    said = text_of(report(place).text("address"))
    assert "Уважаемые родители" in said
    assert "Числа сюда не пишут" not in said


@pytest.mark.deep
@pytest.mark.parametrize(("content", "said"), [("Привет".encode("cp1251"), "UTF-8"), (b"x" * 30_000, "длиннее")])
def test_a_text_that_cannot_be_printed_is_refused_with_its_file(place, content, said):
    path = texts.folder(place, "public_report") / "contacts.md"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=said) as caught:
        report(place).text("contacts")
    assert caught.value.where == "params/reports/public_report/contacts.md"


def test_what_is_unwritten_is_named_by_the_status(place):
    (place.params / "reports" / "public_report" / "2025-2026" / "plans.md").unlink()
    found = [place.relative(item.path) for item in reports.unwritten(place, YEAR)]
    assert found == ["params/reports/public_report/2025-2026/plans.md"]
    assert reports.unwritten(place, YEAR.previous()) == []  # that year has no public report


@pytest.mark.parametrize("words", ["Построили 3 площадки", "Участвуют 12,5 % семей"])
def test_a_number_that_the_report_does_not_hold_is_flagged_and_not_published(place, words):
    hide(place)
    text = place.params / "reports" / "public_report" / "2025-2026" / "plans.md"
    text.write_text(f"Планы.\n\n{words}.\n", encoding="utf-8")
    inside = text_of(report(place).text("plans"))
    assert "plans.md`: строка 3 – число" in inside
    assert "вписано вручную" in inside
    with pytest.raises(DataError, match="строка 3") as stopped:
        report(place, "public").text("plans")
    assert stopped.value.where == "params/reports/public_report/2025-2026/plans.md"


def test_a_number_of_the_reports_own_figures_a_date_or_an_address_is_not_flagged(place):
    held = re.search(r"\d+,\d", text_of(report(place).section("results")))
    text = place.params / "reports" / "public_report" / "2025-2026" / "plans.md"
    text.write_text(f"До 1 сентября 2026 года в 5 классах. Качество – {held[0]} %.\n", encoding="utf-8")
    made = report(place)
    assert "вписано вручную" not in text_of([*made.text("plans"), *made.text("contacts")])


def test_a_figure_that_the_public_report_hides_is_not_held_by_it(place):
    """It stands in the internal copy's tables, and so is flagged in the public one alone."""
    held = re.search(r"\d+,\d", text_of(report(place).section("results")))[0]
    masked.put(place, YEAR, masked.table(place, YEAR, lambda row: "few"))
    text = place.params / "reports" / "public_report" / "2025-2026" / "plans.md"
    text.write_text(f"Качество – {held} %.\n", encoding="utf-8")
    assert "вписано вручную" not in text_of(report(place).text("plans"))
    with pytest.raises(DataError, match="вписано вручную"):
        report(place, "public").text("plans")


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("consent", "named"),
    [(None, False), (LAST - timedelta(days=1), True), (LAST, True), (LAST + timedelta(days=1), False)],
)
def test_a_winner_is_named_with_a_consent_of_the_reports_day(place, consent, named):
    contests(place, won("p1", consent))
    said = text_of(winners.blocks(*winners.named(place, YEAR, LAST, _chosen(place))))
    assert ("Иванов Пётр" in said) is named
    assert ("согласия на это нет" in said) is not named
    assert "Сергеевич" not in said  # no more of a name than is needed


@pytest.mark.parametrize(
    ("until", "published", "is_named"),
    [
        (None, LAST + timedelta(days=900), True),
        (LAST + timedelta(days=30), LAST + timedelta(days=30), True),
        (LAST + timedelta(days=30), LAST + timedelta(days=31), False),
        (LAST - timedelta(days=1), LAST, False),
        (LAST - timedelta(days=1), LAST - timedelta(days=9), False),  # ended before the day of the document
    ],
)
def test_a_publication_after_a_consent_has_ended_has_no_name(place, until, published, is_named):
    contests(place, won("p1", LAST - timedelta(days=60), consent_until=until), won("p2", LAST))
    folder = place.outputs(YEAR) / "public"
    winners.release(place, YEAR, _chosen(place), folder, published)
    found, others = winners.released(folder)
    assert [item.name for item in found] == [*(["Иванов Пётр"] if is_named else []), "Смирнова Анна"]
    assert others is not is_named


def test_a_consent_withdrawn_after_the_publication_stops_the_next_one(place):
    """The page of then is still on the site: the search finds the name on it."""
    contests(place, won("p1", LAST - timedelta(days=60)), won("p2", LAST))
    folder = place.outputs(YEAR) / "public"
    winners.release(place, YEAR, _chosen(place), folder, LAST)
    said = "Победители: Иванов Пётр и Смирнова Анна."
    assert not leaks.personal(place, on=LAST).touches(said)
    last = LAST + timedelta(days=10)
    contests(place, won("p1", LAST - timedelta(days=60), consent_until=last), won("p2", LAST))
    assert not leaks.personal(place, on=last).touches(said)
    after = leaks.personal(place, on=last + timedelta(days=1))
    assert after.touches("Победители: Иванов Пётр.")
    assert not after.touches("Победители: Смирнова Анна.")
    assert leaks.personal(place).touches(said), "without a day a consent that ends allows nothing"


@pytest.mark.deep
def test_the_day_of_approval_is_the_day_of_the_report(place):
    contests(place, won("p1", date(2026, 6, 10)))
    path = place.params / "periods" / f"{YEAR.id}.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "approved_on: 2026-06-15\n", encoding="utf-8")
    assert "Иванов Пётр" in text_of(report(place).olympiads())


def test_others_are_neither_named_nor_counted(place):
    contests(place, won("p1", LAST), won("p2", None), won("неизвестный", LAST), won("p3", LAST, result="участник"))
    said = text_of(winners.blocks(*winners.named(place, YEAR, LAST, _chosen(place))))
    assert "Иванов Пётр" in said
    assert "Имена остальных победителей и призёров не публикуются." in said
    assert not [name for name in ("Смирнова", "Кузнецов", "неизвестный") if name in said]


def test_school_events_and_participation_name_nobody(place):
    contests(place, won("p1", LAST, event_level="школьный"), won("p2", LAST, result="участник"))
    assert winners.named(place, YEAR, LAST, _chosen(place)) == ([], False)


def test_what_is_released_is_what_the_public_copy_prints(place):
    contests(place, won("p1", LAST, event="=cmd()"), won("p2", None))
    hide(place)
    folder = place.outputs(YEAR) / "public"
    path = winners.release(place, YEAR, _chosen(place), folder)
    assert "'=cmd()" in path.read_text(encoding="utf-8")
    assert winners.released(folder)[1] is True
    said = text_of(report(place, "public").olympiads())
    assert "Иванов Пётр" in said
    assert "Смирнова" not in said


def _chosen(place):
    return settings.public_report(place, load_catalogue(place, bind=False).indicators, ()).winners


# --- no judgement of teachers --------------------------------------------------------------------------------------


def test_nothing_is_shown_by_class_or_teacher(built):
    book = telling.book(report(built).data)
    shown = [show for some in book.shown.values() for show, _ in some]
    assert not [show for show in shown if {show.dimension, show.across} & {"class", "class_subject", "sex"}]
    assert not [rule.rule.id for rule in book.rules if rule.rule.scope in ("class", "class_subject")]
