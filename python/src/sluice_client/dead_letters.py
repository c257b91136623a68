"""Reports that the agent refused, kept for a person to read: dead.ndjson beside the segments."""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Optional

MOST_BYTES = 1 << 20


class DeadLetters:
    """At most 1 MiB, and the 1 MiB before in dead.1.ndjson. Without a disk nothing is kept."""

    def __init__(self, folder: Optional[Path]) -> None:
        self._path = None if folder is None else folder / "dead.ndjson"

    def keep(self, line: bytes, status: int, code: str, detail: str) -> None:
        if self._path is None:
            return
        refused_at = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        letter = {"report": _parsed(line), "status": status, "code": code, "detail": detail, "refused_at": refused_at}
        text = (json.dumps(letter) + "\n").encode()
        try:
            if self._path.exists() and self._path.stat().st_size + len(text) > MOST_BYTES:
                os.replace(self._path, self._path.with_name("dead.1.ndjson"))
            fd = os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
            try:
                os.write(fd, text)
            finally:
                os.close(fd)
        except OSError:
            pass


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return line.decode("utf-8", "replace")
