"""Writing files: exporters by name, atomic publication, the index of a period."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from lxml import html as lxml_html
from sample_note import blocks, notebook

from soko.errors import FailureError, UsageError
from soko.periods import Period
from soko.publish import index, render
from soko.publish.blocks import Meta, Prose


def test_render_writes_three_formats(tmp_path: Path) -> None:
    source = tmp_path / "in.ipynb"
    nbformat.write(notebook(blocks()), source)
    paths = render(source, tmp_path / "out" / "academic_results")
    assert [path.name for path in paths] == [f"academic_results.{end}" for end in ("html", "pdf", "docx")]
    assert [path.read_bytes()[:4] for path in paths] == [b"<!DO", b"%PDF", b"PK\x03\x04"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in paths)


def test_a_failed_run_leaves_the_old_files(tmp_path: Path) -> None:
    stem = tmp_path / "note"
    before = {path: path.read_bytes() for path in render(notebook([Meta(title="А"), Prose(markdown="А")]), stem)}
    with pytest.raises(FailureError, match=r"note.*метк"):
        render(notebook([Meta(title="Б"), Prose(markdown="{{table:нет}}")]), stem)
    assert {path: path.read_bytes() for path in sorted(tmp_path.iterdir())} == dict(sorted(before.items()))


def test_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="odt"):
        render(notebook([Prose(markdown="А")]), tmp_path / "note", ("html", "odt"))
    assert list(tmp_path.iterdir()) == []


def test_dots_in_the_name_are_kept(tmp_path: Path) -> None:
    assert render(notebook([Prose(markdown="А")]), tmp_path / "v1.2", ("html",))[0].name == "v1.2.html"


def test_nbconvert_knows_the_exporters(tmp_path: Path) -> None:
    nbformat.write(notebook(blocks()), tmp_path / "note.ipynb")
    direct = {path.suffix: path.read_bytes() for path in render(tmp_path / "note.ipynb", tmp_path / "direct" / "note")}
    for name in ("html", "pdf", "docx"):
        call = [sys.executable, "-m", "nbconvert", "--to", f"soko_{name}", "--log-level=ERROR", "note.ipynb"]
        done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / f"note.{name}").read_bytes() == direct[f".{name}"]


def test_index_links_everything_that_is_there(tmp_path: Path) -> None:
    files = {
        "notes/academic_results.pdf": 2048,
        "notes/academic_results.docx": 1536 * 1024,
        "validation/protocol.html": 10,
        "validation/protocol.pdf": 10,
        "validation/findings.csv": 10,
        "validation/data_docs/index.html": 10,
        "validation/data_docs/marks.html": 10,
        "indicators.csv": 10,
        "indicators.parquet": 10,
        "графики/доп & прочее.svg": 10,
        "notes/academic_results.ipynb": 10,
        ".hidden": 10,
    }
    for name, count in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * count)
    (tmp_path / "notes/academic_results.html").write_text("<title>Справка &amp; итоги</title>", encoding="utf-8")
    made = index.write(tmp_path, period=Period.parse("2025-2026/q2"), school="МБОУ «СОШ № 7»", date="2026-01-12")
    tree = lxml_html.document_fromstring(made.read_text(encoding="utf-8"))
    links = [unquote(href) for href in tree.xpath("//a/@href")]
    left_out = {".hidden", "validation/data_docs/marks.html", "notes/academic_results.ipynb"}
    assert sorted(links) == sorted({*files, "notes/academic_results.html", "manifest.json"} - left_out)
    text = tree.text_content()
    assert "Справка & итоги" in text
    assert "1,5\xa0МБ" in text
    assert "2\xa0КБ" in text
    assert "12.01.2026" in text
    assert "2 четверть 2025/2026 учебного года" in text
    assert not tree.xpath("//script | //link | //img")
    assert (
        made.read_bytes()
        == index.write(
            tmp_path, period=Period.parse("2025-2026/q2"), school="МБОУ «СОШ № 7»", date="2026-01-12"
        ).read_bytes()
    )


def test_what_has_changed_is_told_and_led_to(tmp_path):
    (tmp_path / "changes.csv").write_text("x\n", encoding="utf-8")
    changed = ("Изменилось 2 значения у 1 показателя: из-за данных – 2.", "Качество, 7А: <было> 45 %, стало 48 %")
    page = index.write(tmp_path, period="I четверть", changed=changed).read_text(encoding="utf-8")
    tree = lxml_html.document_fromstring(page)
    assert "Что изменилось" in [head.text for head in tree.xpath("//h2")]
    assert tree.xpath("//p[contains(., 'Изменилось 2 значения')]/a/@href") == ["changes.csv"]
    assert [item.text_content() for item in tree.xpath("//li")] == [changed[1]]
    bare = index.write(tmp_path, period="I четверть").read_text(encoding="utf-8")
    assert "<h2>Что изменилось</h2>" not in bare


def test_index_of_a_stopped_run_has_the_protocol_alone(tmp_path: Path) -> None:
    (tmp_path / "validation").mkdir()
    (tmp_path / "validation" / "protocol.pdf").write_bytes(b"x")
    tree = lxml_html.document_fromstring(index.write(tmp_path, period="I четверть").read_text(encoding="utf-8"))
    assert "validation/protocol.pdf" in tree.xpath("//a/@href")
    assert "Документы" not in [node.text for node in tree.iter("h2")]
