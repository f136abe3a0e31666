"""What is killed, hangs, prints or eats without end: it is named, the others finish, nothing and nobody stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT, copy_workspace, heed_interrupts
from nbformat.v4 import new_code_cell, new_notebook

from soko.run import forks

pytestmark = [
    pytest.mark.deep,
    pytest.mark.slow,
    pytest.mark.skipif(not forks.supported(), reason="kernels cannot be forked here"),
]
MARK = "SOKO_TEST_MARK"
#: Runs the notebooks of a folder side by side as a report does, and says what came of it.
RUN = """
import sys
from contextlib import nullcontext
from pathlib import Path
from soko.errors import SokoError
from soko.run import jobs
root, *names = sys.argv[1:]
work = [jobs.Job(name, "notebook", {"name": f"notes/{name}", "target": f"{root}/out/{name}.ipynb",
        "parameters": {"workspace": root}}) for name in names]
try:
    jobs.run(work, lambda title: nullcontext(), 2)
except SokoError as error:
    print(error)
    sys.exit(error.exit_code)
"""
#: Executes one notebook in this process; prints the error and the peak of memory in MB.
EXECUTE = """
import resource, sys
from pathlib import Path
from soko.errors import SokoError
from soko.run.notebooks import execute
try:
    execute(Path(sys.argv[1]), Path(sys.argv[2]), {"workspace": ""}, cell_timeout=int(sys.argv[3]))
except SokoError as error:
    print(error)
print("MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@dataclass
class Place:
    """A workspace, a folder for temporary files, an environment by which the processes of a run are known."""

    root: Path
    temporary: Path
    environment: dict[str, str]

    def note(self, name: str, *cells: str) -> Path:
        path = self.root / "notebooks" / "notes" / f"{name}.ipynb"
        first = new_code_cell('workspace = ""', metadata={"tags": ["parameters"]})
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(new_notebook(cells=[first, *map(new_code_cell, cells)], metadata={"kernelspec": kernel}), path)
        return path

    def start(self, *command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *command],
            env=self.environment,
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=heed_interrupts,
        )

    def processes(self) -> list[str]:
        mark = f"{MARK}={self.environment[MARK]}".encode()
        found = []
        for path in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (path / "environ").read_bytes():
                    found.append((path / "cmdline").read_text().replace("\0", " "))
            except OSError:
                pass
        return found

    def nothing_stays(self, seconds: float = 2) -> None:
        end = time.monotonic() + seconds
        while (self.processes() or any(self.temporary.iterdir())) and time.monotonic() < end:
            time.sleep(0.02)
        assert self.processes() == []
        assert list(self.temporary.iterdir()) == []


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    # Short, as the path of a socket must be.
    with tempfile.TemporaryDirectory(prefix="s-", dir="/tmp") as temporary:
        environment = {key: value for key, value in os.environ.items() if key != "PYTEST_CURRENT_TEST"}
        environment |= {"TMPDIR": temporary, MARK: uuid.uuid4().hex, "PYTHONIOENCODING": "utf-8"}
        made = Place(copy_workspace(tmp_path / "school"), Path(temporary), environment)
        yield made
        for path in Path("/proc").glob("[0-9]*"):  # a test that fails leaves nobody either
            try:
                if environment[MARK].encode() in (path / "environ").read_bytes():
                    os.kill(int(path.name), signal.SIGKILL)
            except OSError:
                pass


DEADLY = {
    "the kernel": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "the job": "import os, signal, time\nos.kill(int(os.environ['JPY_PARENT_PID']), signal.SIGKILL)\ntime.sleep(60)",
    "the server": "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)",
    "everyone in sight": "import os, signal\nos.killpg(0, signal.SIGKILL)",
    "exit": "import os\nos._exit(3)",
    "segfault": "import ctypes\nctypes.string_at(0)",
    "an exception": "1/0",
    "memory": "import resource\nresource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))\nb'x' * (8 << 30)",
}


@pytest.mark.parametrize("what", DEADLY)
def test_one_dies_the_others_finish(what: str, place: Place) -> None:
    leaves = "from subprocess import Popen\nPopen(['sleep', '99'])\nPopen(['sleep', '98'], start_new_session=True)"
    held = "import tempfile\nholder = tempfile.NamedTemporaryFile(delete=False)"
    # When the server itself is killed, nobody is left who knows what its kernels have started.
    place.note("bad", *([] if what == "the server" else [leaves]), held, DEADLY[what])
    for name in ("good", "fine", "well"):
        place.note(name, "import time\ntime.sleep(0.3)\nprint('готово')")
    run = place.start("-c", RUN, str(place.root), "good", "bad", "fine", "well")
    out, err = run.communicate(timeout=60)
    assert run.returncode == 3, out + err
    assert "bad" in out
    assert not any(name in out for name in ("good", "fine", "well", "Traceback"))
    assert sorted(path.name for path in (place.root / "out").iterdir()) == ["fine.ipynb", "good.ipynb", "well.ipynb"]
    place.nothing_stays()


def test_hangs(place: Place) -> None:
    source = place.note("slow", "1", "import time\ntime.sleep(99)")
    run = place.start("-c", EXECUTE, str(source), str(place.root / "out.ipynb"), "1")
    out, err = run.communicate(timeout=60)
    assert "slow.ipynb, ячейка 3: ячейка не закончила расчёт за 1\N{NO-BREAK SPACE}секунду и остановлена" in out, (
        out + err
    )
    assert not (place.root / "out.ipynb").exists()
    place.nothing_stays()


@pytest.mark.parametrize(
    "cell", ["while True:\n    print('x' * 1000)", "import os\nwhile True:\n    os.write(1, b'x' * 65536)"]
)
def test_prints_without_end(cell: str, place: Place) -> None:
    source = place.note("loud", cell)
    run = place.start("-c", EXECUTE, str(source), str(place.root / "out.ipynb"), "100")
    out, err = run.communicate(timeout=90)
    assert "loud.ipynb, ячейка 2: ячейка печатает без конца и остановлена" in out, out + err
    assert int(out.split()[-1]) < 1200
    place.nothing_stays()


BUSY = ["import pathlib, time\npathlib.Path('running').touch()\ntime.sleep(99)"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_end_of_the_run_ends_everyone(number: signal.Signals, place: Place) -> None:
    place.note("long", *BUSY)
    run = place.start("-c", RUN, str(place.root), "long")
    until = time.monotonic() + 60
    while not (place.root / "running").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert len(place.processes()) >= 4  # the run, its server, the job, the kernel
    run.send_signal(number)
    run.communicate(timeout=10)
    place.nothing_stays()
    assert not (place.root / "out").exists()


@pytest.mark.parametrize("whom", ["process", "group"])
@pytest.mark.parametrize("after", [0.8, 4.0])
def test_ctrl_c(whom: str, after: float, place: Place) -> None:
    period = "2025-2026/q4"
    target = place.root / "data" / "incoming" / period
    target.parent.mkdir(parents=True)
    target.symlink_to(ROOT / "data" / "incoming" / period)
    run = place.start("-m", "soko.start", "report", period)
    time.sleep(after)
    begun = time.monotonic()
    (os.killpg if whom == "group" else os.kill)(run.pid, signal.SIGINT)
    _, err = run.communicate(timeout=20)
    assert run.returncode == 130, err
    assert time.monotonic() - begun < 4  # 2 s on a machine that has nothing else to do
    assert "Прервано. Прежние результаты не изменены." in err
    assert "Traceback" not in err
    assert list((place.root / "outputs" / "2025-2026").glob("*")) == []
    assert list((place.root / "outputs" / "2025-2026").glob(".*")) == []
    place.nothing_stays()
