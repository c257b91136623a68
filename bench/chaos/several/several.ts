import { setTimeout as sleep } from "node:timers/promises";
import { type DebianPostgres, startDebianPostgres } from "../../../test/support/debian-postgres.ts";
import { Crowd, type Seat } from "./crowd.ts";

export interface SeveralPlan {
  seed: number;
  rounds: number;
  agents?: number;
  /** Told of each round. */
  onRound?: (round: number, fault: string, crowd: Crowd) => void;
}

/** Longer than the others wait for a silent agent. */
const GIVEN_UP_AFTER_MS = 16_000;
const SUPERVISED_WITHIN_MS = 30_000;

interface SeveralFault {
  name: string;
  strike(crowd: Crowd, seat: Seat, postgres: DebianPostgres): Promise<void>;
}

const FAULTS: readonly SeveralFault[] = [
  {
    name: "kill -9 of an agent",
    async strike(crowd, seat) {
      await seat.agent.stop("SIGKILL");
      await sleep(crowd.random.whole(0, 2000));
      await crowd.restart(seat);
    },
  },
  {
    name: "an agent stopped in order, and started again",
    async strike(crowd, seat) {
      await seat.agent.stop();
      await crowd.restart(seat);
    },
  },
  {
    name: "an agent asleep (SIGSTOP) for a while",
    strike: (crowd, seat) => asleep(seat, crowd.random.whole(1000, 8000)),
  },
  {
    name: "an agent cut off from the database for a while",
    strike: (crowd, seat) => cutOff(seat, crowd.random.whole(1000, 8000)),
  },
  {
    name: "PostgreSQL restarted (immediate)",
    async strike(_crowd, _seat, postgres) {
      await postgres.stop("immediate");
      await postgres.start();
    },
  },
  {
    name: "an agent asleep until it is given up",
    async strike(crowd, seat) {
      await asleep(seat, GIVEN_UP_AFTER_MS);
      await supervised(crowd, seat);
    },
  },
  {
    name: "an agent cut off until it is given up",
    async strike(crowd, seat) {
      await cutOff(seat, GIVEN_UP_AFTER_MS);
      await supervised(crowd, seat);
    },
  },
];

/** R7: several agents on one PostgreSQL under load, each killed, stopped, put to sleep and cut off in turn. */
export async function severalAgents({ seed, rounds, agents = 3, onRound }: SeveralPlan): Promise<string[]> {
  const postgres = await startDebianPostgres({ tcp: true });
  const database = { url: postgres.url, ports: [Number(new URL(postgres.url).port)] };
  const crowd = await Crowd.open({ seed, database, agents });
  const found: string[] = [];
  try {
    for (let round = 1; round <= rounds && found.length === 0; round++) {
      const fault = FAULTS[(round - 1) % FAULTS.length]!;
      const seat = crowd.random.pick(crowd.seats);
      crowd.load();
      await sleep(crowd.random.whole(200, 1500));
      await fault.strike(crowd, seat, postgres);
      await sleep(500);
      found.push(...(await crowd.settle()).map((violation) => `round ${round}, ${fault.name}: ${violation}`));
      onRound?.(round, fault.name, crowd);
    }
  } finally {
    await crowd.close();
    await postgres.dispose();
  }
  return found;
}

export async function asleep({ agent }: Seat, milliseconds: number): Promise<void> {
  process.kill(agent.pid, "SIGSTOP");
  await sleep(milliseconds);
  process.kill(agent.pid, "SIGCONT");
}

export async function cutOff({ gates }: Seat, milliseconds: number): Promise<void> {
  for (const gate of gates) gate.shut();
  await sleep(milliseconds);
  for (const gate of gates) gate.open();
}

/** One that was given up ends by itself, and whatever supervises it starts it anew. */
export async function supervised(crowd: Crowd, seat: Seat): Promise<void> {
  const deadline = performance.now() + SUPERVISED_WITHIN_MS;
  while (seat.agent.running) {
    if (performance.now() > deadline) throw new Error("an agent that was given up goes on");
    await sleep(50);
  }
  if (!/70/.test(seat.agent.ending ?? ""))
    throw new Error(`an agent that was given up ended with ${seat.agent.ending}`);
  await crowd.restart(seat);
}
