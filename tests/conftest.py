"""Fixtures of the whole product: a workspace copied from the repository, reported once a test session."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser import Browser
from hypothesis import HealthCheck, settings

# The verdict on a commit hangs neither on luck nor on how busy the machine is; what no run has met yet is looked for
# with ``--hypothesis-profile search``.
settings.register_profile(
    "fixed", derandomize=True, max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", max_examples=1000, print_blob=True)
settings.load_profile("fixed")

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
PERIOD = "2025-2026/q4"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """``--dist loadfile``: a file's tests run on one worker, and so do all files that look at the same reported school.

    What they share is made once. xdist's own groups (``loadgroup``) do not hold under pytest 9.2: names of tests are
    no longer to be changed.
    """
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    looking = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("test_*.py")
        if re.search(r"\b(reported|every): Path\b|\(reported[,)]", path.read_text(encoding="utf-8"))
    }

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file: str = nodeid.partition("::")[0]
            return "reported" if file in looking else file

    return Together(config, log)


@dataclass
class Run:
    """A finished call of the command line."""

    code: int
    out: str
    err: str


def soko(*arguments: str, workspace: Path | None = None, **environment: str) -> Run:
    """Call the CLI as a user does: another process, its own environment."""
    variables = {key: value for key, value in os.environ.items() if key != "SOKO_WORKSPACE"} | environment
    if workspace is not None:
        variables["SOKO_WORKSPACE"] = str(workspace)
    done = subprocess.run(
        [sys.executable, "-m", "soko.start", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=variables | {"PYTHONIOENCODING": "utf-8", "COLUMNS": "200"},
        cwd=workspace or ROOT,
        check=False,
        timeout=600,
    )
    return Run(done.returncode, done.stdout, done.stderr)


def heed_interrupts() -> None:
    """For ``preexec_fn``: a shell lets what it starts in the background ignore SIGINT, and children inherit that.

    Without it the tests of Ctrl-C fail under ``nohup make test &``, where a terminal is what they are about.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def copy_workspace(target: Path, *periods: str, every_note: bool = False) -> Path:
    """A workspace with the demo school's settings and the incoming files of the given periods only.

    A period has the note on academic results alone unless ``every_note``: the demo's forty documents take a minute.
    """
    for name in ("params", "validation", "notebooks"):
        shutil.copytree(ROOT / name, target / name)
    for path in () if every_note else (target / "params" / "periods").rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"(?m)^notes: .*$", "notes: [academic_results]", text)
        path.write_text(re.sub(r"(?m)^(orders|reports): .*\n", "", text), encoding="utf-8")
    for period in periods:
        shutil.copytree(ROOT / "data" / "incoming" / period, target / "data" / "incoming" / period)
    return target


def text_changed(path: Path, before: str, after: str) -> None:
    """Another text in the place of the first ``before`` of the file, which must be there."""
    whole = path.read_text(encoding="utf-8")
    assert before in whole, path
    path.write_text(whole.replace(before, after, 1), encoding="utf-8")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real and hostile files; tests that need it are skipped where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("no ../shared folder with real data here")
    return SHARED


@pytest.fixture(scope="session")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo school with its current period reported, comparisons included. Do not change it: copy it."""
    workspace = copy_workspace(tmp_path_factory.mktemp("demo") / "school", PERIOD, "2025-2026/q3", "2024-2025/q4")
    done = soko("report", PERIOD, workspace=workspace)
    assert done.code == 0, done.out + done.err
    return workspace


@pytest.fixture(scope="session")
def every(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo school's current period with a document of each kind. Do not change it: copy it."""
    periods = (PERIOD, "2025-2026/q3", "2024-2025/q4")
    workspace = copy_workspace(tmp_path_factory.mktemp("every") / "school", *periods, every_note=True)
    # Of class and subject a few stand for all.
    swept = "{note: class_teacher, only: [8А, 9А]}, {note: subject_department, only: [Иностранные языки]}"
    settings_of = workspace / "params" / "periods" / f"{PERIOD}.yaml"
    text_changed(settings_of, "class_teacher, subject_department]", f"{swept}]")
    done = soko("report", PERIOD, workspace=workspace)
    assert done.code == 0, done.out + done.err
    return workspace


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium of the test file's own."""
    page = Browser()
    yield page
    page.close()
