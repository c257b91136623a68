"""Where the bins of a reference lie."""

from __future__ import annotations

import math
import sys
from bisect import bisect_left, bisect_right
from typing import Iterable, List, Sequence

_GREATEST = sys.float_info.max
_LEAST_POSITIVE = 5e-324


def quantile_edges(values: Sequence[float], bins: int) -> List[float]:
    """Edges that give each bin the same number of rows: the quantiles i / bins, interpolated linearly between
    neighbours; a value on which two or more of them fall has a bin of its own, with edges half way to its neighbours.

    values: finite, rising. Gives rising edges; [0, 1] where there is no value.
    """
    if len(values) == 0:
        return [0.0, 1.0]
    least, greatest = float(values[0]), float(values[-1])
    if least == greatest:
        return _constant_edges(least)
    inner: List[float] = []
    i = 0
    while i <= bins:
        value = _quantile(values, i, bins)
        following = i + 1
        while following <= bins and _quantile(values, following, bins) == value:
            following += 1
        if following - i > 1:
            inner += [_edge_below(values, value), _edge_above(values, value)]
        elif 0 < i < bins:
            inner.append(value)
        i = following
    if not inner:
        return [least, greatest]
    first, last = inner[0], inner[-1]
    return _rising(
        [
            least if least < first else first - _margin(first),
            *inner,
            greatest if greatest > last else last + _margin(last),
        ]
    )


def uniform_edges(values: Sequence[float], bins: int) -> List[float]:
    """Edges of equal width from the least to the greatest. values: finite, rising."""
    if len(values) == 0:
        return [0.0, 1.0]
    least, greatest = float(values[0]), float(values[-1])
    if least == greatest:
        return _constant_edges(least)
    # A weighted mean: greatest - least may be no finite number.
    between = [least * (1 - i / bins) + greatest * (i / bins) for i in range(1, bins)]
    return _rising([least, *between, greatest])


def _constant_edges(value: float) -> List[float]:
    """Three bins: below the value, the value give or take its margin, above it."""
    margin = _margin(value)
    return _rising([value - 2 * margin, value - margin, value + margin, value + 2 * margin])


def _margin(value: float) -> float:
    """A difference that is rounding and not a change: a billionth of the value, and of 1 for the value 0."""
    return 1e-9 if value == 0 else max(abs(value) * 1e-9, _LEAST_POSITIVE)


def _rising(candidates: Iterable[float]) -> List[float]:
    """The candidates, which come in order but may repeat, as finite edges that rise."""
    edges: List[float] = []
    for candidate in candidates:
        edge = min(max(candidate, -_GREATEST), _GREATEST)
        if not edges or edge > edges[-1]:
            edges.append(edge)
    return edges


def _quantile(values: Sequence[float], i: int, bins: int) -> float:
    if i == 0:
        return float(values[0])
    if i == bins:
        return float(values[-1])
    position = (len(values) - 1) * (i / bins)
    below = math.floor(position)
    fraction = position - below
    low = float(values[below])
    if fraction == 0:
        return low
    value = low + fraction * (float(values[below + 1]) - low)
    # The distance of two numbers near the greatest there are overflows.
    return value if math.isfinite(value) else float(values[len(values) * i // bins])


def _edge_below(values: Sequence[float], value: float) -> float:
    index = bisect_left(values, value)
    if index == 0:
        return value - _margin(value)
    lower = float(values[index - 1])
    middle = lower / 2 + value / 2
    return middle if lower < middle <= value else value


def _edge_above(values: Sequence[float], value: float) -> float:
    index = bisect_right(values, value)
    if index == len(values):
        return value + _margin(value)
    upper = float(values[index])
    middle = value / 2 + upper / 2
    return middle if value < middle <= upper else upper
