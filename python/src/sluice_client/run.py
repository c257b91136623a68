"""A run, from its start to how it ended."""

from __future__ import annotations

import os
import sys
import time
from contextvars import ContextVar, Token
from types import TracebackType
from typing import TYPE_CHECKING, Callable, Optional, Type, Union

from . import fields
from .evidence import Evidence
from .losses import RunKey
from .reporter import Fields, Reporter, never_raises
from .run_error import error_text

if TYPE_CHECKING:
    from .references import References

STATUSES = ("success", "failed", "skipped", "cancelled")
_current: ContextVar[Optional["Run"]] = ContextVar("sluice_current_run", default=None)


def current_run() -> Optional["Run"]:
    """The innermost run whose `with` block (or @monitored function) this is called in."""
    return _current.get()


class Run(Evidence):
    """`with pipeline("orders").run() as run:` reports the start, the duration, and success or failure. An exception of the
    block is raised on unchanged.
    """

    def __init__(
        self,
        reporter: Reporter,
        references: "References",
        common: Fields,
        try_number: Optional[int],
        about: Fields,
        will_retry: bool,
        watch: Callable[["Run", bool], None],
    ) -> None:
        """about: fields of both the start and the end of the run."""
        super().__init__(reporter, references, common, try_number)
        self._about = about
        self._key = RunKey(str(common["pipeline_name"]), str(common["run_id"]))
        self._will_retry = will_retry
        self._watch = watch
        self._pid = os.getpid()
        self._started: Optional[float] = None
        self._ended = False
        self._token: Optional[Token[Optional[Run]]] = None

    def start(self, *, ends_elsewhere: bool = False) -> "Run":
        """For a run that is no `with` block: start, then end. ends_elsewhere: another process reports the end, so that a
        SIGTERM to this one does not; a start that was reported before changes nothing.
        """
        if ends_elsewhere:
            self._report_start()
            return self
        self._started = time.perf_counter()
        self._reporter.way.losses.begin(self._key)
        self._report_start()
        self._watch(self, True)
        return self

    @never_raises
    def _report_start(self) -> None:
        self._reporter.report("run", self._prefix, {"status": "started", "started_at": time.time(), **self._about})

    @never_raises
    def end(self, status: str = "success", error: Union[str, BaseException, None] = None) -> None:
        """status: success, failed, skipped or cancelled. The first end counts; in a `with` block it goes before what the
        block's own end would say. Without `start` the run was started elsewhere, under the same run_id.
        """
        if self._ended or os.getpid() != self._pid:  # a forked child leaves the block too
            return
        if status not in STATUSES:
            raise fields.wrong("status", status, f"one of {', '.join(STATUSES)}")
        body: Fields = {"status": status, "finished_at": time.time(), **self._about}
        if self._started is not None:
            body["duration_seconds"] = time.perf_counter() - self._started
        if error is not None:
            body["error"] = error_text(error) if isinstance(error, BaseException) else fields.text("error", error)
        if status == "failed" and self._will_retry:
            body["will_retry"] = True
        self._ended = True
        self._watch(self, False)
        losses = self._reporter.way.losses
        if self._started is not None:
            losses.ended(self._key)
        lost = losses.take(self._key)
        if lost:
            body["lost"] = lost
        self._reporter.report("run", self._prefix, body)

    def left_open(self) -> None:
        """The process ends without the run's end: what was refused of it is sent as it was given."""
        if os.getpid() == self._pid:
            self._refusals.send_all()

    def __enter__(self) -> "Run":
        self.start()
        self._token = _current.set(self)
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        if self._token is not None:
            try:
                _current.reset(self._token)
            except ValueError:  # a generator may leave in another context than it entered
                pass
        status = _status_of(error)
        self.end(status, error if status == "failed" else None)


def _status_of(error: Optional[BaseException]) -> str:
    if error is None or isinstance(error, GeneratorExit):
        return "success"
    if isinstance(error, SystemExit):
        return "success" if error.code in (None, 0) else "failed"
    if isinstance(error, KeyboardInterrupt) or _is_cancelled(error):
        return "cancelled"
    return "failed"


def _is_cancelled(error: BaseException) -> bool:
    """Without importing asyncio, which costs more than all of the client."""
    asyncio = sys.modules.get("asyncio")
    return asyncio is not None and isinstance(error, asyncio.CancelledError)
