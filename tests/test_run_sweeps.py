"""A note for each class or subject: which documents there are, what they are called, which are removed, the index."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from lxml import html as lxml_html
from note_school import PERIOD, REPO, tables, workspace

from soko import resources
from soko.errors import UsageError
from soko.indicators import compute, write
from soko.publish import index
from soko.run import sweeps
from soko.run.sweeps import Asked, Document
from soko.workspace import Workspace
from soko.yamlio import load_raw


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = workspace(tmp_path_factory.mktemp("school"))
    folder = place.clean(PERIOD)
    folder.mkdir(parents=True)
    for name, frame in tables({"2А": 12, "10А": 12, "7Б": 12}, {}, 1).items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    write(compute(place, PERIOD), place.outputs(PERIOD))
    return place


@pytest.fixture
def values(place):
    return place.outputs(PERIOD) / "indicators.parquet"


def test_one_line_of_the_settings_is_a_note_for_each_class(place, values):
    settings = place.params / "periods" / f"{PERIOD.id}.yaml"
    before = settings.read_text(encoding="utf-8")
    line = "notes: [academic_results, class_teacher, {note: subject_department, only: [История, Математика]}]"
    settings.write_text(re.sub(r"(?m)^notes: .*$", line, before), encoding="utf-8")
    try:
        asked = sweeps.select(place, PERIOD, None)
    finally:
        settings.write_text(before, encoding="utf-8")
    found = [item.name for item in sweeps.documents(place, asked, values)]
    assert found == [
        "academic_results",
        "class_teacher_2А",
        "class_teacher_7Б",
        "class_teacher_10А",
        "subject_department_История",
        "subject_department_Математика",
    ]


@pytest.mark.parametrize("note", resources.notebooks("notes", Path()))
def test_what_a_note_is_written_for_is_what_its_file_says(note):
    place = Workspace.open(REPO)
    path = resources.narrative(note, place.params)
    assert sweeps.focus_of(place, note) == ((load_raw(path)[0] or {}).get("focus", "") if path.is_file() else "")


def test_a_note_about_areas_is_written_for_areas_unless_a_subject_is_asked_for(place, values):
    asked = sweeps.select(place, PERIOD, ["subject_department"])
    names = [item.of for item in sweeps.documents(place, asked, values)]
    assert "Математика и информатика" in names
    assert "Математика" not in names
    with pytest.raises(UsageError, match="имелось в виду «Математика»"):
        sweeps.documents(place, sweeps.select(place, PERIOD, ["subject_department:Матиматика"]), values)
    with pytest.raises(UsageError, match="7Б"):
        sweeps.documents(place, sweeps.select(place, PERIOD, ["class_teacher:7В"]), values)


@given(st.lists(st.text(min_size=1, max_size=90), min_size=2, max_size=6, unique=True))
def test_names_of_files_are_safe_and_no_two_are_one(values):
    names = [Document("class_teacher", of).name for of in values]
    assert len(set(names)) == len(values)
    for name in names:
        assert not set(name) & set('\\/:*?"<>|\n\t\0')
        assert len(f"{name}.ipynb".encode()) < 255
        assert not name.endswith((".", " "))


@pytest.mark.parametrize(("of", "name"), [("7А", "n_7А"), ("Вероятность и статистика", "n_Вероятность_и_статистика")])
def test_a_usual_name_stays_readable(of, name):
    assert Document("n", of).name == name


def test_documents_of_a_class_that_is_gone_are_removed_and_others_stay(tmp_path):
    every, one = Asked("class_teacher", "class"), Asked("subject_department", "area", ("Алгебра",))
    chosen = [Document("class_teacher", of) for of in ("7А", "7Б")] + [Document("subject_department", "Алгебра")]
    before = sweeps.swept([every, one], chosen, {})
    for item in [*chosen, Document("class_teacher_of_old", "7Б")]:
        (tmp_path / f"{item.name}.pdf").touch()
    (tmp_path / "class_teacher_.notes.txt").touch()
    areas = Asked("subject_department", "area")
    left = [Document("class_teacher", "7А"), Document("subject_department", "Искусство")]
    sweeps.forget(tmp_path, [every, areas], left, before)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "class_teacher_.notes.txt",
        "class_teacher_7А.pdf",
        "class_teacher_of_old_7Б.pdf",
        "subject_department_Алгебра.pdf",  # it was asked for by itself, and nobody said that it goes
    ]


def test_what_was_published_for_each_class_is_known_and_one_alone_is_not_all():
    every = Asked("class_teacher", "class")
    first = sweeps.swept([Asked("class_teacher", "class", ("7А",))], [Document("class_teacher", "7А")], {})
    notes = dict.fromkeys(first, "key")
    assert sweeps.published([every], {"notes": notes, "swept": first}) is None
    chosen = [Document("class_teacher", of) for of in ("7А", "7Б")]
    all_of_them = sweeps.swept([every], chosen, first)
    notes = dict.fromkeys(all_of_them, "key")
    assert sweeps.published([every], {"notes": notes, "swept": all_of_them}) == ["class_teacher_7А", "class_teacher_7Б"]
    later = sweeps.swept([Asked("class_teacher", "class", ("7А",))], chosen[:1], all_of_them)
    assert later == all_of_them  # written once more alone, it is still one of all


def test_the_index_has_one_entry_for_all_classes(tmp_path):
    of = {}
    for name in ("10А", "2А", "2Б"):
        document = Document("class_teacher", name)
        of[document.name] = ("Итоги класса", name)
        for suffix in ("html", "pdf", "docx"):
            path = tmp_path / "notes" / f"{document.name}.{suffix}"
            path.parent.mkdir(exist_ok=True)
            path.write_text("<title>Справка</title>", encoding="utf-8")
    (tmp_path / "notes" / "academic_results.html").write_text("<title>Общая</title>", encoding="utf-8")
    page = index.write(tmp_path, period=PERIOD, of=of).read_text(encoding="utf-8")
    tree = lxml_html.document_fromstring(page)
    heads = [node.text_content() for node in tree.xpath("//table[1]//th[@scope='row']")]
    assert heads[:2] == ["Общая", "Итоги класса"]
    assert [node.text_content() for node in tree.xpath("//ul[@class='several']/li/b")] == ["2А", "2Б", "10А"]
    links = tree.xpath("//ul[@class='several']//a")
    assert len(links) == 9
    assert len({link.get("aria-label") for link in links}) == 9
    assert links[0].get("aria-label") == "Итоги класса, 2А, HTML"
    assert "Прочие файлы" not in page


def test_whether_anything_changed_is_asked_without_the_libraries_that_compute(place):
    """They cost more than the whole answer: pandas half a second."""
    code = (
        "import sys; from soko.workspace import Workspace; from soko.periods import Period;"
        "from soko.run import report;"
        f"report.up_to_date(Workspace.open({str(place.root)!r}), Period.parse({PERIOD.id!r}), []);"
        "from soko.run import manifest;"
        f"manifest.inputs(Workspace.open({str(place.root)!r}), Period.parse({PERIOD.id!r}));"
        "print(sorted({'pandas', 'duckdb', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
