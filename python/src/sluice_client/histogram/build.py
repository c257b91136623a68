"""Makes the histogram of a column."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from itertools import repeat
from math import isfinite
from typing import Any, Dict, List, Mapping, Optional, Sequence

from .columns import Names, Numbers, Unfit, read_column
from .edges import quantile_edges, uniform_edges
from .names import fold_rare

Body = Dict[str, Any]

#: Numbers without a reference get so many quantile bins of their own: enough that re-binning them later is wrong by a
#: few per cent of the rows at most, few enough to become a reference.
BINS_WITHOUT_REFERENCE = 32


def current_histogram(values: Any, reference: Optional[Mapping[str, Any]], kind: Optional[str] = None) -> Body:
    """Current values on the bins of their reference (as GET /v1/references answers it); with None, on quantile bins of
    their own. kind: "categorical", "numeric" or "days", where the caller says it; the agent tells where the reference is of
    another. Raises Unfit.
    """
    counted = None if reference is None else reference.get("kind")
    if counted == "positional":
        raise Unfit("the bins of the reference are known by position only: give counts, not values")
    column = read_column(values, kind, reference)
    if isinstance(column, Names):
        if reference is not None and counted == "numeric" and kind is None:
            raise Unfit(f"{column.first!r:.50} given; the reference is numeric: give numbers")
        return _categories(column, reference["categories"] if reference is not None and counted == "categorical" else {})
    if reference is None or counted != "numeric":
        return _on_edges(column, quantile_edges(_sorted_finite(column), BINS_WITHOUT_REFERENCE))
    return _on_edges(column, reference["edges"])


def reference_histogram(values: Any, bins: int, method: str, kind: Optional[str] = None) -> Body:
    """Values on bins of their own. Raises Unfit."""
    column = read_column(values, kind)
    if isinstance(column, Names):
        return _categories(column, {})
    make_edges = uniform_edges if method == "uniform" else quantile_edges
    return _on_edges(column, make_edges(_sorted_finite(column), bins))


def _categories(names: Names, known: Mapping[str, Any]) -> Body:
    return {"categories": fold_rare(names.counts, known), "nulls": names.nulls}


def _sorted_finite(numbers: Numbers) -> Sequence[float]:
    floats = numbers.floats
    if isinstance(floats, list):
        return sorted(filter(isfinite, floats))
    array: Sequence[float] = _numpy_sorted_finite(floats)
    return array


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


def _numpy_sorted_finite(array: Any) -> Any:
    import numpy

    return numpy.sort(array[numpy.isfinite(array)])


def _numpy_counts(array: Any, inner: List[float]) -> "tuple[List[int], int]":
    import numpy

    present = array[~numpy.isnan(array)]
    bins = numpy.searchsorted(numpy.asarray(inner, dtype=numpy.float64), present, side="right")
    return numpy.bincount(bins, minlength=len(inner) + 1).tolist(), len(array) - len(present)
