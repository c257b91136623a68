"""The real agent, whose address the test runner gives in SLUICE_TEST_URL, read back over its API."""

import json
import os
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Callable

URL = os.environ.get("SLUICE_TEST_URL", "")

needs_agent = unittest.skipUnless(URL, "SLUICE_TEST_URL names no agent")


def get(path: str) -> Any:
    with urllib.request.urlopen(URL + path, timeout=30) as answer:
        return json.load(answer)


def stages_of(pipeline_name: str, run_id: str) -> dict:
    """Counts by stage, added up over every report that was accepted; {} where the agent knows nothing of the run."""
    run = run_of(pipeline_name, run_id)
    return {} if run is None else {stage["stage"]: stage["count"] for stage in run["stages"]}


def run_of(pipeline_name: str, run_id: str) -> Any:
    try:
        return get(f"/v1/runs/{urllib.parse.quote(pipeline_name, safe='')}/{urllib.parse.quote(run_id, safe='')}")
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise


def eventually(ask: Callable[[], Any], wanted: Any, seconds: float = 60.0) -> Any:
    """Asks until the answer is the wanted one; returns the last answer."""
    deadline = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer == wanted or time.monotonic() > deadline:
            return answer
        time.sleep(0.05)
