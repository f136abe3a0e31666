"""Execute one parameterized notebook through papermill, strictly.

papermill only warns about an unknown parameter; here it is refused, because a misspelt one silently leaves the
default in force. Errors raised by soko inside the kernel come out as the same class, without a traceback.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soko import errors
from soko.errors import FailureError, SokoError, UsageError
from soko.hints import did_you_mean
from soko.russian import count

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: A cell that computes longer than this is stuck, not busy (seconds).
CELL_TIMEOUT = 900


def execute(
    source: Path,
    target: Path,
    parameters: dict[str, Any],
    *,
    on_cell: Callable[[int, int], None] | None = None,
    cwd: Path | None = None,
    cell_timeout: int = CELL_TIMEOUT,
    profile: str = "",
) -> NotebookNode:
    """Run ``source`` with ``parameters`` and write the executed notebook to ``target``; return what was written.

    ``profile`` names what is preloaded (``soko.run.zygote``); empty leaves that to the notebook.

    Raises the SokoError that a cell raised; anything else that a cell raised becomes FailureError with the cell, and
    so do a kernel that died and a cell that took longer than ``cell_timeout`` seconds.
    """
    import nbformat
    import papermill
    from nbclient.exceptions import CellControlSignal, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from soko.run.engine import SokoEngine

    papermill.engines.papermill_engines.register("soko", SokoEngine)
    check_parameters(source, parameters)
    with tempfile.TemporaryDirectory(prefix="soko-") as scratch, _kernel_environment(Path(scratch)):
        try:
            notebook = papermill.execute_notebook(
                str(source),
                None,  # it would be written twice, and once more below
                parameters=parameters,
                engine_name="soko",
                kernel_name="python3",
                progress_bar=False,
                log_output=False,
                cwd=str(cwd or source.parent),
                execution_timeout=cell_timeout,
                profile=profile,
            )
        except PapermillExecutionError as error:
            raise _translate(error, _address(source, error, parameters)) from None
        except (CellControlSignal, DeadKernelError) as error:
            raise _stopped(error, _address(source, error, parameters), cell_timeout) from None
    if on_cell:
        on_cell(len(notebook.cells), len(notebook.cells))
    _scrub(notebook, parameters)
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)
    return notebook


def check_parameters(source: Path, parameters: dict[str, Any]) -> None:
    """Refuse a parameter that the notebook's ``parameters`` cell does not name."""
    import papermill

    known = sorted(papermill.inspect_notebook(str(source)))
    for name in parameters:
        if name not in known:
            raise UsageError(
                f"тетрадь {source.name} не знает параметра «{name}»{did_you_mean(name, known)}", where=str(source)
            )


@contextmanager
def _kernel_environment(scratch: Path) -> Iterator[None]:
    """Keep the user's IPython start-up files and history out of the run, and every library offline."""
    wanted = {
        "IPYTHONDIR": str(scratch / "ipython"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "GX_ANALYTICS_ENABLED": "false",
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _address(source: Path, error: Any, parameters: dict[str, Any]) -> str:
    """Name the cell as it is counted in ``source``: papermill has put one more behind the default parameters."""
    import nbformat

    number = getattr(error, "cell_index", None)
    if number is None:
        return source.name
    tags = [cell.metadata.get("tags", []) for cell in nbformat.read(source, as_version=4).cells]
    place = next((index for index, of_cell in enumerate(tags) if "parameters" in of_cell), -1)
    return f"{source.name}, ячейка {number if parameters and number > place else number + 1}"


def _translate(error: Any, place: str) -> SokoError:
    known = getattr(errors, error.ename, None)
    if isinstance(known, type) and issubclass(known, SokoError):
        return known(error.evalue)
    return FailureError(
        f"сбой при выполнении тетради: {error.ename}: {error.evalue}",
        where=place,
        todo="сообщите разработчику; прежние результаты не изменены",
    )


def _stopped(error: Any, place: str, cell_timeout: int) -> FailureError:
    """Say why the kernel ended without an answer."""
    from nbclient.exceptions import CellTimeoutError

    from soko.run.engine import MOST_PRINTED

    if isinstance(error, CellTimeoutError):
        message = f"ячейка не закончила расчёт за {count(cell_timeout, 'секунда', 'accs')} и остановлена"
    elif getattr(error, "printed", 0) > MOST_PRINTED:
        message = "ячейка печатает без конца и остановлена"
    else:
        message = "процесс тетради оборвался (сбой библиотеки, нехватка памяти или остановка извне)"
    return FailureError(message, where=place, todo="сообщите разработчику; прежние результаты не изменены")


def _scrub(notebook: Any, parameters: dict[str, Any]) -> None:
    """Remove what differs between equal runs or tells of the machine: timings, paths, execution ids."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    paths = sorted({str(value) for value in parameters.values() if os.sep in str(value)}, key=len, reverse=True)
    for number, cell in enumerate(notebook.cells, start=1):
        cell["id"] = f"c{number:02d}"
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.source = "\n".join(_plain(line, paths) for line in cell.source.splitlines())


def _plain(line: str, paths: list[str]) -> str:
    name, _, value = line.partition(" = ")
    return f'{name} = ""' if any(value.strip("\"'") == path for path in paths) else line
