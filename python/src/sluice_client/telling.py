"""Logs through the logger `sluice_client`; wrong use is always shown."""

from __future__ import annotations

import logging
import os
import sys

log = logging.getLogger("sluice_client")
log.addHandler(logging.NullHandler())

_PACKAGE = os.path.dirname(os.path.abspath(__file__)) + os.sep


class UsageError(ValueError):
    """A wrong call; raised only by a client made with `strict=True`."""


def tell_wrong_use(message: str, *, strict: bool) -> None:
    """One line that names the calling line, the field, what was given and what is allowed."""
    if strict:
        raise UsageError(message)
    warn_always(f"{_calling_line()}: {message}")


def warn_always(message: str) -> None:
    """A warning that reaches standard error where the program has set up no logging (the NullHandler would hide it)."""
    if not log.isEnabledFor(logging.WARNING):
        return
    record = log.makeRecord(log.name, logging.WARNING, __file__, 0, message, (), None)
    log.handle(record)
    if not _somebody_listens() and logging.lastResort is not None and not log.disabled:
        logging.lastResort.handle(record)


def _somebody_listens() -> bool:
    logger: logging.Logger | None = log
    while logger is not None:
        if any(not isinstance(handler, logging.NullHandler) for handler in logger.handlers):
            return True
        logger = logger.parent if logger.propagate else None
    return False


def _calling_line() -> str:
    """The nearest line outside the client."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"
