"""Teachers behind a figure are counted by the parallel of their class, whatever it is called."""

from __future__ import annotations

import pandas as pd
from conftest import ROOT

from soko.disclosure.places import Place, above, partitions
from soko.disclosure.released import judged
from soko.disclosure.settings import read
from soko.indicators.model import DIMENSIONS
from soko.params import Params
from soko.workspace import Workspace


def test_a_class_of_a_letter_and_a_number_is_of_its_parallel() -> None:
    place = Workspace(ROOT)
    whole = dict.fromkeys(DIMENSIONS, pd.NA) | {"school_id": "s", "period": "2025-2026/q4"}
    whole |= {"indicator": "subjects.quality", "subject": "Алгебра"}
    rows = [whole | {"class": name, "teacher": who} for name, who in (("5К1", "t_1"), ("5К2", "t_2"))]
    rows += [whole | {"level": "ООО"}, whole | {"grade": 5}, whole | {"grade": 51}]
    found = judged(pd.DataFrame(rows), read(place), Params(place).school)
    assert found[-3:] == [False, False, True]  # two teachers in the level and in the parallel; there is no 51st


def test_a_class_of_a_letter_and_a_number_lies_in_its_parallel() -> None:
    """Else the class would not be protected from being worked out as the parallel less its other class."""
    school = Params(Workspace(ROOT)).school
    assert above("class", "5К1", school) == [(("grade", "5"),), (("level", "ООО"),), ()]
    whole = Place("s", "2025-2026/q4", (("grade", "5"),))
    classes = [whole.at((("class", name),)) for name in ("5К1", "5К2")]
    assert partitions({whole: 0, classes[0]: 1, classes[1]: 2}, school) == [(whole, [1, 2])]
