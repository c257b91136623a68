"""Counts of values by name."""

from __future__ import annotations

from typing import Any, Dict, Mapping

#: Most distinct names: a column with more is a key and no feature. It also bounds the size of a report.
MOST_CATEGORIES = 1000
#: Most characters of a name that is not in the reference.
LONGEST_NAME = 200
OTHER = "other"


def fold_rare(counts: Mapping[str, int], known: Mapping[str, Any]) -> Dict[str, int]:
    """Names that the reference has are all kept, of the others the most frequent ones (the first seen, on a tie) up to
    1000 names in all; what is left over, and names of more than 200 characters, adds up in "other".
    """
    unseen = [name for name in counts if name not in known and len(name) <= LONGEST_NAME]
    room = max(0, MOST_CATEGORIES - sum(name in known for name in counts))
    kept = set(sorted(unseen, key=lambda name: -counts[name])[:room])
    folded: Dict[str, int] = {}
    for name, count in counts.items():
        under = name if name in kept or name in known else OTHER
        folded[under] = folded.get(under, 0) + count
    return folded


def name_of_number(value: float) -> str:
    """As JavaScript writes it, which is what the agent calls it: 1, 0.5, 1e+21, 1e-7."""
    if value == 0:
        return "0"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    sign = "-" if value < 0 else ""
    # repr has the shortest digits that give the number back, as JavaScript has.
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if 0 < point <= 21:
        if len(digits) <= point:
            return sign + digits.ljust(point, "0")
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    power = f"e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return sign + (digits if len(digits) == 1 else f"{digits[0]}.{digits[1:]}") + power
