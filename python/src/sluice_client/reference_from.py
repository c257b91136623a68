"""A reference from training data."""

from __future__ import annotations

from typing import Any, Dict, Optional

from .fields import shown
from .histogram.build import reference_histogram
from .histogram.columns import KINDS, Unfit
from .telling import UsageError


def reference_from(
    values: Any, *, bins: int = 10, method: str = "quantile", kind: Optional[str] = None
) -> Dict[str, Any]:
    """The histogram of a column (list, numpy array, Arrow array, pandas or Polars series), to be stored by `set_reference` or
    PUT /v1/references: numbers on quantile bins of their own, text and truth values counted by name.

    bins: 1 to 1000. method: "quantile" or "uniform". kind: "categorical" counts numbers by name, "numeric" takes text and truth
    values for numbers, "days" dates for the days since 1970. Raises UsageError, which names what is wrong.
    """
    if type(bins) is not int or not 1 <= bins <= 1000:
        raise UsageError(f"reference_from: bins: {shown(bins)} given; must be a whole number from 1 to 1000")
    if method not in ("quantile", "uniform"):
        raise UsageError(f"reference_from: method: {shown(method)} given; must be quantile or uniform")
    if kind is not None and kind not in KINDS:
        raise UsageError(f"reference_from: kind: {shown(kind)} given; must be one of {', '.join(KINDS)}")
    try:
        return reference_histogram(values, bins, method, kind)
    except Unfit as problem:
        raise UsageError(f"reference_from: {problem}") from None
