"""Takes batches out of the spool until it is empty or the agent does not take them."""

from __future__ import annotations

from typing import Callable, Optional, Set, Tuple

from .agent_contract import AgentContract
from .answer import Answer
from .dead_letters import DeadLetters
from .deliver import Delivered
from .deliver_fitting import deliver_fitting
from .losses import Losses
from .outbox import Outbox
from .stats import Counters
from .telling import log

#: Most unusable parts of reports that are logged by name.
_MOST_SAID = 100
#: Timeout of one POST; a batch is at most 1 MiB.
POST_SECONDS = 15.0


class Sender:
    """Not thread-safe."""

    def __init__(
        self,
        outbox: Outbox,
        post: Callable[[bytes, float], Answer],
        dead: DeadLetters,
        counters: Counters,
        losses: Losses,
        url: str,
    ) -> None:
        self._outbox = outbox
        self._post = post
        self._dead = dead
        self._counters = counters
        self._losses = losses
        self._contract = AgentContract()
        self._said_older = False
        self._said_unusable: Set[Tuple[str, str]] = set()
        self._url = url
        self._was_away = False

    def drain(self) -> Optional[Delivered]:
        """Sends until nothing is left that this process may send (None), or returns the outcome of the batch that was put
        back."""
        while True:
            batch = self._outbox.claim()
            if batch is None:
                return None
            try:
                outcome = deliver_fitting(
                    batch.lines, lambda body: self._post(body, POST_SECONDS), self._contract, self._losses
                )
            except BaseException:
                batch.give_back(batch.lines)
                raise
            self._count(outcome)
            if outcome.again:
                batch.give_back(outcome.again)
                self._tell_away(outcome)
                return outcome
            batch.done()
            if self._was_away:
                self._was_away = False
                log.info("the agent at %s takes reports again", self._url)

    def _count(self, outcome: Delivered) -> None:
        self._counters.add("sent", outcome.accepted)
        self._counters.add("duplicates", outcome.duplicates)
        self._counters.add("dead", len(outcome.refused))
        self._counters.add("reduced", outcome.reduced)
        for line, status, code, detail in outcome.refused:
            self._dead.keep(line, status, code, detail)
            # What was refused by itself the agent remembers with its run; of a whole request it has read nothing.
            if status != 200:
                self._losses.note_line(line, f"it was refused: {code}")
        if outcome.reduced and not self._said_older:
            self._said_older = True
            log.warning(
                "the agent at %s is older than this client: it does not know try, resumes, logical_date, lost,"
                " expected_min_of and what features tell of their rows beside the counts; reports are sent without them",
                self._url,
            )
        if outcome.refused:
            _line, _status, code, detail = outcome.refused[0]
            log.warning("the agent refused %d report(s), the first: %s %s", len(outcome.refused), code, detail)

        for item, code, detail in outcome.unusable:
            if (item, code) not in self._said_unusable and len(self._said_unusable) < _MOST_SAID:
                self._said_unusable.add((item, code))
                log.warning("the agent could not use %s (%s: %s); the gate of its run says so", item, code, detail)

    def _tell_away(self, outcome: Delivered) -> None:
        if not self._was_away:
            self._was_away = True
            log.warning("the agent at %s does not take reports (%s); they wait", self._url, outcome.problem)
