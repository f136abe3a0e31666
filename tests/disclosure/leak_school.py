"""A small workspace with people whom nobody else in the repository is named after."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
from conftest import ROOT

PUPIL = "Хабибуллина Снежана Рустамовна"
BORN = date(2013, 3, 14)
CODE = "p_0123456789ab"
SNILS = "112-233-445 95"
PHONE = "8 (912) 345-67-89"
PASSPORT = "4508", "654321"
PHRASE = "в 9Б классе 1 обучающийся из 2"
PEOPLE = [
    ("pupil", CODE, PUPIL, BORN, "7А"),
    ("pupil", "p_0123456789ac", "Волков Глеб Ильич", date(2012, 12, 29), "7А"),
    ("pupil", "p_0123456789ad", "Белых Лев Олегович", date(2014, 5, 6), "6А"),
    ("pupil", "p_0123456789ae", "Верещагина Нина Павловна", date(2015, 7, 8), "4А"),
    ("pupil", "p_0123456789af", "Ким Павел", date(2015, 1, 2), "4А"),
    ("pupil", "p_0123456789b0", "Щербаков-Юсупов Дмитрий Сергеевич", date(2010, 11, 3), "9А"),
    ("pupil", "p_0123456789b1", "Гагарин Юрий Алексеевич", date(2011, 4, 12), "8А"),
    ("staff", "t_0123456789ab", "Лаптева Елена Сергеевна", date(1980, 9, 9), ""),
]


def make(folder: Path) -> Path:
    """A workspace of the demo's settings with ``PEOPLE`` registered and one file not yet checked."""
    shutil.copytree(ROOT / "params", folder / "params")
    private = folder / "data" / "private" / "2025-2026" / "q4"
    private.mkdir(parents=True)
    pd.DataFrame(PEOPLE, columns=["kind", "pseudonym", "full_name", "birth_date", "class"]).to_parquet(
        private / "people.parquet"
    )
    incoming = folder / "data" / "incoming" / "2026-2027" / "q1"
    incoming.mkdir(parents=True)
    (incoming / "Заявления.csv").write_text(
        "Фамилия;Имя;Дата рождения;СНИЛС;Серия паспорта;Номер паспорта;Телефон родителя\n"
        f"Ярошенко;Таисия;02.10.2016;{SNILS};{PASSPORT[0]};{PASSPORT[1]};{PHONE}\n",
        encoding="cp1251",
    )
    return folder
