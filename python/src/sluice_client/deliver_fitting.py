"""Sends lines in a form that the agent knows."""

from __future__ import annotations

from typing import Dict, List

from .agent_contract import AgentContract
from .deliver import Delivered, Post, deliver
from .losses import Losses


def deliver_fitting(lines: List[bytes], post: Post, contract: AgentContract, losses: Losses) -> Delivered:
    """Adds to ends of runs what was lost meanwhile, and leaves out fields that the agent does not know; where only its answer
    shows that, sends the lines once more. The outcome holds the lines as given.
    """
    given: Dict[bytes, bytes] = {}
    amended = set()
    reduced = 0
    outgoing = []
    for line in lines:
        whole = losses.with_lost(line)
        fit = contract.fit(whole)
        if fit != whole:
            reduced += 1
        elif whole != line:
            amended.add(whole)
        given[fit] = line
        outgoing.append(fit)
    outcome = deliver(outgoing, post)
    contract.answered(outcome.contract)
    outcome.reduced = reduced
    _without_newer_fields(outcome, post, contract)
    for line in outcome.again:
        if line in amended:
            losses.take_back(line)
    outcome.again = [given.get(line, line) for line in outcome.again]
    outcome.refused = [(given.get(line, line), *why) for line, *why in outcome.refused]  # type: ignore[misc]
    return outcome


def _without_newer_fields(outcome: Delivered, post: Post, contract: AgentContract) -> None:
    shorter: Dict[bytes, bytes] = {}
    for line, _status, code, _detail in outcome.refused:
        without = contract.fallback(line) if code == "invalid_report" else None
        if without is not None:
            shorter[without] = line
    if not shorter:
        return
    second = deliver(list(shorter), post)
    contract.answered(second.contract)
    taken = second.accepted + second.duplicates
    if taken:
        contract.is_oldest()
    sent_again = set(shorter.values())
    outcome.refused = [refused for refused in outcome.refused if refused[0] not in sent_again]
    outcome.refused += [(shorter[line], *why) for line, *why in second.refused]  # type: ignore[misc]
    if second.again:
        outcome.postpone([shorter[line] for line in second.again], second.problem, second.retry_after)
    outcome.accepted += second.accepted
    outcome.duplicates += second.duplicates
    outcome.reduced += taken
    outcome.unusable += second.unusable
