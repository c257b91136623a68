"""One destination of reports, with all that delivers them."""

from __future__ import annotations

import os
import random
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Union

from .answer import Answer
from .courier import Courier
from .dead_letters import DeadLetters
from .disk_spool import DiskSpool
from .gate import REACH_SECONDS, Gate
from .lifecycle import Terminator, watch_process
from .losses import Losses
from .memory_spool import MemorySpool
from .outbox import Outbox
from .pipeline import Pipeline
from .references import References
from .reporter import Reporter, Way
from .sender import Sender
from .settings import FLUSH_SECONDS, read_settings
from .stats import Counters, Stats
from .telling import log, tell_wrong_use
from .uuid7 import Uuid7

if TYPE_CHECKING:
    from .run import Run


class Client:
    """Most programs make none: `pipeline` and `gate` of the package use one made from SLUICE_URL, SLUICE_API_KEY and
    SLUICE_SPOOL_DIR.

    url, api_key, spool_dir: instead of those. strict: wrong use raises UsageError at the call; else it is logged in
    one line, and the pipeline goes on. flush_seconds: how long the end of the process may wait to hand over reports.
    """

    def __init__(
        self,
        url: Optional[str] = None,
        api_key: Optional[str] = None,
        *,
        spool_dir: Union[str, "os.PathLike[str]", None] = None,
        strict: bool = False,
        flush_seconds: float = FLUSH_SECONDS,
    ) -> None:
        self._settings = read_settings(
            os.environ, url=url, api_key=api_key, spool_dir=spool_dir, strict=strict, flush_seconds=flush_seconds
        )
        if self._settings.url is None:
            tell_wrong_use(f"{self._settings.url_problem}. Nothing is reported", strict=strict)
        self._counters = Counters()
        self._folder = self._spool_folder()
        self._set_up()
        self._reporter = Reporter(self._settings, self._way)
        self._references = References(None if self._settings.url is None else self._get)
        self._terminator = Terminator(self)
        watch_process(self)

    def _spool_folder(self) -> Optional[Path]:
        settings = self._settings
        if settings.url is None or settings.spool_dir is None:
            return None
        folder = settings.spool_dir / settings.destination
        if DiskSpool.prepare(folder):
            return folder
        log.warning("the spool %s cannot be written: what the agent has not taken at the end is lost", folder)
        return None

    def _set_up(self) -> None:
        """Also in a forked child, where threads are gone and locks may be held for ever."""
        uuids = Uuid7()
        self._losses = Losses()
        self._loading = threading.Lock()
        self._disk = None if self._folder is None else DiskSpool(self._folder, uuids, self._dropped)
        self._outbox = Outbox(self._disk, MemorySpool(self._dropped))
        self._courier = Courier(self._outbox, self._make_sender)
        self._way = Way(uuids, self._outbox, self._courier, self._counters, self._losses)
        self._open_runs: List["Run"] = []
        self._closed = False

    def pipeline(self, name: str) -> Pipeline:
        """A wrong name is reported at the first report."""
        return Pipeline(name, self._reporter, self._references, self._watch_run, self._request)

    def gate(
        self,
        pipeline_name: str,
        *,
        on_unreachable: Optional[str] = None,
        consumer: Optional[str] = None,
        timeout: float = REACH_SECONDS,
    ) -> Gate:
        """on_unreachable: "block" or "allow", what to do when the agent cannot be asked; with None it blocks and logs that.
        consumer: who asks, for a policy that tells consumers apart. timeout: seconds after which an agent that does not
        answer, retries included, counts as unreachable.
        """
        return Gate(
            pipeline_name,
            get=None if self._settings.url is None else self._get,
            flush=self._flush_for_gate,
            problem=self._settings.url_problem,
            chance=random.SystemRandom().random,
            on_unreachable=on_unreachable,
            consumer=consumer,
            timeout=timeout,
        )

    def flush(self, timeout: Optional[float] = None) -> bool:
        """Waits until everything reported so far is with the agent; False when the time (seconds, flush_seconds unless
        given) is over first. Nothing is lost then: the remaining reports wait in the spool.
        """
        if self._settings.url is None:
            return False
        if self._outbox.reported == 0:
            return True
        return self._courier.flush(self._settings.flush_seconds if timeout is None else timeout)

    def _flush_for_gate(self, timeout: float) -> bool:
        """Sends what other processes left in the spool too: a gate must not decide without it."""
        if self._outbox.reported == 0 and self._outbox.spooled() == 0:
            return True
        return self._courier.flush(timeout)

    def stats(self) -> Stats:
        return self._counters.read(
            reported=self._outbox.reported, spooled=self._outbox.spooled(), queued=self._outbox.queued()
        )

    def close(self) -> None:
        """Called at the end of the process. Hands over what it can within flush_seconds, and logs the outcome."""
        if self._closed:
            return
        self._closed = True
        for run in self._open_runs[:]:
            run.left_open()
        if self._outbox.reported == 0:
            return
        try:
            self.flush()
            self._outbox.seal()
            self._courier.close()
            stats = self.stats()
            (log.warning if stats.is_trouble else log.info)("%s", stats.summary())
        except Exception:
            log.exception("the client could not end in order")

    def terminated(self) -> None:
        for run in self._open_runs[:]:
            run.end("failed", "ended by SIGTERM")
        self.close()

    def before_fork(self) -> None:
        # A module whose import another thread has begun could never be imported in the child.
        self._loading.acquire()
        self._outbox.lock.acquire()

    def after_fork_in_parent(self) -> None:
        self._outbox.lock.release()
        self._loading.release()

    def after_fork_in_child(self) -> None:
        if self._disk is not None:
            self._disk.abandon()
        self._counters = Counters()
        self._set_up()
        # Runs that the parent opened report through the child's outbox from here on.
        self._reporter.way = self._way
        self._references.after_fork()
        self._terminator = Terminator(self)

    def _watch_run(self, run: "Run", is_open: bool) -> None:
        if is_open:
            self._terminator.install()
            self._open_runs.append(run)
        elif run in self._open_runs:
            self._open_runs.remove(run)

    def _dropped(self, reports: List[bytes], why: str) -> None:
        self._counters.add("dropped", len(reports))
        for line in reports:
            self._losses.note_line(line, f"reports were dropped: {why}")
        log.warning("%d reports dropped: %s", len(reports), why)

    def _make_sender(self) -> Sender:
        # Imports http.client and ssl: in the thread of the courier, not in the import of the pipeline.
        with self._loading:
            from .transport import Transport

        url = self._settings.url or ""
        transport = Transport(url, self._settings.api_key)

        def post(body: bytes, seconds: float) -> Answer:
            return transport.request("POST", "/v1/reports", seconds, body, "application/x-ndjson")

        return Sender(self._outbox, post, DeadLetters(self._folder), self._counters, self._losses, url)

    def _get(self, path: str, seconds: float) -> Answer:
        return self._request("GET", path, seconds)

    def _request(self, method: str, path: str, seconds: float, body: Optional[Dict[str, Any]] = None) -> Answer:
        import json

        from .transport import Transport

        transport = Transport(self._settings.url or "", self._settings.api_key)
        try:
            return transport.request(method, path, seconds, None if body is None else json.dumps(body).encode())
        finally:
            transport.close()
