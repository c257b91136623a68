"""The finite values of a column in rising order, and how many rows hold each."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import groupby
from math import isfinite
from typing import Any, Sequence


@dataclass(frozen=True)
class Distinct:
    """ordered: every finite value, rising. values: the different ones, rising; 0 and -0 are one. counts: the rows of each.

    All of them lists, or all arrays.
    """

    ordered: Sequence[float]
    values: Sequence[float]
    counts: Sequence[int]

    @property
    def is_array(self) -> bool:
        return not isinstance(self.ordered, list)


def distinct_of(floats: Any) -> Distinct:
    """floats: a list or an array of float64; NaN and the infinite are passed over: no edge can lie on them."""
    # + 0.0: of -0.0 and 0.0 either may come first.
    if isinstance(floats, list):
        ordered = sorted(value + 0.0 for value in floats if isfinite(value))
        runs = [(value, sum(1 for _ in rows)) for value, rows in groupby(ordered)]
        return Distinct(ordered, [value for value, _ in runs], [rows for _, rows in runs])
    numpy = sys.modules["numpy"]
    array = numpy.sort(floats[numpy.isfinite(floats)] + 0.0)
    is_first = numpy.concatenate(([True], array[1:] != array[:-1]))[: len(array)]
    firsts = numpy.flatnonzero(is_first)
    return Distinct(array, array[firsts], numpy.diff(numpy.append(firsts, len(array))))
