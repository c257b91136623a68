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

