"""Handles exit, SIGTERM and fork of the process."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
import weakref
from types import FrameType
from typing import Any, Optional, Protocol


class Endable(Protocol):
    def close(self) -> Any: ...

    def terminated(self) -> None: ...

    def before_fork(self) -> None: ...

    def after_fork_in_parent(self) -> None: ...

    def after_fork_in_child(self) -> None: ...


def watch_process(client: Endable) -> None:
    """Calls the methods of the client at exit, SIGTERM and fork, unless the client was collected."""
    alive = weakref.ref(client)

    def call(method: str) -> None:
        target = alive()
        if target is not None:
            getattr(target, method)()

    atexit.register(call, "close")
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=lambda: call("before_fork"),
            after_in_parent=lambda: call("after_fork_in_parent"),
            after_in_child=lambda: _in_child(call),
        )


def _in_child(call: Any) -> None:
    call("after_fork_in_child")
    # Children of multiprocessing skip atexit and run these finalizers instead.
    util = sys.modules.get("multiprocessing.util")
    if util is not None:
        util.register_after_fork(call, lambda _: util.Finalize(None, call, args=("close",), exitpriority=0))


class Terminator:
    """Hands over what was reported when SIGTERM ends the process, then lets it end by that signal as it would have.

    Only where nobody else handles SIGTERM. A handler that exits in an orderly way needs none of this.
    """

    def __init__(self, client: Endable) -> None:
        self._client = weakref.ref(client)
        self._pid = os.getpid()

    def install(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        try:
            present = signal.getsignal(signal.SIGTERM)
            # A forked child inherits the handler of its parent.
            inherited = isinstance(getattr(present, "__self__", None), Terminator) and present != self._handle
            if present is signal.SIG_DFL or inherited:
                signal.signal(signal.SIGTERM, self._handle)
        except ValueError:  # not the main interpreter
            pass

    def _handle(self, number: int, _frame: Optional[FrameType]) -> None:
        client = self._client()
        # A forked child ends at once: the run belongs to its parent.
        if client is not None and os.getpid() == self._pid:
            client.terminated()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
