"""Which fields of a report the agent knows."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Mapping, Optional

#: Fields by the minor version of the contract that brought them; all others came with 1.0.
_SINCE = {"try": 1, "resumes": 1, "logical_date": 1, "lost": 1, "expected_min_of": 1}
#: Those of a feature of a drift report, and of the reference in it.
_SINCE_IN_FEATURES = {
    "kind": 1, "folded": 1, "n": 1, "min": 1, "max": 1, "mean": 1, "sd": 1, "distinct": 1, "quantiles": 1, "spikes": 1,
    "outside": 1,
}  # fmt: skip
_NEWEST = 1
_MAY_HOLD = re.compile(b'"(?:' + "|".join([*_SINCE, *_SINCE_IN_FEATURES]).encode() + b')":')
_VERSION = re.compile(r"^1\.(\d{1,6})\Z")


class AgentContract:
    """From 1.1 on every answer states the version (Sluice-Contract: 1.N). Until it is known all fields are sent: a short job
    has only one request, and a refusal for a field costs one more.
    """

    def __init__(self) -> None:
        self._minor: Optional[int] = None

    def answered(self, version: Optional[str]) -> None:
        """version: of an answer; None where it had none (an agent of 1.0, or a proxy that removed the header)."""
        match = _VERSION.match(version or "")
        if match is not None:
            self._minor = int(match.group(1))

    def is_oldest(self) -> None:
        """The agent accepted a report without the newer fields that it had refused with them."""
        self._minor = 0

    def fit(self, line: bytes) -> bytes:
        """The line without the fields that the agent does not know."""
        return line if self._minor is None or self._minor >= _NEWEST else _without(line, self._minor)

    def fallback(self, line: bytes) -> Optional[bytes]:
        """The line to send after a refusal; None where no field can be the cause."""
        if self._minor is not None and self._minor >= _NEWEST:
            return None
        shorter = _without(line, 0)
        return None if shorter == line else shorter


def oldest_reference(reference: Mapping[str, Any]) -> Dict[str, Any]:
    """The body of a reference without the fields that an agent of 1.0 does not know."""
    return _known_histogram(reference, 0)


def _without(line: bytes, minor: int) -> bytes:
    if not _MAY_HOLD.search(line):
        return line
    try:
        report = json.loads(line)
        known = _known(report, _SINCE, minor)
        if isinstance(known.get("features"), dict):
            known["features"] = {name: _known_feature(feature, minor) for name, feature in known["features"].items()}
    except (ValueError, AttributeError):
        return line
    return line if known == report else json.dumps(known, separators=(",", ":")).encode("ascii")


def _known_feature(feature: Any, minor: int) -> Any:
    if not isinstance(feature, dict):
        return feature
    known = _known_histogram(feature, minor)
    return {**known, "reference": _known_feature(known["reference"], minor)} if "reference" in known else known


def _known_histogram(histogram: Mapping[str, Any], minor: int) -> Dict[str, Any]:
    """An agent that does not know folded rows has them in the category that it keeps for what is new."""
    known = _known(histogram, _SINCE_IN_FEATURES, minor)
    folded, categories = histogram.get("folded"), known.get("categories")
    if isinstance(folded, int) and "folded" not in known and isinstance(categories, dict):
        known["categories"] = {**categories, "other": categories.get("other", 0) + folded}
    return known


def _known(given: Mapping[str, Any], since: Mapping[str, int], minor: int) -> Dict[str, Any]:
    return {name: value for name, value in given.items() if since.get(name, 0) <= minor}
