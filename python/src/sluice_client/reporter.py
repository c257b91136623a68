"""Turns the fields of a report into a line in the outbox: the cost of every report call."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from functools import wraps
from typing import Any, Callable, Dict, NamedTuple, TypeVar, cast

from .courier import Courier
from .fields import Wrong
from .losses import Losses
from .outbox import Outbox
from .settings import Settings
from .stats import Counters
from .telling import UsageError, log, tell_wrong_use
from .uuid7 import Uuid7

#: Most bytes of a line: no spool takes a longer one.
LONGEST_LINE = 1 << 20
LARGE = 300_000

F = TypeVar("F", bound=Callable[..., None])
Fields = Dict[str, Any]


class Way(NamedTuple):
    """The parts that a report passes through; a forked child has its own."""

    uuids: Uuid7
    outbox: Outbox
    courier: Courier
    counters: Counters
    losses: Losses


class Reporter:
    """Everything of a client that a report call needs."""

    def __init__(self, settings: Settings, way: Way) -> None:
        self.settings = settings
        self.way = way
        self._encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False, check_circular=False).encode

    def new_id(self) -> str:
        return self.way.uuids.make(time.time_ns() // 1_000_000)

    def prefix(self, common: Fields) -> str:
        """The JSON of the fields that every report of a run has, written once."""
        return self._encode(common)[1:-1] + ","

    def report(self, kind: str, prefix: str, fields: Fields) -> None:
        """fields: not empty, of what JSON knows."""
        uuids, outbox, courier, counters, losses = self.way
        unix_ms = time.time_ns() // 1_000_000
        line = (
            f'{{"kind":"{kind}","id":"{uuids.make(unix_ms)}","at":{unix_ms / 1000},'
            f"{prefix}{self._encode(fields)[1:]}\n"
        )
        if self.settings.url is None:
            counters.add("dropped")
            return
        encoded = line.encode("ascii")
        if len(encoded) > LONGEST_LINE:
            losses.note_line(encoded, "the report was larger than 1 MiB")
            self.tell(f"a report of {len(encoded)} bytes given; must be at most 1 MiB: {line[:200]}…")
            return
        outbox.append(encoded)
        courier.notify()

    def is_large(self, fields: Fields) -> bool:
        """Whether it would be too large for one report, or slow to judge."""
        return len(self._encode(fields)) > LARGE

    def tell(self, message: str) -> None:
        """Counts a wrong use that drops the report, and logs it at the call."""
        self.way.counters.add("dropped")
        self.say(message)

    def say(self, message: str) -> None:
        """Logs a wrong use whose report is sent in some form, at the call."""
        tell_wrong_use(message, strict=self.settings.strict)

    def muted(self) -> "Reporter":
        """Drops what it is given."""
        return Reporter(replace(self.settings, url=None), self.way)


def never_raises(method: F) -> F:
    """For methods of objects with a `_reporter`: wrong use and any other error are logged, so that the pipeline goes on.
    Only a strict client raises, and only UsageError.
    """
    called = method.__name__

    @wraps(method)
    def guarded(self: Any, *args: Any, **kwargs: Any) -> None:
        try:
            method(self, *args, **kwargs)
        except Wrong as problem:
            self._reporter.tell(f"{called}: {problem}; the report is not sent")
        except UsageError:
            raise
        except TypeError as problem:
            # Missing or unknown arguments.
            self._reporter.tell(f"{str(problem).partition('.')[2] or problem}; the report is not sent")
        except Exception:
            log.exception("%s failed inside the client; the report is lost", called)

    return cast(F, guarded)
