"""The references of a pipeline, as the agent has them."""

from __future__ import annotations

import threading
import time
from typing import Any, Callable, Dict, Mapping, Optional, Tuple
from urllib.parse import quote

from .answer import Answer
from .telling import log

#: How long run.drift waits for the agent. Without its answer a histogram keeps edges of its own.
FETCH_SECONDS = 2.0
#: Age after which a reference is fetched again: another one may be active by then.
FRESH_SECONDS = 300.0
#: Pause after a request without an answer.
AWAY_SECONDS = 30.0

Get = Callable[[str, float], Answer]


class References:
    """Fetched at first use and cached. Thread-safe."""

    def __init__(self, get: Optional[Get]) -> None:
        self._get = get
        self._lock = threading.Lock()
        #: By pipeline: the answer, and the monotonic time until which it may be used.
        self._known: Dict[str, Tuple[Optional[Mapping[str, Any]], float]] = {}

    def of(self, pipeline_name: str) -> Optional[Mapping[str, Any]]:
        """The active references by feature name; None where the agent cannot be asked."""
        if self._get is None:
            return None
        with self._lock:
            references, good_until = self._known.get(pipeline_name, (None, 0.0))
            if time.monotonic() < good_until:
                return references
            answer = self._get(f"/v1/references/{quote(pipeline_name, safe='')}", FETCH_SECONDS)
            fetched = _read(answer)
            if fetched is None:
                log.warning("the references of %s cannot be read (%s)", pipeline_name, answer.problem)
                kept, seconds = references, AWAY_SECONDS
            else:
                kept, seconds = fetched, FRESH_SECONDS
            self._known[pipeline_name] = (kept, time.monotonic() + seconds)
            return kept

    def after_fork(self) -> None:
        """In the child: another thread may have held the lock."""
        self._lock = threading.Lock()

    def forget(self, pipeline_name: str) -> None:
        with self._lock:
            self._known.pop(pipeline_name, None)


def _read(answer: Answer) -> Optional[Mapping[str, Any]]:
    if answer.status == 404:
        return {}
    try:
        return {item["feature_name"]: item for item in answer.body["items"] if item.get("active", True)}
    except (KeyError, TypeError, AttributeError):
        return None
