"""The names of a reference, and how it spells a value that others spell otherwise."""

from __future__ import annotations

import re
from typing import Dict, Iterable

_WHOLE = re.compile(r"(-?(?:0|[1-9][0-9]*))\.0+\Z")
_TWINS = {"true": "1", "false": "0", "1": "true", "0": "false"}


class Spelling:
    """`true` is `True` to a reference of pandas' making, and `1` to one of a database's; `2` is `2.0` to one that was counted
    from a column with nulls. What the reference has as it is stays as it is.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._by_key: Dict[str, str] = {}
        for name in self._known:
            self._by_key.setdefault(_key(name), name)
        keys = set(self._by_key)
        # Only where the reference counts truth values and nothing else.
        self._two = bool(keys) and (keys <= {"true", "false"} or keys <= {"1", "0"})

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def of(self, name: str) -> str:
        if name in self._known or not self._known:
            return name
        key = _key(name)
        found = self._by_key.get(key)
        if found is None and self._two:
            found = self._by_key.get(_TWINS.get(key, ""))
        return name if found is None else found


def _key(name: str) -> str:
    lower = name.lower()
    if lower in ("true", "false"):
        return lower
    whole = _WHOLE.match(name)
    if whole is None:
        return name
    return "0" if whole.group(1) == "-0" else whole.group(1)
