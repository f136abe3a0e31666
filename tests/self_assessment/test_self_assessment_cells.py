"""Cells «человек/%» as schools write them: read strictly, nothing guessed in silence."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from soko.self_assessment.cells import read

SHARES = {
    "122 человека / 15,8 %": (122, "15.8"),
    "122/15,8%": (122, "15.8"),
    "491 / 39,2 %": (491, "39.2"),
    "35/87,5%": (35, "87.5"),
    "28/82.3%": (28, "82.3"),
    "0/0%": (0, "0"),
    "41/100%": (41, "100"),
    "1 258 чел./100 %": (1258, "100"),
    "1\u00a0258\u00a0человек / 100\u00a0%": (1258, "100"),
    "7 / 30": (7, "30"),
}


@pytest.mark.parametrize("text", SHARES)
def test_share(text):
    cell, (count, percent) = read(text, "share"), SHARES[text]
    assert (cell.count, cell.percent, cell.fault, cell.filled) == (count, Fraction(percent), "", True)


@pytest.mark.parametrize("text", ["человек/%", "", "  ", "–", "-", "чел./%", "Человек/%", "человек / %"])
def test_block_that_nobody_has_filled_in(text):
    cell = read(text, "share")
    assert not cell.filled
    assert cell.amount is None


@pytest.mark.parametrize(
    ("text", "count", "percent"),
    [("122/15?8%", 122, "15.8"), ("225/37.8/%", 225, "37.8"), ("16/39%%", None, None), ("9/6% (16)", None, None)],
)
def test_misprint_has_a_fault_and_keeps_what_is_beyond_doubt(text, count, percent):
    cell = read(text, "share")
    assert cell.fault
    assert cell.count == count
    assert cell.percent == (Fraction(percent) if percent else None)


@pytest.mark.parametrize("text", ["45,7/%", "42%", "45,7 %"])
def test_share_without_a_count_is_no_share(text):
    cell = read(text, "share")
    assert cell.fault == "указана только доля"
    assert cell.count is None
    assert cell.percent is not None


def test_other_kinds():
    assert read("485 человек", "count").count == 485
    assert read("6,9 кв. м", "ratio").number == Fraction("6.9")
    assert read("0,19 ед.", "ratio").number == Fraction("0.19")
    assert read("4", "mean").number == 4
    assert read("да", "flag").flag is True
    assert read("Нет", "flag").flag is False
    assert read("да (1шт.)", "flag").fault
    assert read("да (1шт.)", "flag").flag is True
    assert read("15,8", "count").fault
    assert read("сорок", "mean").fault
    assert read("есть", "flag").fault


@given(
    count=st.integers(0, 10**6),
    tenths=st.integers(0, 1000),
    digits=st.integers(0, 2),
    word=st.sampled_from(["", " человек", "\u00a0чел.", " человека"]),
    slash=st.sampled_from(["/", " / ", "\u00a0/ "]),
    sign=st.sampled_from(["%", " %", "\u00a0%"]),
    comma=st.sampled_from([",", "."]),
)
def test_whatever_is_written_in_a_known_form_is_read_back(count, tenths, digits, word, slash, sign, comma):
    percent = f"{tenths / 10:.{digits}f}".replace(".", comma)
    cell = read(f"{count}{word}{slash}{percent}{sign}", "share")
    assert not cell.fault
    assert cell.count == count
    assert cell.digits == digits
    assert cell.percent == Fraction(percent.replace(",", "."))


@given(st.text(max_size=30), st.sampled_from(["count", "share", "mean", "ratio", "flag"]))
def test_any_text_is_read_or_has_a_fault(text, kind):
    cell = read(text, kind)
    known = (cell.count, cell.percent, cell.number, cell.flag)
    assert cell.fault or not cell.filled or any(value is not None for value in known)


@given(count=st.integers(1, 999), percent=st.integers(1, 99), at=st.integers(0, 8), letter=st.sampled_from("?!xу*#"))
def test_a_foreign_sign_is_never_overlooked(count, percent, at, letter):
    text = f"{count}/{percent},5%"
    cell = read(text[: at % len(text)] + letter + text[at % len(text) :], "share")
    assert cell.fault
