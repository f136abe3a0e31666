"""Settings are read strictly: what is wrong, on which line, and what was probably meant."""

from pathlib import Path

import pytest
from pydantic import Field

from soko.errors import ConfigError
from soko.yamlio import Strict, load


class Inner(Strict):
    points: float
    name: str = ""


class Outer(Strict):
    title: str
    inner: list[Inner] = Field(default_factory=list)


def write(folder: Path, text: str) -> Path:
    path = folder / "x.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_reads(tmp_path: Path) -> None:
    got = load(write(tmp_path, "title: А\ninner:\n  - {points: 2}\n"), Outer)
    assert got.inner[0].points == 2


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("title: А\ntitle: Б\n", 2, "записан дважды"),
        ("title: А\ninner:\n  - points: 1\n    points: 2\n", 4, "записан дважды"),
        ("title: А\ntitel: Б\n", 2, "возможно, имелось в виду «title»"),
        ("title: А\ninner:\n  - points: 1\n    nam: x\n", 4, "возможно, имелось в виду «name»"),
        ("title: А\ninner:\n  - points: много\n", 3, "нужно число"),
        ("inner: []\n", 1, "нет обязательного ключа «title»"),
        ("title: [\n", 2, "не читается как YAML"),
    ],
)
def test_refuses_with_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path, text), Outer)
    assert says in str(caught.value)
    assert f"строка {line}" in caught.value.where


def test_missing_and_misencoded_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="нет файла"):
        load(tmp_path / "no.yaml", Outer)
    path = tmp_path / "x.yaml"
    path.write_bytes("title: Школа".encode("cp1251"))
    with pytest.raises(ConfigError, match="UTF-8"):
        load(path, Outer)


@pytest.mark.parametrize("text", ["title: А\ntitle: Б\n", "title: А\ntitel: Б\n", "title: [\n"])
def test_the_same_fault_in_two_workspaces_is_told_of_each(tmp_path: Path, text: str) -> None:
    """What was read is remembered by its text, which does not say in which file it stands."""
    for name in ("first", "second", "first"):
        (tmp_path / name).mkdir(exist_ok=True)
        path = write(tmp_path / name, text)
        with pytest.raises(ConfigError) as caught:
            load(path, Outer)
        assert str(path) in caught.value.where


def test_a_changed_text_is_read_anew(tmp_path: Path) -> None:
    assert load(write(tmp_path, "title: А\n"), Outer).title == "А"
    assert load(write(tmp_path, "title: Б\n"), Outer).title == "Б"
