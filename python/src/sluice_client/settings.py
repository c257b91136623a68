"""Reads the settings from the arguments and the environment."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Optional, Union
from urllib.parse import urlsplit

FLUSH_SECONDS = 3.0


@dataclass(frozen=True)
class Settings:
    """url: without a trailing slash; None: reports go nowhere, `url_problem` says why."""

    url: Optional[str]
    url_problem: str
    api_key: str
    spool_dir: Optional[Path]
    strict: bool
    flush_seconds: float

    @property
    def destination(self) -> str:
        """The name of the folder below the spool directory: reports for one agent and key never reach another."""
        return hashlib.sha256(f"{self.url}\n{self.api_key}".encode()).hexdigest()[:16]


def read_settings(
    environment: Mapping[str, str],
    *,
    url: Optional[str] = None,
    api_key: Optional[str] = None,
    spool_dir: Union[str, "os.PathLike[str]", None] = None,
    strict: bool = False,
    flush_seconds: float = FLUSH_SECONDS,
) -> Settings:
    """Arguments take precedence over the environment."""
    given = (url if url is not None else environment.get("SLUICE_URL", "")).strip()
    key = api_key if api_key is not None else environment.get("SLUICE_API_KEY", "")
    problem = _url_problem(given)
    return Settings(
        url=None if problem else given.rstrip("/"),
        url_problem=problem,
        api_key=key.strip(),
        spool_dir=_spool_dir(environment, spool_dir),
        strict=strict,
        flush_seconds=flush_seconds,
    )


def _url_problem(url: str) -> str:
    allowed = "set it to the agent's address, such as http://127.0.0.1:9877"
    if url == "":
        return f"SLUICE_URL: missing; {allowed}"
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or parts.query or parts.fragment:
        return f"SLUICE_URL: {url!r} given; {allowed}"
    return ""


def _spool_dir(environment: Mapping[str, str], given: Union[str, "os.PathLike[str]", None]) -> Optional[Path]:
    named = os.fspath(given) if given is not None else environment.get("SLUICE_SPOOL_DIR", "")
    if named:
        return Path(named)
    state = environment.get("XDG_STATE_HOME", "")
    if state:
        return Path(state) / "sluice" / "spool"
    try:
        return Path.home() / ".local" / "state" / "sluice" / "spool"
    except RuntimeError:  # a user without a home directory
        return None
