"""The data sheet for municipality and region: additive values of a school, machine-readable, nobody's record in it.

``rows.of_period`` chooses what goes out, ``files.write`` writes csv, descriptor and workbook, ``check.problems``
is what a receiver asks of a file, ``total.add`` sums the sheets of several schools to those of a district.
"""

from __future__ import annotations

STEM = "data_sheet"
MARK = "Для служебного пользования – передача учредителю"
