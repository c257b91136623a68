"""The background thread that brings reports to the agent."""

from __future__ import annotations

import random
import threading
import time
from typing import Callable, Optional

from .backoff import Backoff
from .outbox import Outbox
from .sender import Sender
from .telling import log

#: How long a batch collects reports before it is sent.
LINGER_SECONDS = 0.1
#: How often flush checks whether another process has sent the segment that it took from this one.
_LOOK_SECONDS = 0.02


class Courier:
    """A daemon thread, started by the first report. `notify` costs a fraction of a microsecond while the thread is awake."""

    def __init__(self, outbox: Outbox, make_sender: Callable[[], Sender]) -> None:
        self._outbox = outbox
        self._make_sender = make_sender
        self._sender: Optional[Sender] = None
        self._backoff = Backoff(random.SystemRandom().random)
        self._wake = threading.Event()
        self._urgent = threading.Event()
        self._turn = threading.Condition()
        self._started = 0
        self._clean = 0
        self._closing = False
        #: Monotonic times: when to try again (None: nothing waits), and the earliest the agent allowed.
        self._retry_at: Optional[float] = None
        self._not_before = 0.0
        self._thread: Optional[threading.Thread] = None

    def notify(self) -> None:
        """Wakes the thread: something was reported."""
        if not self._wake.is_set():
            self._wake.set()
        if self._thread is None:
            self._start()

    def _start(self) -> None:
        with self._turn:
            if self._thread is not None or self._closing:
                return
            thread = threading.Thread(target=self._run, name="sluice-client", daemon=True)
            try:
                thread.start()
            except RuntimeError:  # the interpreter is shutting down; flush works without a thread
                return
            self._thread = thread

    def flush(self, seconds: float) -> bool:
        """Waits until everything reported before is with the agent; False when the time is over first."""
        deadline = time.monotonic() + seconds
        self._start()
        if self._thread is None:
            self._turn_once()
            return self._retry_at is None
        with self._turn:
            wanted = self._started + 1
            self._urgent.set()
            self._wake.set()
            # The agent asked for a longer wait than the time left: waiting is of no use.
            self._turn.wait_for(lambda: self._clean >= wanted or self._not_before > deadline, seconds)
            if self._clean < wanted:
                return False
        while not self._outbox.own_are_gone():
            if time.monotonic() > deadline:
                return False
            time.sleep(_LOOK_SECONDS)
        return True

    def close(self) -> None:
        """Ends the thread after its current batch; remaining reports wait in the spool."""
        self._closing = True
        self._urgent.set()
        self._wake.set()

    def _run(self) -> None:
        while not self._closing:
            self._rest()
            if not self._closing:
                self._turn_once()

    def _rest(self) -> None:
        if self._retry_at is None:
            self._wake.wait()
            self._urgent.wait(LINGER_SECONDS)
            return
        self._urgent.wait(max(0.0, self._retry_at - time.monotonic()))
        # Not even a flush comes before Retry-After is over.
        time.sleep(max(0.0, self._not_before - time.monotonic()))

    def _turn_once(self) -> None:
        with self._turn:
            self._started += 1
            turn = self._started
            if self._urgent.is_set():
                self._urgent.clear()
                self._backoff.reset()
            self._wake.clear()
        self._outbox.seal()
        try:
            if self._sender is None:
                self._sender = self._make_sender()
            left = self._sender.drain()
            retry_after = None if left is None else left.retry_after
            is_clean = left is None
        except Exception:
            log.exception("sending failed inside the client; it is tried again")
            retry_after, is_clean = None, False
        with self._turn:
            if is_clean:
                self._backoff.reset()
                self._retry_at, self._not_before = None, 0.0
                self._clean = turn
            else:
                now = time.monotonic()
                self._retry_at = now + self._backoff.after_failure(retry_after)
                self._not_before = now + (retry_after or 0.0)
            self._turn.notify_all()
