"""The whole path on the demo school: what is published, that it holds no names, repeats, and survives bad luck."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from conftest import PERIOD, heed_interrupts, soko

from soko import resources
from soko.analysis.narrative_schema import RuleFile
from soko.indicators import load_catalogue
from soko.workspace import Workspace
from soko.yamlio import load

pytestmark = pytest.mark.slow


def outputs(workspace: Path) -> Path:
    return workspace / "outputs" / PERIOD


def digest(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def text_of(path: Path) -> str:
    """Everything that a reader or a program could find in the file."""
    return _text_of(path, path.stat().st_mtime_ns)


@cache  # names and dates of birth are looked for in the same files
def _text_of(path: Path, _written: int) -> str:
    if path.suffix == ".pdf":
        from pypdf import PdfReader

        reader = PdfReader(path)
        return "\n".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
    if path.suffix in {".docx", ".xlsx"}:
        with zipfile.ZipFile(path) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "ignore") for name in archive.namelist())
    if path.suffix == ".parquet":
        return pd.read_parquet(path).to_csv()
    return path.read_text(encoding="utf-8", errors="ignore")


def tokens(text: str) -> set[str]:
    """Words, numbers, codes and dates of the text; a set is a hundred times faster than a pattern of them all."""
    return {word.strip(".-") for word in re.findall(r"[\w.-]+", text)}


def visible(html: str) -> str:
    """The text that a person sees on the page."""
    from lxml import html as parser

    tree = parser.fromstring(html)
    for element in tree.xpath("//style|//script|//head|//svg"):
        element.drop_tree()
    return re.sub(r"\s+", " ", tree.text_content())


def test_everything_that_the_contract_names_is_there(reported: Path) -> None:
    folder = outputs(reported)
    tables = ("indicators.csv", "indicators.parquet", "indicators.xlsx", "validation/findings.csv")
    for name in ("index.html", "manifest.json", *tables):
        assert (folder / name).is_file(), name
    for suffix in ("ipynb", "html", "pdf", "docx"):
        assert (folder / "notes" / f"academic_results.{suffix}").is_file()
        assert (folder / "validation" / f"protocol.{suffix}").is_file()
    assert list((reported / "data" / "clean" / PERIOD).glob("*.parquet"))
    assert list((reported / "data" / "private" / PERIOD / "annexes").glob("*.pdf"))


def test_planted_errors_are_warnings_with_addresses(reported: Path) -> None:
    findings = pd.read_csv(outputs(reported) / "validation" / "findings.csv", dtype=str, keep_default_na=False)
    assert list(findings.columns) == [
        "severity",
        "table",
        "rule",
        "file",
        "sheet",
        "cell",
        "row",
        "column",
        "message_ru",
    ]
    assert (findings.severity != "critical").all()
    warnings = findings[findings.severity == "warning"]
    assert warnings.rule.nunique() >= 5
    assert (warnings.message_ru.str.contains("[а-я]")).all()


def test_no_name_leaves_the_private_folder(reported: Path) -> None:
    people = pd.concat(
        pd.read_parquet(path) for path in (reported / "data" / "private").rglob("people.parquet")
    ).full_name.dropna()
    surnames = {name.split()[0] for name in people if name.split() and len(name.split()[0]) > 3}
    full = {" ".join(name.split()[:2]) for name in people if len(name.split()) > 1}
    assert len(full) > 400
    # Signatories and the author of the СОУ formula are printed on purpose; their surnames are no leak by themselves.
    settings = [
        (reported / "params" / f"{name}.yaml").read_text(encoding="utf-8") for name in ("school", "conventions")
    ]
    printed = set(re.findall(r"[А-ЯЁ][а-яё]+", "".join(settings)))
    alone = {name.casefold() for name in surnames - printed}
    pairs = {tuple(name.casefold().split()) for name in full}
    for folder in (outputs(reported), reported / "data" / "clean", reported / "data" / "history"):
        for path in folder.rglob("*"):
            if path.is_file():
                words = re.findall(r"[а-яё]+(?:-[а-яё]+)*", f"{text_of(path)} {path.name}".casefold())
                found = (alone & set(words)) | {" ".join(two) for two in pairs & set(itertools.pairwise(words))}
                assert not found, f"{path.relative_to(reported)}: {sorted(found)[:3]}"


def test_no_birth_date_and_no_personal_file_number_leaves_the_private_folder(reported: Path) -> None:
    people = pd.concat(pd.read_parquet(path) for path in (reported / "data" / "private").rglob("people.parquet"))
    births = set(pd.to_datetime(people.birth_date.dropna()).dt.date)
    # Days that stand in the clean tables on purpose; a birthday may fall on one of them.
    staff = pd.concat(pd.read_parquet(path) for path in (reported / "data" / "clean").rglob("staff.parquet"))
    births -= {day for name in ("category_date", "training_date") for day in staff[name].dropna()}
    births -= {day for day in births if day.year >= 2024}
    assert len(births) > 300
    numbers = set()
    for path in (reported / "data" / "incoming").rglob("Список обучающихся.csv"):
        numbers |= set(pd.read_csv(path, sep=";", encoding="cp1251", dtype=str)["№ личного дела"].dropna())
    assert len(numbers) > 400
    words = {f"{day:%d.%m.%Y}" for day in births} | {day.isoformat() for day in births} | numbers
    for folder in (outputs(reported), reported / "data" / "clean", reported / "data" / "history"):
        for path in folder.rglob("*"):
            if path.is_file():
                text = text_of(path)
                if "\\u04" in text:  # JSON may write Cyrillic as escapes
                    text += re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text)
                assert not words & tokens(text), path.relative_to(reported)


def test_pages_are_russian_and_without_traces_of_code(reported: Path) -> None:
    for name in ("index.html", "notes/academic_results.html", "validation/protocol.html"):
        words = visible((outputs(reported) / name).read_text(encoding="utf-8"))
        traces = re.findall(r"\b(?:nan|NaN|None|True|False|null|Traceback|inf)\b|\{\{|\}\}|<NA>", words)
        assert not traces, (name, traces)
    words = visible((outputs(reported) / "notes" / "academic_results.html").read_text(encoding="utf-8"))
    rules = load(resources.narrative("academic_results", reported / "params"), RuleFile).rules
    codes = [*(item.id for item in load_catalogue(Workspace.open(reported))), *(item.id for item in rules)]
    for code in sorted(codes, key=len, reverse=True):
        words = words.replace(code, "")  # the annexes name the ids of indicators and rules, and how to ask of them
    assert set(re.findall(r"[A-Za-z]{3,}", words)) <= {"soko", "explain"}
    pdf = text_of(outputs(reported) / "notes" / "academic_results.pdf").split("{'/")[0]
    assert not re.findall(r"\b(?:nan|None|True|False)\b", pdf)


def test_nothing_is_asked_from_the_network(reported: Path) -> None:
    pattern = re.compile(
        r"""(?:src|href|action|data|poster)\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import""", re.I
    )
    pages = list(outputs(reported).rglob("*.html"))
    assert len(pages) > 3
    for path in pages:
        assert not pattern.search(path.read_text(encoding="utf-8")), path


def test_links_of_the_index_lead_somewhere(reported: Path) -> None:
    page = (outputs(reported) / "index.html").read_text(encoding="utf-8")
    links = [link for link in re.findall(r'href="([^"#]+)"', page) if not link.startswith("data:")]
    assert links
    for link in links:
        assert (outputs(reported) / link).exists(), link


def test_rerun_without_changes_says_so_and_touches_nothing(reported: Path) -> None:
    before = digest(outputs(reported))
    start = time.perf_counter()
    done = soko("report", PERIOD, workspace=reported)
    assert done.code == 0
    assert "Изменений нет" in done.out
    assert time.perf_counter() - start < 30  # not a measurement: only that nothing was recomputed
    assert digest(outputs(reported)) == before


def test_verify_agrees_and_then_notices(reported: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "school"
    shutil.copytree(reported, workspace)
    assert soko("verify", PERIOD, workspace=workspace).code == 0
    with (outputs(workspace) / "indicators.csv").open("a", encoding="utf-8") as stream:
        stream.write("x\n")
    done = soko("verify", PERIOD, workspace=workspace)
    assert done.code == 1
    assert "indicators.csv" in done.out


@pytest.mark.deep
def test_the_same_data_give_the_same_bytes(reported: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "school"
    shutil.copytree(reported, workspace)
    assert soko("report", PERIOD, "--force", workspace=workspace).code == 0
    first, second = digest(outputs(reported)), digest(outputs(workspace))
    assert [name for name in first.keys() | second.keys() if first.get(name) != second.get(name)] == []


def test_critical_findings_stop_the_run_and_keep_the_last_outputs(reported: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "school"
    shutil.copytree(reported, workspace)
    incoming = workspace / "data" / "incoming" / PERIOD
    (incoming / "marks.csv").write_text("pupil_id,subject,mark\nА-000,Алгебра,7\n", encoding="utf-8")
    before = {name: value for name, value in digest(outputs(workspace)).items() if not name.startswith("validation/")}
    done = soko("report", PERIOD, workspace=workspace)
    assert done.code == 1, done.out + done.err
    assert "marks.csv" in done.err
    assert "Traceback" not in done.err
    after = digest(outputs(workspace))
    findings = pd.read_csv(outputs(workspace) / "validation" / "findings.csv", dtype=str, keep_default_na=False)
    assert "critical" in set(findings.severity)
    changed = [name for name in before if after.get(name) != before[name]]
    assert changed == []


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a process there")
def test_ctrl_c_leaves_the_last_outputs_whole(reported: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "school"
    shutil.copytree(reported, workspace)
    before = digest(outputs(workspace))
    process = subprocess.Popen(
        [sys.executable, "-m", "soko.start", "report", PERIOD, "--force", "--workspace", str(workspace)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=heed_interrupts,
    )
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err.decode()
    assert digest(outputs(workspace)) == before
    assert [path.name for path in outputs(workspace).parent.iterdir()] == [outputs(workspace).name]


def test_manifest_tells_where_everything_came_from(reported: Path) -> None:
    manifest = json.loads((outputs(reported) / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["period"] == PERIOD
    assert any(name.startswith(f"data/incoming/{PERIOD}/") for name in manifest["inputs"])
    assert any(name.startswith("data/incoming/2024-2025/q4/") for name in manifest["inputs"])
    assert set(manifest["outputs"]) == set(digest(outputs(reported))) - {"manifest.json"}
    assert str(reported) not in json.dumps(manifest)


def test_page_one_is_one_page(reported: Path) -> None:
    from pypdf import PdfReader

    pages = [page.extract_text() for page in PdfReader(outputs(reported) / "notes" / "academic_results.pdf").pages]
    assert "Решить:" in pages[0]
    assert re.search(r"Введение\s+Цель:", pages[1][:200]), pages[1][:200]
