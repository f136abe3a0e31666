"""A release of the public site: what it holds, how periods gather, the same bytes twice."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from lxml import html
from site_school import DOCUMENTS, Q3, Q4, YEAR, Desk, afresh, desk, documents, every_file

from soko.indicators.reasons import public
from soko.site import target
from soko.site.release import Release


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return documents(tmp_path_factory.mktemp("documents"))


@pytest.fixture(scope="module")
def school(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return desk(tmp_path_factory.mktemp("school"), made)


@pytest.fixture(scope="module")
def second(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The same school in another folder, for ``afresh``."""
    return desk(tmp_path_factory.mktemp("second"), made)


@pytest.fixture(scope="module")
def site(school: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site after three releases."""
    folder = tmp_path_factory.mktemp("share") / "site"
    for number, period in enumerate((Q3, Q4, YEAR), start=1):
        outcome = school.publish(period, folder)
        assert (outcome.release.number, outcome.unchanged) == (number, False)
    return folder


def front(site: Path) -> html.HtmlElement:
    return html.document_fromstring((site / "index.html").read_text(encoding="utf-8"))


def test_periods_gather_each_document_in_every_format(site: Path) -> None:
    for period, listed in DOCUMENTS.items():
        names = {path.name for path in (site / period).iterdir()}
        formats = {f"{name}.{kind}" for name in listed for kind in ("html", "pdf", "docx")}
        assert names == formats | {"indicators.csv", "indicators.xlsx"}


def test_every_link_leads_to_a_file_and_every_file_is_linked(site: Path) -> None:
    reached = {"index.html"}
    for page in site.rglob("*.html"):
        tree = html.document_fromstring(page.read_text(encoding="utf-8"))
        ids = set(tree.xpath("//@id"))
        for href in tree.xpath("//a/@href"):
            path, _, anchor = unquote(href).partition("#")
            if href.startswith("https://example.org/"):  # what the document itself cites
                continue
            assert not re.match(r"[a-z]+:|/", path), (page.name, href)
            place = (page.parent / path).resolve() if path else page
            assert place.is_file(), (page.name, href)
            reached.add(place.relative_to(site.resolve()).as_posix()) if path else None
            if anchor and place == page:
                assert anchor in ids, (page.name, href)
    assert reached == set(every_file(site))


def test_newest_first_with_sizes_and_dates(school: Desk, made: Path, tmp_path: Path) -> None:
    place = desk(tmp_path / "school", made)
    settings = place.place.params / "periods" / f"{Q4}.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "approved_on: 2026-06-05\n", encoding="utf-8")
    for period in (Q3, YEAR, Q4):
        place.publish(period, tmp_path / "site")
    tree = front(tmp_path / "site")
    assert [node.text_content() for node in tree.iter("h2")] == ["2025/2026 учебный год", "2025 календарный год"]
    periods = [node.text_content().replace("\u2011", "-") for node in tree.iter("h3")]
    assert periods == ["4-я четверть", "3-я четверть", "Год в целом"]
    assert [part.get("open") for part in tree.iter("details")] == ["", None]
    text = tree.text_content().replace("\xa0", " ")
    assert "Утверждено 5 июня 2026 г." in text
    pdf = tree.xpath(f"//a[@href='{Q4}/academic_results.pdf']")[0]
    assert re.fullmatch(r"PDF [\d,]+ КБ", pdf.text_content().replace("\xa0", " "))
    assert "Итоги успеваемости" in pdf.get("aria-label")


def test_the_self_assessment_is_marked_as_the_rules_of_school_sites_ask(site: Path) -> None:
    assert front(site).xpath("//*[@itemprop='reportEduDocLink']/@href") == [f"{YEAR}/self_assessment.pdf"]
    assert len(front(site).xpath("//*[@itemprop]")) == 1


def test_a_year_whole_comes_from_settings_of_the_school(school: Desk, made: Path, tmp_path: Path) -> None:
    place = desk(tmp_path / "school", made)
    path = place.place.params / "site.yaml"
    path.write_text("title: Качество обучения\nabout: О чём это\n", encoding="utf-8")
    place.publish(YEAR, tmp_path / "site")
    tree = front(tmp_path / "site")
    assert tree.findtext(".//h1") == "Качество обучения"
    assert tree.xpath("//*[@itemprop]") == []


def test_pages_ask_for_nothing_and_run_only_what_the_policy_knows(site: Path) -> None:
    for page in site.rglob("*.html"):
        tree = html.document_fromstring(page.read_text(encoding="utf-8"))
        policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert len(policy) == 1
        assert policy[0].startswith("default-src 'none'; script-src 'sha256-")
        assert "script-src 'unsafe" not in policy[0]
        assert not tree.xpath("//link | //iframe | //object | //script[@src] | //img[not(starts-with(@src, 'data:'))]")
        assert not [name for node in tree.iter() for name in node.attrib if name.lower().startswith("on")], page
        assert not tree.xpath("//meta[@name='author']")


def test_no_trace_of_the_machine(site: Path, school: Desk) -> None:
    traces = [str(school.place.root), str(site), "/home/", "file:"]
    for name, data in every_file(site).items():
        assert not [trace for trace in traces if trace.encode() in data], name


def test_the_table_of_indicators_is_a_workbook_too(site: Path) -> None:
    sheet = openpyxl.load_workbook(site / Q4 / "indicators.xlsx").active
    rows = list(sheet.iter_rows(values_only=True))
    assert "Школа" not in rows[0]
    assert len(rows) == 1 + 4  # the school once, though it stands as all schools together too
    assert dict(zip(rows[0], rows[-1], strict=True))["Класс"] == "7А"  # classes stand as those of their school alone
    last = dict(zip(rows[0], rows[-2], strict=True))
    assert last["Код"] == "outcomes.failing"
    assert last["Числитель"] is None or last["Числитель"] == ""
    assert last["Почему нет числа"] == public(10, 5)["under"].text  # in the words of the legends of the documents
    assert "от 1 до 4 человек" in last["Почему нет числа"]
    first = dict(zip(rows[0], rows[1], strict=True))
    assert first["Показатель"].startswith("Качество")
    assert (first["Числитель"], first["Знаменатель"], round(first["Значение"], 1)) == (173, 374, 46.3)


def test_release_lists_every_file_and_names_nobody(site: Path) -> None:
    release = Release.model_validate_json((site / "release.json").read_text(encoding="utf-8"))
    assert set(release.files) == set(every_file(site)) - {"release.json"}
    assert release.number == 3
    assert target.check(site) == []
    assert "Верещагина" not in (site / "release.json").read_text(encoding="utf-8")


def test_the_same_documents_give_the_same_bytes(site: Path, second: Desk, tmp_path: Path) -> None:
    other = afresh(second)
    for period in (Q3, Q4, YEAR):
        other.publish(period, tmp_path / "elsewhere" / "site")
    assert every_file(tmp_path / "elsewhere" / "site") == every_file(site)


def test_nothing_is_released_twice(school: Desk, site: Path) -> None:
    before, said = every_file(site), list(school.said)
    outcome = school.publish(Q4, site)
    assert outcome.unchanged
    assert outcome.release.number == 3
    assert every_file(site) == before
    assert school.said == said


def files(period: str) -> list[str]:
    """What of a period goes to the site."""
    names = [f"{name}.{kind}" for name in DOCUMENTS[period] for kind in ("html", "pdf", "docx")]
    return sorted(f"{period}/{name}" for name in (*names, "indicators.csv", "indicators.xlsx"))


def test_the_scan_sees_the_whole_site_and_the_register_who_confirmed(second: Desk, tmp_path: Path) -> None:
    place = afresh(second)
    place.publish(Q3, tmp_path / "site")
    place.publish(Q4, tmp_path / "site", confirmed_by="Заместитель директора Лаптева Е.С.")
    assert place.said == [
        ("leaks", "2025-2026", "index.html", "release.json"),
        ("register", Q3, "Директор Верещагина Н.П.", *files(Q3)),
        ("leaks", "2025-2026", "index.html", "release.json"),
        ("register", Q4, "Заместитель директора Лаптева Е.С.", *files(Q4)),
    ]


def test_a_document_that_changed_replaces_its_period_alone(second: Desk, tmp_path: Path) -> None:
    place = afresh(second)
    place.publish(Q3, tmp_path / "site")
    place.publish(Q4, tmp_path / "site")
    before = every_file(tmp_path / "site")
    place.change = lambda public: [path.unlink() for path in public.glob("conditions.*")] and None
    place.publish(Q4, tmp_path / "site")
    after = every_file(tmp_path / "site")
    assert {name for name in before if name not in after} == {
        f"{Q4}/conditions.{kind}" for kind in ("html", "pdf", "docx")
    }
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"index.html", "release.json"}
    told = json.loads(after["release.json"])
    assert told["number"] == 3
    assert told["periods"][Q4]["documents"] == ["academic_results"]
