"""Durations as the API writes them."""

from __future__ import annotations

import math
import re
from typing import Optional, Union

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_FORM = re.compile(r"^(\d+)([smhd])$")


def seconds_of(duration: Union[str, float]) -> Optional[float]:
    """Of 30s, 10m, 2h, 7d, or of seconds; None where it is neither."""
    if isinstance(duration, str):
        match = _FORM.match(duration)
        return None if match is None else float(match.group(1)) * _UNITS[match.group(2)]
    if isinstance(duration, bool) or not isinstance(duration, (int, float)):
        return None
    return float(duration) if math.isfinite(duration) and duration >= 0 else None
