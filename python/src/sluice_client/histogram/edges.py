"""Where the bins of a column lie: src/histogram/edges of the agent, to the last bit."""

from __future__ import annotations

import math
import struct
import sys
from bisect import bisect_left
from itertools import accumulate
from typing import Iterable, List, NamedTuple, Sequence, Set, Tuple

from .distinct import Distinct

_GREATEST = sys.float_info.max
_LEAST_POSITIVE = 5e-324
#: With no more different values than this a feature is discrete: its values are counted one by one.
_FEW_VALUES = 20
#: Fewer rows say too little of one value.
_ROWS_OF_A_SPIKE = 20
#: Rows that a bin should have, so that its count is not mostly noise.
_ROWS_OF_A_BIN = 10


class OwnBins(NamedTuple):
    """edges: rising and finite; [0, 1] where there is no value. spikes: the values with a bin of their own for their many rows."""

    edges: List[float]
    spikes: List[float]


def quantile_bins(distinct: Distinct, bins: int) -> OwnBins:
    """For a reference: each spike has a bin of its own, the rest lies in at most so many bins of about equally many rows,
    with a thin one at either end. Cuts lie half way between neighbouring values.
    """
    spikes = _spikes(distinct, bins)
    alone = [0] if len(distinct.values) == 1 else spikes
    return _laid(distinct, spikes, alone, bins, narrow=False)


def narrow_bins(distinct: Distinct, bins: int) -> OwnBins:
    """For rows whose reference is not known: each value of a discrete feature, and each spike, fills a bin as narrow as
    rounding allows, in which no cut of a reference lies: the agent places these rows exactly.
    """
    spikes = _spikes(distinct, bins)
    count = len(distinct.values)
    return _laid(distinct, spikes, list(range(count)) if count <= _FEW_VALUES else spikes, bins, narrow=True)


def uniform_edges(distinct: Distinct, bins: int) -> List[float]:
    """Edges of equal width from the least to the greatest value."""
    if len(distinct.values) == 0:
        return [0.0, 1.0]
    least, greatest = float(distinct.values[0]), float(distinct.values[-1])
    if least == greatest:
        return _lay_edges(distinct.values, {0}, set(), narrow=False)
    # A weighted mean: greatest - least may be no finite number.
    between = [least * (1 - i / bins) + greatest * (i / bins) for i in range(1, bins)]
    return _rising([least, *between, greatest])


def margin(value: float) -> float:
    """A difference that is rounding and not a change: a millionth of the value, more than float32 is off by; 1e-9 for 0."""
    return 1e-9 if value == 0 else max(abs(value) / 1e6, _LEAST_POSITIVE)


def _laid(distinct: Distinct, spikes: List[int], alone: List[int], bins: int, narrow: bool) -> OwnBins:
    values = distinct.values
    if len(values) == 0:
        return OwnBins([0.0, 1.0], [])
    edges = _lay_edges(values, set(alone), _rest_cuts(distinct, spikes, bins), narrow)
    return OwnBins(edges, [float(values[i]) for i in spikes])


def _spikes(distinct: Distinct, bins: int) -> List[int]:
    """Which values have more rows than a bin would get, and which of a discrete feature, if at least 20 rows hold them."""
    counts = distinct.counts
    least = _ROWS_OF_A_SPIKE
    share = 0.0 if len(counts) <= _FEW_VALUES else len(distinct.ordered) / bins
    if distinct.is_array:
        numpy = sys.modules["numpy"]
        held: List[int] = numpy.flatnonzero((counts >= numpy.float64(least)) & (counts > numpy.float64(share))).tolist()
        return held
    return [i for i, count in enumerate(counts) if count >= least and count > share]


def _rest_cuts(distinct: Distinct, spikes: List[int], bins: int) -> Set[int]:
    """Positions among the values where those that are no spikes are cut (i: between value i - 1 and value i): at quantiles,
    and at 1 % and 99 % where ten rows lie beyond. A cut goes to the nearer end of a run of equal values, and is left out
    where a bin would be left with hardly a row.
    """
    below = _rows_below(distinct, spikes)
    rows = int(below[-1])
    beside_spikes = [int(below[i]) for i in spikes]
    b = min(bins, max(1 if spikes else 2, rows // _ROWS_OF_A_BIN))
    least = min(_ROWS_OF_A_BIN, max(1, rows // (2 * b)))
    cuts: Set[int] = set()
    last = 0
    for rank, thin in _ranks(rows, b):
        at = _nearest(below, rank)
        cut = int(below[at])
        if cut - last < least or rows - cut < least:
            continue
        if thin and min(cut, rows - cut) < _ROWS_OF_A_BIN:
            continue
        if any(other != cut and abs(other - cut) < least for other in beside_spikes):
            continue
        cuts.add(at)
        last = cut
    return cuts


def _rows_below(distinct: Distinct, spikes: List[int]) -> Sequence[int]:
    """The rows below each position, without those of spikes."""
    if distinct.is_array:
        numpy = sys.modules["numpy"]
        counts = distinct.counts.copy()  # type: ignore[attr-defined]
        counts[spikes] = 0
        below: Sequence[int] = numpy.concatenate(([0], numpy.cumsum(counts)))
        return below
    without = set(spikes)
    return list(accumulate((0 if i in without else n for i, n in enumerate(distinct.counts)), initial=0))


def _ranks(rows: int, bins: int) -> List[Tuple[int, bool]]:
    """How many rows should lie below each cut, rising, and whether the bin beyond it is a thin one."""
    ranks = [(rows * i // bins, False) for i in range(1, bins)]
    percent = rows // 100
    if percent < _ROWS_OF_A_BIN:
        return ranks
    return sorted([*ranks, (percent, True), (rows - percent, True)], key=lambda one: one[0])


def _nearest(below: Sequence[int], rank: int) -> int:
    """Of two positions equally near the lower; none with all rows on one side, if another is beside it."""
    at = bisect_left(below, rank, 0, len(below) - 1)
    lower = 0 if at == 0 else below[at - 1]
    if lower == 0:
        return at
    return at - 1 if below[at] == below[-1] or rank - lower <= below[at] - rank else at


def _lay_edges(values: Sequence[float], alone: Set[int], cuts: Set[int], narrow: bool) -> List[float]:
    """The edges of bins that hold these values, each of `alone` in one of its own: half way to its neighbours, or narrow."""
    last = len(values) - 1
    least, greatest = float(values[0]), float(values[last])
    reach = max(abs(least), abs(greatest))
    edges: List[float] = []
    if 0 in alone:
        beyond = margin(least if narrow else reach)
        edges += [least - 2 * beyond, _just_below(least, beyond) if narrow else least - beyond]
    else:
        edges.append(least)
    beside = {i + side for i in alone for side in (0, 1)}
    for i in sorted(at for at in beside | cuts if 0 < at <= last):
        low, high = float(values[i - 1]), float(values[i])
        if narrow and i in beside:
            # A quarter on either side leaves half of what is between the values.
            most = high / 4 - low / 4
            edges.append(_cut_between(low, high, low + min(margin(low), most)))
            edges.append(_cut_between(low, high, _just_below(high, min(margin(high), most))))
        else:
            edges.append(_half_way(low, high))
    if last in alone:
        beyond = margin(greatest if narrow else reach)
        edges += [greatest + beyond, greatest + 2 * beyond]
    else:
        edges.append(greatest)
    return _rising(edges)


def _just_below(value: float, width: float) -> float:
    """Where a narrow bin begins: at the value itself where float32 holds it as it is, for a reference may have its cut there."""
    try:
        (rounded,) = struct.unpack("<f", struct.pack("<f", value))
    except OverflowError:
        return value - width
    return value if rounded == value else value - width


def _half_way(low: float, high: float) -> float:
    total = low + high
    # The sum of two numbers near the greatest there is overflows.
    return _cut_between(low, high, total / 2 if math.isfinite(total) else low / 2 + high / 2)


def _cut_between(low: float, high: float, cut: float) -> float:
    """A value on an edge falls into the bin above it: between two neighbouring numbers the cut is the greater one."""
    return cut if low < cut <= high else high


def _rising(candidates: Iterable[float]) -> List[float]:
    """The candidates, which come in order but may repeat, as finite edges that rise."""
    edges: List[float] = []
    for candidate in candidates:
        edge = min(max(candidate, -_GREATEST), _GREATEST)
        if not edges or edge > edges[-1]:
            edges.append(edge + 0.0)  # -0.0 is 0
    return edges
