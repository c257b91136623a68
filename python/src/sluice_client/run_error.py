"""An exception as the `error` of a run."""

from __future__ import annotations

import traceback

#: The agent keeps 8 KiB.
MOST_BYTES = 8000


def error_text(error: BaseException) -> str:
    """The exception, then the traceback, without its middle where it is long: the innermost frames matter most."""
    try:
        summary = "".join(traceback.format_exception_only(type(error), error)).strip()
        trace = "".join(traceback.format_exception(type(error), error, error.__traceback__)).strip()
    except Exception:
        return type(error).__name__
    summary = _cut(summary, MOST_BYTES // 4)
    return f"{summary}\n\n{_cut(trace, MOST_BYTES - len(summary.encode('utf-8', 'replace')) - 2)}"


def _cut(text: str, most: int) -> str:
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= most:
        return encoded.decode("utf-8")
    note = f"\n… {len(encoded) - most} bytes left out …\n"
    keep = most - len(note.encode())
    head = encoded[: keep // 4].decode("utf-8", "ignore")
    tail = encoded[len(encoded) - (keep - keep // 4) :].decode("utf-8", "ignore")
    return f"{head}{note}{tail}"
