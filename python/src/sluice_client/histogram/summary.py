"""What is known of a column's rows beside their bins: src/histogram/summary of the agent."""

from __future__ import annotations

import math
import sys
from typing import Any, Dict, Mapping, Sequence, Tuple

from .distinct import Distinct
from .edges import margin

_GREATEST = sys.float_info.max
#: The shares of rows below the quantiles that are told.
_TOLD = ("0.01", "0.05", "0.25", "0.5", "0.75", "0.95", "0.99")
#: Squares of numbers from 2^-400 to 2^400 neither overflow nor vanish.
_MODERATE = 2.0**400
_STEP = 2.0**600


def of_ordered(distinct: Distinct) -> Dict[str, Any]:
    """The number of different values, and quantiles: linear interpolation at (n - 1) * p."""
    ordered = distinct.ordered
    told: Dict[str, Any] = {"distinct": len(distinct.values)}
    if len(ordered) > 0:
        told["quantiles"] = {share: _quantile(ordered, float(share)) for share in _TOLD}
    return told


def moments(floats: Any) -> Dict[str, float]:
    """min, max, mean and sd (n - 1) of the finite values. The second pass adds distances from the mean of the first, so that
    a small spread on large numbers keeps its digits.
    """
    finite, least, greatest = _finite(floats)
    n = len(finite)
    if n == 0:
        return {}
    told = {"min": least, "max": greatest, "mean": least}
    if least == greatest:
        return {**told, "sd": 0.0} if n > 1 else told
    reach = max(abs(least), abs(greatest))
    # A power of two rounds nothing.
    scale = 1 / _STEP if reach > _MODERATE else _STEP if reach < 1 / _MODERATE else 1.0
    about = _sums(finite, scale, 0.0)[0] / n
    total, squares = _sums(finite, scale, about)
    told["mean"] = min(greatest, max(least, (about + total / n) / scale))
    sd = math.sqrt(max(0.0, squares - total * total / n) / (n - 1)) / scale
    return {**told, "sd": sd} if math.isfinite(sd) else told


def outside(floats: Any, reference: Mapping[str, Any]) -> Dict[str, int]:
    """Rows that lie where the reference had none: finite ones where its range is known, the infinite always."""
    infinite = {"inf": _beyond(floats, above=_GREATEST), "neg_inf": _beyond(floats, below=-_GREATEST)}
    least, greatest = reference.get("min"), reference.get("max")
    if least is None or greatest is None:
        return infinite
    width = max(greatest / 10 - least / 10, margin(max(abs(least), abs(greatest))))
    # Finite limits: the infinite lie beyond them, and are taken off again.
    low, high = max(least - width, -_GREATEST), min(greatest + width, _GREATEST)
    below, above = _beyond(floats, below=low), _beyond(floats, above=high)
    return {"below": below - infinite["neg_inf"], "above": above - infinite["inf"], **infinite}


def _finite(floats: Any) -> Tuple[Any, float, float]:
    """The finite values, the least and the greatest of them; -0.0 is 0."""
    if isinstance(floats, list):
        finite = [value + 0.0 for value in floats if math.isfinite(value)]
        return finite, min(finite, default=0.0), max(finite, default=0.0)
    array = floats[sys.modules["numpy"].isfinite(floats)] + 0.0
    return (array, float(array.min()), float(array.max())) if len(array) else (array, 0.0, 0.0)


def _sums(finite: Any, scale: float, about: float) -> Tuple[float, float]:
    """Sums of value * scale - about, and of its squares."""
    if isinstance(finite, list):
        distances = [value * scale - about for value in finite]
        return math.fsum(distances), math.fsum(distance * distance for distance in distances)
    array = finite * scale - about
    return float(array.sum()), float((array * array).sum())


def _beyond(floats: Any, below: float = -math.inf, above: float = math.inf) -> int:
    """How many values lie below the one limit or above the other."""
    if isinstance(floats, list):
        return sum(value < below or value > above for value in floats)
    return int(((floats < below) | (floats > above)).sum())


def _quantile(ordered: Sequence[float], share: float) -> float:
    position = (len(ordered) - 1) * share
    below = math.floor(position)
    fraction = position - below
    low = float(ordered[below])
    if fraction == 0:
        return low
    high = float(ordered[below + 1])
    value = low + fraction * (high - low)
    # The distance of two numbers near the greatest there are overflows.
    return value if math.isfinite(value) else low * (1 - fraction) + high * fraction
