"""The three lists of dependencies agree, and nothing in the repository tells of a machine or a registry."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_environment_yml_agrees_with_pyproject() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    plain = [item for item in environment if isinstance(item, str) and item != "pip"]
    nested = next(item["pip"] for item in environment if isinstance(item, dict))
    listed = {item for item in plain + nested if not item.startswith("--")}
    assert listed - set(PROJECT["dependencies"]) == {f"python{PROJECT['requires-python']}"}
    assert set(PROJECT["dependencies"]) <= listed


def test_lock_holds_every_dependency_with_a_hash() -> None:
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pinned = {match.lower() for match in re.findall(r"^([A-Za-z0-9._-]+)==", lock, flags=re.M)}
    wanted = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]
    names = {re.match(r"[A-Za-z0-9._-]+", item)[0].lower() for item in wanted}
    assert names <= pinned
    entries = re.split(r"^(?=\S)", lock, flags=re.M)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in lock


def test_repository_names_no_machine_and_no_registry() -> None:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    pattern = re.compile(
        r"pypi\.or" + r"g|pythonhoste" + r"d|deb\.debia" + r"n|registry\.npmj" + r"s|/roo" + r"t/|/tm" + r"p/"
    )
    for name in listing.stdout.decode().split("\0"):
        path = ROOT / name
        if path.is_file() and path.suffix in {".py", ".md", ".yaml", ".yml", ".toml", ".txt", ".ipynb", ".sql", ""}:
            found = pattern.search(path.read_text(encoding="utf-8", errors="ignore"))
            assert not found, f"{name}: {found[0]}"
