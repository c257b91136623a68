"""Counts of values by name."""

from __future__ import annotations

from typing import Any, Dict, Mapping

#: Most distinct names: a column with more is a key and no feature. It also bounds the size of a report.
MOST_CATEGORIES = 1000
#: Most characters of a name that is not in the reference.
LONGEST_NAME = 200


def fold_rare(counts: Mapping[str, int], known: Mapping[str, Any]) -> "tuple[Dict[str, int], int]":
    """Names that the reference has are all kept, of the others the most frequent ones (the first seen, on a tie) up to
    1000 names in all. The second value: rows of the names left over, and of those of more than 200 characters.
    """
    unseen = [name for name in counts if name not in known and len(name) <= LONGEST_NAME]
    room = max(0, MOST_CATEGORIES - sum(name in known for name in counts))
    kept = set(sorted(unseen, key=lambda name: -counts[name])[:room])
    named = {name: count for name, count in counts.items() if name in kept or name in known}
    return named, sum(counts.values()) - sum(named.values())
