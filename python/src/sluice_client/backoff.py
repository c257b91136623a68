"""The wait before the next request after a failure."""

from __future__ import annotations

from typing import Callable, Optional

BASE_SECONDS = 0.25
CAP_SECONDS = 30.0


class Backoff:
    """Full jitter: anywhere between nothing and a bound that doubles with each failure, so that a thousand pipelines
    do not retry at once; never before the agent's Retry-After.
    """

    def __init__(self, chance: Callable[[], float], cap: float = CAP_SECONDS) -> None:
        self._chance = chance
        self._cap = cap
        self._failures = 0

    def after_failure(self, retry_after: Optional[float]) -> float:
        """Seconds."""
        bound = min(self._cap, BASE_SECONDS * 2.0 ** min(self._failures, 20))
        self._failures += 1
        return (retry_after or 0.0) + self._chance() * bound

    def reset(self) -> None:
        self._failures = 0
