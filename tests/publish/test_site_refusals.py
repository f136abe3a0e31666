"""What is not published, and that then nothing changes: whose folder it is, what lies in it, what the documents are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import soko
from site_school import Q3, Q4, Desk, afresh, desk, documents, every_file

from soko.cli import app
from soko.disclosure import coincidences
from soko.errors import DataError, FailureError, SokoError, UsageError
from soko.site import publish as publishing, release as releases, target
from soko.workspace import Workspace


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return documents(tmp_path_factory.mktemp("documents"), ("html",))


@pytest.fixture(scope="module")
def settled(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Settings are read once; what a test leaves is removed."""
    return desk(tmp_path_factory.mktemp("school"), made)


@pytest.fixture
def school(settled: Desk) -> Desk:
    return afresh(settled)


@pytest.fixture
def site(school: Desk, tmp_path: Path) -> Path:
    """A site with one release, and nothing of it told yet."""
    school.publish(Q3, tmp_path / "share" / "site")
    school.said.clear()
    return tmp_path / "share" / "site"


def refused(school: Desk, site: Path, kind: type[SokoError] = UsageError, period: str = Q4) -> str:
    """The message of a publication that is refused, after which everything is as it was and nothing is registered."""
    before = every_file(site.parent)
    with pytest.raises(kind) as caught:
        school.publish(period, site)
    assert every_file(site.parent) == before
    assert [line for line in school.said if line[0] == "register"] == []
    assert caught.value.todo
    return str(caught.value)


def test_a_release_of_another_copy_is_newer_than_what_this_one_knows(school: Desk, site: Path, tmp_path: Path) -> None:
    shutil.copytree(school.place.root, tmp_path / "copy")
    copy = Desk(Workspace(tmp_path / "copy"), school.documents)
    school.publish(Q4, site)
    school.said.clear()
    told = refused(copy, site, period=Q3)
    assert "выпуск № 2, которого эта рабочая папка не делала (последний известный ей – № 1)" in told
    assert "data/releases" in told


def test_a_workspace_without_its_register_publishes_nothing_more(school: Desk, site: Path) -> None:
    shutil.rmtree(school.place.root / "data" / "releases")
    assert "она на сайт ещё ничего не публиковала" in refused(school, site)


def test_two_folders_of_one_school_go_their_own_ways(school: Desk, site: Path, tmp_path: Path) -> None:
    assert school.publish(Q3, tmp_path / "preview").release.number == 1
    assert school.publish(Q4, tmp_path / "preview").release.number == 2
    assert school.publish(Q4, site).release.number == 2


def test_a_release_of_newer_software_or_another_school(school: Desk, site: Path) -> None:
    path = site / "release.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"format": 1', '"format": 2').replace('"number"', '"novelty"'), encoding="utf-8")
    assert "более новой версией СОКО" in refused(school, site)
    path.write_text(text.replace('"school": "sosh4"', '"school": "sosh5"'), encoding="utf-8")
    assert "сайт другой школы (sosh5)" in refused(school, site)
    path.write_text(text[:100], encoding="utf-8")
    assert "опись выпуска не читается" in refused(school, site)


def test_foreign_files_and_folders_are_named_and_stay(school: Desk, site: Path) -> None:
    (site / "фото.jpg").write_bytes(b"x")
    (site / Q3 / "заметки").mkdir()
    told = refused(school, site)
    assert "2 файла (2025-2026/q3/заметки/ и фото.jpg)" in told.replace("\xa0", " ")
    assert (site / Q3 / "заметки").is_dir()


def test_a_folder_that_is_no_site(school: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "documents" / "school"
    folder.mkdir(parents=True)
    (folder / "устав.pdf").write_bytes(b"x")
    assert "не сайт СОКО: 1 файл (устав.pdf)" in refused(school, folder).replace("\xa0", " ")
    assert "файл, а не папка" in refused(school, folder / "устав.pdf")
    assert "на пути к папке сайта стоит файл" in refused(school, folder / "устав.pdf" / "site")


def test_a_folder_that_cannot_be_written_to_or_replaced(
    school: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told before anything is made: making takes minutes."""
    monkeypatch.setattr(target.os, "access", lambda _path, _mode: False)
    assert "нельзя записывать" in refused(school, tmp_path / "share" / "site")
    monkeypatch.undo()
    monkeypatch.setattr(Path, "is_mount", lambda self: self.name == "site")
    assert "корень диска" in refused(school, tmp_path / "share" / "site")
    assert school.said == []


def test_what_systems_leave_in_folders_is_nobodys(school: Desk, site: Path) -> None:
    (site / Q3 / "Thumbs.db").write_bytes(b"x")
    school.publish(Q4, site)
    assert (site / Q3 / "Thumbs.db").read_bytes() == b"x"
    assert target.check(site) == []


def test_files_that_were_changed_or_are_gone(school: Desk, site: Path) -> None:
    page = site / Q3 / "academic_results.html"
    page.write_bytes(page.read_bytes() + b"<!-- -->")
    (site / Q3 / "indicators.xlsx").unlink()
    told = refused(school, site)
    assert "academic_results.html" in told
    assert "indicators.xlsx" in told
    assert target.check(site) == [
        f"файла больше нет: {Q3}/indicators.xlsx",
        f"файл изменён после публикации: {Q3}/academic_results.html",
    ]


def test_places_that_are_not_for_sites(school: Desk) -> None:
    root = school.place.root
    for folder in (
        root,
        root.parent,
        root / "data" / "site",
        root / "outputs",
        root / "outputs" / "2025-2026" / "site",
    ):
        with pytest.raises(UsageError) as caught:
            school.publish(Q3, folder)
        assert caught.value.todo
    assert school.publish(Q3, root / "outputs" / "site").release.number == 1


def test_no_public_documents(school: Desk, site: Path) -> None:
    told = refused(school, site, DataError, "2024-2025/q4")
    assert "нет публичных документов" in told


def test_blocking_problems_of_a_report(school: Desk, site: Path) -> None:
    school.blocking = "1.2 + 1.3 + 1.4 = 483, а в строке 1.1 – 485"
    assert "1.2 + 1.3 + 1.4 = 483" in refused(school, site, DataError)


def test_something_personal_is_found(school: Desk, site: Path) -> None:
    school.leaks = [f"{Q4}/academic_results.html: фамилия"] * 12
    told = refused(school, site, DataError)
    assert "академ" not in told
    assert "и ещё 2 замечания" in told.replace("\xa0", " ")
    assert releases.known(school.place).releases[-1].periods == [Q3]


def test_what_may_only_coincide_is_told_with_its_codes(school: Desk, tmp_path: Path) -> None:
    """One command for all that was found, each code once; a name has no code and no way round."""
    codes = ["0123456789ab", "cdef01234567"]
    told = "сведение о малой группе"
    school.leaks = [f"a.html (таблица 1, строка 2, код {codes[0]}) – {told}",
                    f"a.docx (таблица документа, строка 2, код {codes[0]}) – {told}",
                    f"b.html (строка 3, код {codes[1]}) – {told}"]  # fmt: skip
    with pytest.raises(DataError) as refused:
        school.publish(Q4, tmp_path / "site")
    assert f"повторите её с --coincidence {codes[0]} --coincidence {codes[1]} –" in (refused.value.todo or "")
    school.leaks = ["a.html – фамилия обучающегося"]
    with pytest.raises(DataError) as refused:
        school.publish(Q4, tmp_path / "site")
    assert "--coincidence" not in (refused.value.todo or "")


def test_a_code_holds_for_what_was_found_and_for_nothing_else(school: Desk, tmp_path: Path) -> None:
    site, kept = tmp_path / "site", school.place.releases / coincidences.NAME
    code, other = "0123456789ab", "ffffffffffff"
    school.leaks = [f"a.html (строка 2, код {code}) – сведение о малой группе"]
    with pytest.raises(UsageError, match=f"нет совпадений с такими кодами: {other}"):
        school.publish(Q4, site, coincidence=[code, other])
    assert not kept.exists()
    assert not site.exists()
    with pytest.raises(UsageError, match="не код совпадения"):
        school.publish(Q4, site, coincidence=["66,7"])
    found = school.leaks
    school.heed = lambda: [line for line in found if not kept.exists()]
    assert school.publish(Q4, site, coincidence=[code.upper()], confirmed_by="Завуч").release.number == 1
    assert code in kept.read_text(encoding="utf-8")
    assert school.publish(Q4, site, coincidence=[code]).unchanged  # said once already
    with pytest.raises(UsageError, match="нет совпадений"):
        school.publish(Q4, site, coincidence=[other])


def swap_in(text: str, by: str, name: str = "academic_results.html") -> object:
    def change(public: Path) -> None:
        path = public / name
        path.write_text(path.read_text(encoding="utf-8").replace(text, by), encoding="utf-8")

    return change


def test_an_internal_edition_is_never_published(school: Desk, site: Path) -> None:
    school.change = swap_in('<meta name="dcterms.audience" content="public">\n', "")  # type: ignore[assignment]
    assert "внутренняя редакция" in refused(school, site, DataError)


def test_a_page_of_somebody_else(school: Desk, site: Path) -> None:
    school.change = swap_in('<main id="text" class="soko">', "<main>")  # type: ignore[assignment]
    assert "не этой программой" in refused(school, site, DataError)


def test_a_file_that_is_not_for_readers(school: Desk, site: Path) -> None:
    school.change = lambda public: (public / "списки.xls").write_bytes(b"x") and None
    assert "списки.xls" in refused(school, site, DataError)
    school.change = lambda public: (public / "справка.pdf").write_bytes(b"x") and None
    assert "нет страницы HTML" in refused(school, site, DataError)


def test_a_failure_at_the_last_step_leaves_the_site(school: Desk, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(_stage: Path, _target: Path) -> None:
        raise PermissionError(13, "занято")

    monkeypatch.setattr(publishing, "swap", locked)
    before = every_file(site.parent)
    with pytest.raises(FailureError) as caught:
        school.publish(Q4, site)
    assert every_file(site.parent) == before
    assert "не удалось заменить (занято)" in str(caught.value)
    monkeypatch.undo()
    assert school.publish(Q4, site).release.number == 2


def test_a_run_that_was_killed_between_two_names_is_put_right(school: Desk, site: Path) -> None:
    site.rename(site.with_name(f".{site.name}.old"))
    assert school.publish(Q4, site).release.number == 2
    assert set(releases.read(site).periods) == {Q3, Q4}  # type: ignore[union-attr]


def test_the_command_line_says_what_is_wrong(school: Desk, site: Path) -> None:
    done = soko("publish", Q4, "--audience", "founder", "--to", str(site), workspace=school.place.root)
    assert done.code == 2
    assert "только публичные документы, а не «founder»" in done.err
    with pytest.raises(UsageError) as caught:
        app(["publish", Q4, "--workspace", str(school.place.root)], standalone_mode=False)
    assert "--to" in caught.value.todo


def test_the_command_line_checks_a_site(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not app(["publish", "--check", str(site)], standalone_mode=False)
    assert "совпадает с описью" in capsys.readouterr().out
    (site / "index.html").unlink()
    assert app(["publish", "--check", str(site)], standalone_mode=False) == 1
    assert "файла больше нет: index.html" in capsys.readouterr().out
    with pytest.raises(UsageError):
        app(["publish", "--check", str(site.parent)], standalone_mode=False)
