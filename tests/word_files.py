"""Word files for tests, looked at as XML: nothing here goes through the libraries that made them."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PICTURES = {".png", ".jpeg", ".jpg"}


def parts(content: bytes) -> dict[str, bytes]:
    """The parts of the file by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def paragraphs(content: bytes, part: str = "word/document.xml") -> list[str]:
    """The text of every paragraph, tables included, single blanks for hard ones."""
    tree = etree.fromstring(parts(content)[part])
    texts = ["".join(node.text or "" for node in p.iter(f"{W}t")) for p in tree.iter(f"{W}p")]
    return [text.replace("\xa0", " ").replace("\u2011", "-") for text in texts]


def changed(content: bytes, **texts: tuple[str, str]) -> bytes:
    """The file with ``old`` replaced by ``new`` in a part: document=(old, new)."""
    found = parts(content)
    for name, (old, new) in texts.items():
        whole = found[f"word/{name}.xml"].decode()
        assert old in whole
        found[f"word/{name}.xml"] = whole.replace(old, new).encode()
    return packed(found)


def packed(found: dict[str, bytes]) -> bytes:
    """The file of the parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in found.items():
            package.writestr(name, content)
    return out.getvalue()


def sound(content: bytes) -> None:
    """Every part is XML or a picture, every relation leads to a part, every content type is of a part."""
    found = parts(content)
    for name, part in found.items():
        if Path(name).suffix not in PICTURES:
            etree.fromstring(part)
    for name in found:
        if name.endswith(".rels"):
            folder = name.replace("_rels/", "").rpartition("/")[0]
            for relation in etree.fromstring(found[name]):
                assert relation.get("TargetMode") != "External"
                target = relation.get("Target", "")
                place = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
                assert place in found, (name, target)
    declared = {item.get("PartName", "").lstrip("/") for item in etree.fromstring(found["[Content_Types].xml"])} - {""}
    assert declared <= set(found)


def resaved(content: bytes, target: Path) -> None:
    """The file as LibreOffice saves it: other relations, names and ids than Word's."""
    office = shutil.which("soffice")
    if not office:
        pytest.skip("no LibreOffice here")
    folder = target.parent / "before"
    folder.mkdir(exist_ok=True)
    (folder / target.name).write_bytes(content)
    profile = f"-env:UserInstallation={(target.parent / 'profile').as_uri()}"
    form = "docx:Office Open XML Text"
    command = [office, profile, "--headless", "--convert-to", form, "--outdir", str(target.parent)]
    subprocess.run([*command, str(folder / target.name)], check=True, capture_output=True, timeout=180)


def printed(content: bytes, folder: Path) -> str:
    """What LibreOffice prints, as text: it opens the file as a clerk's program does."""
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    if not office or not reader:
        pytest.skip("no LibreOffice or poppler here")
    source = folder / "document.docx"
    source.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    text = subprocess.run(
        [reader, "-layout", str(folder / "document.pdf"), "-"], check=True, capture_output=True, timeout=60
    ).stdout.decode()
    return re.sub(r"[ \xa0]+", " ", text.replace("\u2011", "-"))
