"""The file that a process appends its reports to."""

from __future__ import annotations

import os
from typing import Optional

from .spool_files import finished_name, open_name

FULL_BYTES = 1 << 20
FULL_LINES = 1000


class Segment:
    """One open segment. Each append is one write to the page cache (about a microsecond): what was appended outlives
    the process, however it ends. Not safe for threads by itself.
    """

    def __init__(self, folder: str, uuid: str) -> None:
        self.uuid = uuid
        self.bytes = 0
        self.lines = 0
        self._folder = folder
        self._path = os.path.join(folder, open_name(uuid, os.getpid()))
        # Read as well: see finish.
        flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._fd: Optional[int] = os.open(self._path, flags | getattr(os, "O_CLOEXEC", 0), 0o600)

    @property
    def is_full(self) -> bool:
        return self.bytes >= FULL_BYTES or self.lines >= FULL_LINES

    def append(self, line: bytes) -> None:
        """`line` ends with a newline. OSError: it is not in the segment, or cut short, and then no more may follow."""
        assert self._fd is not None
        written = os.write(self._fd, line)
        if written != len(line):
            raise OSError(f"only {written} of {len(line)} bytes fit")
        self.bytes += written
        self.lines += 1

    def finish(self) -> None:
        """Renames the file to its finished name, or deletes it when nothing was written."""
        fd, self._fd = self._fd, None
        if fd is None:
            return
        try:
            if self.lines == 0:
                os.unlink(self._path)
            else:
                self._rename(fd)
        except FileNotFoundError:
            pass
        finally:
            os.close(fd)

    def _rename(self, fd: int) -> None:
        finished = os.path.join(self._folder, finished_name(self.uuid))
        try:
            os.rename(self._path, finished)
        except FileNotFoundError:
            # Taken for abandoned: by a process that cannot see ours (another container on the same disk), or after ten
            # idle minutes. It may have missed the last lines; sending the first ones twice does no harm.
            os.lseek(fd, 0, os.SEEK_SET)
            left = b"".join(iter(lambda: os.read(fd, FULL_BYTES), b""))
            write_whole(finished, left)

    def abandon(self) -> None:
        """Called in a forked child: the file belongs to the parent."""
        fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)


def write_whole(path: str, content: bytes) -> None:
    """The file appears with all its content or not at all."""
    temporary = f"{path}.{os.getpid()}.new"
    fd = os.open(temporary, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    try:
        with open(fd, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError:
        os.unlink(temporary)
        raise
