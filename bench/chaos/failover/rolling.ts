import { setTimeout as sleep } from "node:timers/promises";
import type { Crowd } from "../several/crowd.ts";
import { Sender } from "../several/sender.ts";

const ASKERS = 4;
/** What is asked beside the reports: a gate, a list, a wait that is over at once. */
const QUESTIONS = ["/v1/gates/flip", "/v1/pipelines?limit=10", "/v1/gates/flip?wait=1s", "/v1/sla"];
/** The balancer looks each second, and the agent has to be asked again before the next one stops. */
const SEEN_AGAIN_MS = 3_000;

/** Each agent is stopped in order and started again while the others answer: what any client was answered but 200. */
export async function rollingRestart(crowd: Crowd, times: number): Promise<string[]> {
  const before = new Map(crowd.told.answers);
  const failedBefore = crowd.sender.failures.length;
  const asking = new Sender(crowd.front);
  let going = true;
  const askers = Array.from({ length: ASKERS }, async (_, i) => {
    for (let n = i; going; n++) {
      await asking.ask(QUESTIONS[n % QUESTIONS.length]!);
      await sleep(20);
    }
  });
  try {
    for (let time = 0; time < times; time++) {
      for (const seat of crowd.seats) {
        await seat.agent.stop();
        if (seat.agent.ending !== "code 0") return [`an agent that was asked to stop ended with ${seat.agent.ending}`];
        await crowd.restart(seat);
        await sleep(SEEN_AGAIN_MS);
      }
    }
  } finally {
    going = false;
    await Promise.all(askers);
  }
  const errors = [...crowd.told.answers]
    .filter(([status, n]) => status !== 200 && n > (before.get(status) ?? 0))
    .map(([status, n]) => `clients were answered ${status || "nothing"} ${n - (before.get(status) ?? 0)} times`);
  for (const { status, path } of [...crowd.sender.failures.slice(failedBefore), ...asking.failures]) {
    errors.push(`${path} was answered ${status || "nothing"}`);
  }
  return errors;
}
