"""Pipelines as programs, each in a process of its own."""

import os
import signal
import subprocess
import sys
import textwrap
from typing import Dict, Optional


def start(program: str, url: str, spool: str, extra: Optional[Dict[str, str]] = None) -> "subprocess.Popen[str]":
    foreign = ("SLUICE_", "XDG_STATE_HOME")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    environment.update({"SLUICE_URL": url, "SLUICE_SPOOL_DIR": spool, **(extra or {})})
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: "subprocess.Popen[str]") -> "subprocess.CompletedProcess[str]":
    try:
        out, err = process.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        out, err = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def run(program: str, url: str, spool: str, extra: Optional[Dict[str, str]] = None) -> "subprocess.CompletedProcess[str]":
    return finish(start(program, url, spool, extra))


def dead_pid() -> int:
    """The pid of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid
