"""The client of a program that makes none."""

from __future__ import annotations

import threading
from typing import List, Optional

from .client import Client
from .gate import REACH_SECONDS, Gate
from .pipeline import Pipeline

_lock = threading.Lock()
_made: List[Client] = []


def default_client() -> Client:
    """Made from the environment at first use."""
    if not _made:
        with _lock:
            if not _made:
                _made.append(Client())
    return _made[0]


def pipeline(name: str) -> Pipeline:
    """`with pipeline("orders_daily").run() as run:` reports to the agent at SLUICE_URL."""
    return default_client().pipeline(name)


def gate(
    pipeline_name: str,
    *,
    on_unreachable: Optional[str] = None,
    consumer: Optional[str] = None,
    timeout: float = REACH_SECONDS,
) -> Gate:
    """`gate("orders_daily", on_unreachable="block").require()` lets the next step go on, or raises GateBlocked.
    Arguments as of Client.gate.
    """
    return default_client().gate(pipeline_name, on_unreachable=on_unreachable, consumer=consumer, timeout=timeout)


def flush(timeout: Optional[float] = None) -> bool:
    """Flushes the default client; see Client.flush."""
    return default_client().flush(timeout)
