"""The command line speaks Russian, documents every command, and keeps the exit codes of the contract."""

import re
from pathlib import Path

import pytest
from conftest import ROOT, soko

from soko.cli import app

COMMANDS = [command.name or command.callback.__name__ for command in app.registered_commands]


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_is_russian(name: str) -> None:
    done = soko(*([name] if name else []), "--help")
    assert done.code == 0
    text = re.sub(
        r"python -m soko.start|\bsoko\b|SOKO_WORKSPACE|indicators\.csv|\.parquet|JupyterLab|2025-2026/q1|"
        r"\b(?:internal|public)\b",
        "",
        done.out,
    )
    for command in sorted(COMMANDS, key=len, reverse=True):  # «self-assessment» before an option takes half of it
        text = re.sub(rf"(?<!-)\b{command}\b", "", text)
    text = re.sub(r"--?[a-z-]+", "", text)
    assert not re.findall(r"[A-Za-z]{3,}", text), re.findall(r"[A-Za-z]{3,}", text)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_both_readmes(name: str) -> None:
    for readme in ("README.md", "README.ru.md"):
        assert f"soko {name}" in (ROOT / readme).read_text(encoding="utf-8"), readme


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["report", "--frce"], "--force"),
        (
            ["explain", "outcomes.quality", "2025-2026/q1"],
            "лишнее в команде: 2025-2026/q1; период указывают так: --period 2025",
        ),
        (["verify", "2025-2026/q1", "лишнее", "слово"], "лишнее в команде: лишнее слово"),
        (["reprot"], "возможно, имелось в виду «report»"),
        (["report", "четверть"], "2025-2026/q1"),
        (["report", "2025-2026/q9"], "не распознан"),
        (["init"], "не указано"),
        (["report", "--note", "akademic_results"], "возможно, имелось в виду «academic_results»"),
        (["report", "--workspace", "no-such-folder"], "soko init"),
        (["verify", "1999-2000/q1"], "отчёт не выпускался"),
    ],
)
def test_wrong_calls_are_explained(arguments: list[str], says: str) -> None:
    done = soko(*arguments)
    assert done.code == 2
    assert says in done.err
    assert "Traceback" not in done.err


def test_missing_folder_of_the_period() -> None:
    done = soko("report", "1999-2000/q1")
    assert done.code == 1
    assert "data/incoming/1999-2000/q1" in done.err


def test_version() -> None:
    assert re.fullmatch(r"soko \d+\.\d+\.\d+\n", soko("--version").out)


def test_start_up_does_not_wait_for_heavy_libraries(tmp_path: Path) -> None:
    import subprocess
    import sys

    modules = "soko.cli, soko.run.report, soko.run.years, soko.publish.index, soko.validation.verdict_file"
    code = f"import sys, {modules}; heavy = ('pandas', 'duckdb', 'great_expectations', 'nbconvert', 'pymorphy3')\n"
    code += "print([m for m in heavy if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.strip() == "[]"


def test_help_is_not_paid_for_by_others_nor_for_what_it_does_not_show() -> None:
    import subprocess
    import sys

    code = (
        "import sys, soko.cli; heavy = ('rich.markdown', 'rich.traceback', 'typer.rich_utils', 'pygments')\n"
        "print([m for m in heavy if m in sys.modules])\n"
        "try:\n    soko.cli.app(['--help'])\nexcept SystemExit:\n    pass\n"
        "print([m for m in heavy if m in sys.modules])\nfrom rich.markdown import Markdown\nMarkdown('*a*').parsed"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.startswith("[]\n")
    assert "['typer.rich_utils']" in done.stdout
    assert "Команды" in done.stdout
