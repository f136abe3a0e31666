"""What «стабильно» and «динамика» promise holds for any figures: told by the engine, held against the figures.

«Стабильно»: a difference within 2 points or one of the base. «Динамика»: three figures in a row, each beyond the last.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import example, given, settings, strategies as st
from tools import sentences

from soko.analysis.narrative import tell
from soko.notes import facts, telling
from soko.russian import NBSP

STRONG = re.compile("стабил|динамик|тенденц", re.I)
#: (how many, of how many) now, in the previous period, in the one before; small bases and large ones.
SHARE = st.integers(1, 400).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base)))
NEAR = st.tuples(st.integers(1, 300), st.lists(st.integers(-3, 3), min_size=3, max_size=3)).map(
    lambda found: [(max(0, min(found[0], found[0] // 2 + step)), found[0]) for step in found[1]]
)
FIGURES = st.one_of(st.lists(SHARE, min_size=3, max_size=3), NEAR)


def strong():
    """(note, rule) of every rule that says one of the words."""
    found = []
    for note in sentences.notes():
        for compiled in sentences.rules(note):
            rule = compiled.rule
            if STRONG.search(" ".join([rule.text, rule.fold, rule.conclusion, rule.item])):
                found.append(pytest.param(note, compiled, id=f"{note}-{rule.id}"))
    return found


@pytest.mark.parametrize(("note", "compiled"), strong())
@settings(max_examples=60, deadline=None)
@given(FIGURES, st.booleans())
@example([(48, 97), (51, 97), (51, 97)], False)  # divided in two ways, the same figure differed in its last digit
def test_strong_words_hold_for_any_figures(note, compiled, figures, over_a_year):
    data = sentences.data(note)
    place = sentences.place(data, compiled.rule.scope, 0)
    (now, base), (was, was_base), (older, older_base) = figures
    made = [
        sentences.figures.__wrapped__(note, compiled.indicators, tuple(place.now.items()), part, size)
        for part, size in figures
    ]
    there = replace(data, current=made[0], previous=made[1], earlier=made[2], year_ago=made[2] if over_a_year else None)
    book = telling.book(data)
    told = tell(
        replace(book, rules=(compiled,)),
        [facts.subject_of(there, place, compiled.indicators)],
        telling.common(data, book),
        telling.desk(data),
    )
    item = data.catalogue[compiled.rule.spoken_of[0]]
    value, before, oldest = Fraction(now, base), Fraction(was, was_base), Fraction(older, older_base)
    share = item.unit == "percent" and item.scale == 100
    for said in [*told.sentences, *told.conclusions]:
        if not share or said.kind != "statement":
            continue
        earlier = oldest if "year_stable" in compiled.when.names else before
        if "стабил" in said.text.lower():
            assert abs(value - earlier) * 100 <= max(Fraction(2), Fraction(100, base))
        if re.search("динамик|тенденц", said.text.lower()):
            assert oldest < before < value or oldest > before > value


def test_no_share_of_the_catalogue_is_stable_beyond_the_schools_threshold():
    data = sentences.data(sentences.notes()[0])
    limit = data.conventions.thresholds.stable_points
    wide = [
        item.id
        for item in data.catalogue
        if item.unit == "percent" and item.stable_within(data.conventions.thresholds) > limit
    ]
    assert not wide


def test_the_words_are_said_somewhere():
    """The property above would hold of rules that never say them."""
    said = {
        param.id: {word.lower() for _, _, text in sentences.said(*param.values) for word in STRONG.findall(text)}
        for param in strong()
    }
    assert all(said.values()), said
    assert {"стабил", "динамик"} <= set().union(*said.values())


BARE = re.compile(f"(?<!больше чем )на{NBSP}[\\d,]+{NBSP}п\\.п\\.(?! \\(\\d)")


@pytest.mark.parametrize("note", sentences.notes())
def test_a_gap_in_the_share_of_people_is_told_in_points_and_in_people(note):
    catalogue = sentences.data(note).catalogue
    for compiled in sentences.rules(note):
        dims = {"overall": (), "school": ()}.get(compiled.rule.scope, (compiled.rule.scope,))
        if all(catalogue.counts_people(name, dims) for name in compiled.rule.spoken_of if name):
            assert not [text for _, _, text in sentences.said(note, compiled) if BARE.search(text)]
