"""What the system denies is told in Russian with its file, and a bug is not taken for it."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from soko.errors import FailureError, UsageError
from soko.run import console, denied, jobs


def raised(number: int, *names: str) -> OSError:
    return OSError(number, os.strerror(number), names[0], None, *names[1:])


@pytest.mark.parametrize(
    ("number", "words", "kind"),
    [
        (errno.ENOSPC, "на диске не хватило места", FailureError),
        (errno.EACCES, "нет права", UsageError),
        (errno.EROFS, "только для чтения", UsageError),
        (errno.ENOTDIR, "файл, а нужна папка", UsageError),
    ],
)
def test_said_with_the_file_and_what_to_do(number, words, kind, capsys):
    found = denied.said(raised(number, "папка/a.csv"))
    assert type(found) is kind
    assert found.where == "папка/a.csv"
    assert found.todo
    assert console.crashed(raised(number, "папка/a.csv")) == kind.exit_code
    told = capsys.readouterr().err
    assert words in told
    assert "Сбой программы" not in told


def test_of_a_copy_the_file_that_was_to_be_written():
    assert denied.said(raised(errno.ENOSPC, "откуда", "куда")).where == "куда"


def test_where_the_number_stands_in_the_text_or_in_the_cause():
    error = ValueError("не записано")
    error.__cause__ = shutil.Error([("a", "b", "[Errno 28] No space left on device: 'b'")])
    assert "не хватило места" in str(denied.said(error))


def test_a_file_where_a_folder_is_wanted_and_a_folder_that_is_there(tmp_path):
    (tmp_path / "a").write_text("x", encoding="utf-8")
    with pytest.raises(FileExistsError) as of_file:
        (tmp_path / "a").mkdir()
    assert "нужна папка" in str(denied.said(of_file.value))
    with pytest.raises(FileExistsError) as of_folder:
        tmp_path.mkdir()
    assert denied.said(of_folder.value) is None


@pytest.mark.parametrize("error", [ValueError("x"), FileNotFoundError(2, "нет", "a"), KeyError("a")])
def test_a_bug_stays_a_bug(error, capsys):
    assert denied.said(error) is None
    assert console.crashed(error) == 3
    assert "Сбой программы" in capsys.readouterr().err


def test_a_job_tells_it_too(tmp_path, monkeypatch):
    def full() -> None:
        raise raised(errno.ENOSPC, "b.pdf")

    monkeypatch.setattr(jobs, "_function", lambda _name: full)
    jobs.perform("any", {}, str(tmp_path / "outcome.json"))
    told = Path(tmp_path / "outcome.json").read_text(encoding="utf-8")
    assert "на диске не хватило места" in told
    assert "сбой программы" not in told
