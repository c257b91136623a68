"""Makes the histogram of a column."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from itertools import repeat
from typing import Any, Dict, List, Mapping, Optional, Sequence

from .columns import Names, Numbers, Unfit, read_column
from .distinct import distinct_of
from .edges import OwnBins, narrow_bins, quantile_bins, uniform_edges
from .names import fold_rare
from .summary import moments, of_ordered, outside

Body = Dict[str, Any]

#: Numbers whose reference is not known get so many quantile bins of their own: enough that re-binning them later is wrong
#: by a few per cent of the rows at most, few enough to become a reference.
BINS_WITHOUT_REFERENCE = 32
#: Sorting more rows than this, for quantiles and the number of different values, costs much more than counting them.
_MOST_SORTED = 100_000


def current_histogram(values: Any, reference: Optional[Mapping[str, Any]], kind: Optional[str] = None) -> Body:
    """Current values on the bins of their reference (as GET /v1/references answers it); with None, on bins of their own,
    made to be re-binned. kind: "categorical", "numeric" or "days", where the caller says it; the agent tells where the
    reference is of another. Raises Unfit.
    """
    counted = None if reference is None else reference.get("kind")
    if counted == "positional":
        raise Unfit("the bins of the reference are known by position only: give counts, not values")
    column = read_column(values, kind, reference)
    if isinstance(column, Names):
        if reference is not None and counted == "numeric" and kind is None:
            raise Unfit(f"{column.first!r:.50} given; the reference is numeric: give numbers")
        return _categories(column, reference["categories"] if reference is not None and counted == "categorical" else {})
    floats = column.floats
    if reference is None or counted != "numeric":
        distinct = distinct_of(floats)
        own = narrow_bins(distinct, BINS_WITHOUT_REFERENCE)
        body = {**_on_edges(column, own.edges), **moments(floats), **of_ordered(distinct), "spikes": own.spikes}
        return {**body, "outside": outside(floats, {})}
    body = {**_on_edges(column, reference["edges"]), **moments(floats)}
    if len(floats) <= _MOST_SORTED:
        body.update(of_ordered(distinct_of(floats)))
    return {**body, "outside": outside(floats, reference)}


def reference_histogram(values: Any, bins: int, method: str, kind: Optional[str] = None) -> Body:
    """Values on bins of their own. Raises Unfit."""
    column = read_column(values, kind)
    if isinstance(column, Names):
        return _categories(column, {})
    floats = column.floats
    distinct = distinct_of(floats)
    own = quantile_bins(distinct, bins) if method == "quantile" else OwnBins(uniform_edges(distinct, bins), [])
    body = {**_on_edges(column, own.edges), **moments(floats), **of_ordered(distinct), "spikes": own.spikes}
    return {**body, "outside": {"below": 0, "above": 0, **outside(floats, {})}}


def _categories(names: Names, known: Mapping[str, Any]) -> Body:
    counts, folded = fold_rare(names.counts, known)
    return {"categories": counts, **({"folded": folded} if folded else {}), "nulls": names.nulls}


def _on_edges(numbers: Numbers, edges: Sequence[float]) -> Body:
    """Bin i holds edges[i] <= value < edges[i + 1], the outer two are open; NaN falls in none and is a null."""
    floats = numbers.floats
    inner = list(edges[1:-1])
    if isinstance(floats, list):
        present = [value for value in floats if value == value]
        tally = Counter(map(bisect_right, repeat(inner), present))
        counts = [tally[i] for i in range(len(inner) + 1)]
        nulls = len(floats) - len(present)
    else:
        counts, nulls = _numpy_counts(floats, inner)
    # + 0.0: the edge -0.0 is 0.
    return {"edges": [edge + 0.0 for edge in edges], "counts": counts, "nulls": nulls}


def _numpy_counts(array: Any, inner: List[float]) -> "tuple[List[int], int]":
    import numpy

    present = array[~numpy.isnan(array)]
    bins = numpy.searchsorted(numpy.asarray(inner, dtype=numpy.float64), present, side="right")
    return numpy.bincount(bins, minlength=len(inner) + 1).tolist(), len(array) - len(present)
