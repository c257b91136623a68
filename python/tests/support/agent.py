"""Reads what the real agent holds; the test runner gives its address in SLUICE_TEST_URL."""

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
    """Counts by stage, the sum of all accepted reports; {} when the agent does not know the run."""
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
    """Asks until the answer is the wanted one or time is up; returns the last answer."""
    deadline = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer == wanted or time.monotonic() > deadline:
            return answer
        time.sleep(0.05)
