"""Invented people: surnames, names and patronymics that agree in gender."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from soko.yamlio import Strict, load


class _Pool(Strict):
    surnames: list[str]
    boys: list[str]
    girls: list[str]
    women: list[str]
    men: list[str]
    fathers: list[str]


_POOL = load(Path(__file__).with_name("names.yaml"), _Pool)


@dataclass(frozen=True)
class Name:
    """A full name; ``patronymic`` may be empty, as it is for some pupils of every real school."""

    last: str
    first: str
    patronymic: str

    @property
    def full(self) -> str:
        """«Фамилия Имя Отчество»."""
        return " ".join(part for part in (self.last, self.first, self.patronymic) if part)

    @property
    def short(self) -> str:
        """«Фамилия Имя»."""
        return f"{self.last} {self.first}"

    @property
    def initials(self) -> str:
        """«Фамилия И.О.»."""
        return f"{self.last} {self.first[0]}." + (f"{self.patronymic[0]}." if self.patronymic else "")


def draw(rng: np.random.Generator, sex: str, *, family: Name | None = None, adult: bool = False) -> Name:
    """A new name; with ``family`` a brother's or sister's: the same surname and father."""
    surname = _pick(rng, _POOL.surnames)
    father = _pick(rng, _POOL.fathers)
    firsts = {("м", False): _POOL.boys, ("ж", False): _POOL.girls, ("м", True): _POOL.men, ("ж", True): _POOL.women}
    first = _pick(rng, firsts[sex, adult])
    patronymic = patronymic_of(father, sex)
    if not adult and rng.random() < 0.02:
        patronymic = ""
    if family is not None:
        root = family.last
        surname = next((item for item in _POOL.surnames if root in (item, feminine(item))), root)
        patronymic = _other_patronymic(family.patronymic, sex)
    return Name(surname if sex == "м" else feminine(surname), first, patronymic)


def feminine(surname: str) -> str:
    """«Попов» → «Попова», «Дубровский» → «Дубровская»; surnames that do not change stay."""
    if surname.endswith(("ов", "ев", "ёв", "ин")):
        return surname + "а"
    return surname[:-2] + "ая" if surname.endswith("ский") else surname


def patronymic_of(father: str, sex: str) -> str:
    """«Игорь» → «Игоревич», «Игоревна»; «Илья» and his like are not among the fathers."""
    if father.endswith("ий") and father not in ("Дмитрий", "Георгий"):
        base = father[:-2] + "ьев"
    elif father.endswith(("й", "ь")):
        base = father[:-1] + "ев"
    else:
        base = father + "ов"
    base = {"Павелов": "Павлов"}.get(base, base)
    return base + ("ич" if sex == "м" else "на")


def _other_patronymic(text: str, sex: str) -> str:
    root = text.removesuffix("ич").removesuffix("на")
    return root + ("ич" if sex == "м" else "на") if root else ""


def _pick(rng: np.random.Generator, items: list[str]) -> str:
    return items[int(rng.integers(len(items)))]
