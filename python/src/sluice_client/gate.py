"""Asks whether the next step may go on."""

from __future__ import annotations

import time
from typing import Callable, Dict, Optional, Union
from urllib.parse import quote, urlencode

from . import fields
from .answer import Answer
from .backoff import Backoff
from .duration import seconds_of
from .gate_decision import UNREACHABLE, GateBlocked, GateDecision, GateError, read_decision
from .telling import log, warn_always

#: Default timeout of the agent, retries included.
REACH_SECONDS = 15.0
#: Longest wait in one request: the agent holds an answer for at most five minutes, and proxies cut long ones.
LONGEST_WAIT_SECONDS = 60.0
#: Longest pause between two questions to an agent that is away: somebody waits.
MOST_PAUSE_SECONDS = 5.0

Get = Callable[[str, float], Answer]


class Gate:
    """Asks the agent about a pipeline's data. Unlike a report this does wait, and `require` does raise."""

    def __init__(
        self,
        pipeline_name: str,
        *,
        get: Optional[Get],
        flush: Callable[[float], bool],
        problem: str,
        chance: Callable[[], float],
        on_unreachable: Optional[str],
        consumer: Optional[str],
        timeout: float,
    ) -> None:
        """on_unreachable: "block" or "allow"; with None it blocks and logs that."""
        if on_unreachable not in (None, "block", "allow"):
            raise GateError(str(fields.wrong("on_unreachable", on_unreachable, "block or allow")))
        try:
            self.pipeline_name = fields.name("pipeline_name", pipeline_name)
            self._consumer = None if consumer is None else fields.name("consumer", consumer)
        except fields.Wrong as wrong:
            raise GateError(str(wrong)) from None
        if on_unreachable is None:
            warn_always(
                f'gate("{pipeline_name}"): on_unreachable is not said, so the gate blocks when the agent cannot be'
                ' reached; say on_unreachable="block" or "allow"'
            )
        self._timeout = timeout
        self._get = get
        self._flush = flush
        self._problem = problem
        self._chance = chance
        self._allow_unreachable = on_unreachable == "allow"

    def require(
        self,
        *,
        run_id: Optional[str] = None,
        wait: Union[str, float, None] = None,
        while_running: bool = False,
    ) -> GateDecision:
        """Returns when the next step may go on, else raises GateBlocked with the reasons. Arguments as in decision."""
        decision = self.decision(run_id=run_id, wait=wait, while_running=while_running)
        if not decision.allowed:
            raise GateBlocked(decision)
        if decision.decision != "pass":
            log.warning("%s", decision)
        return decision

    def decision(
        self,
        *,
        run_id: Optional[str] = None,
        wait: Union[str, float, None] = None,
        while_running: bool = False,
    ) -> GateDecision:
        """Sends what was reported before, then asks the agent.

        run_id: about that run's evidence and no other's; without it, about the latest run that ended.
        wait: how long to wait while the decision is pending, and for an agent that is away, in seconds or as "10m".
        while_running: decide on the evidence so far, for a gate inside the run it asks about.
        Raises GateError when the agent refuses the question (a wrong key, say).
        """
        query = self._query(run_id, while_running)
        seconds = _wait_seconds(wait)
        if self._get is None:
            return self._unreachable(query, self._problem)
        if not self._flush(max(self._timeout, seconds)):
            # Without these reports the gate could take yesterday's evidence for today's.
            return self._unreachable(query, "what was reported before could not be delivered")
        return self._ask(query, time.monotonic() + seconds)

    def _query(self, run_id: Optional[str], while_running: bool) -> Dict[str, str]:
        query: Dict[str, str] = {}
        if run_id is not None:
            try:
                query["run_id"] = fields.run_id(run_id)
            except fields.Wrong as wrong:
                raise GateError(str(wrong)) from None
        if while_running:
            query["while_running"] = "true"
        if self._consumer is not None:
            query["consumer"] = self._consumer
        return query

    def _ask(self, query: Dict[str, str], wait_until: float) -> GateDecision:
        while True:
            answer = self._reach(query, wait_until, max(wait_until, time.monotonic() + self._timeout))
            if answer.is_temporary:
                return self._unreachable(query, answer.problem)
            if answer.status >= 400:
                raise GateError(f"gate of {self.pipeline_name}: {answer.problem}")
            decision = read_decision(self.pipeline_name, answer.body)
            if decision is None:
                return self._unreachable(query, f"not the answer of an agent: {answer.problem}")
            if decision.decision != "pending" or wait_until - time.monotonic() <= 0:
                return decision

    def _reach(self, query: Dict[str, str], wait_until: float, deadline: float) -> Answer:
        """Asks until an agent answers, also over a restart; holds each time for what is left of the wait."""
        assert self._get is not None
        backoff = Backoff(self._chance, MOST_PAUSE_SECONDS)
        while True:
            held = max(0.0, min(wait_until - time.monotonic(), LONGEST_WAIT_SECONDS))
            asked = query if held <= 0 else {**query, "wait": f"{max(1, round(held))}s"}
            path = f"/v1/gates/{quote(self.pipeline_name, safe='')}" + (f"?{urlencode(asked)}" if asked else "")
            answer = self._get(path, held + self._timeout)
            left = deadline - time.monotonic()
            if not answer.is_temporary or left <= 0:
                return answer
            time.sleep(min(left, backoff.after_failure(answer.retry_after)))

    def _unreachable(self, query: Dict[str, str], problem: str) -> GateDecision:
        if self._allow_unreachable:
            warn_always(
                f'the gate of {self.pipeline_name} was not asked and is passed, as on_unreachable="allow" says: {problem}'
            )
        return GateDecision(
            self.pipeline_name, UNREACHABLE, self._allow_unreachable, [], query.get("run_id"), unreachable=problem
        )


def _wait_seconds(wait: Union[str, float, None]) -> float:
    seconds = 0.0 if wait is None else seconds_of(wait)
    if seconds is None:
        raise GateError(str(fields.wrong("wait", wait, "seconds from 0 up, or a duration such as 30s, 10m, 2h")))
    return seconds
