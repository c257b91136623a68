import { setTimeout as sleep } from "node:timers/promises";
import type { PostgresPair } from "../../../test/support/debian-postgres/pair.ts";
import type { Crowd, Seat } from "../several/crowd.ts";
import { asleep, cutOff, supervised } from "../several/several.ts";

/** Several agents behind a balancer on a primary with its standby. */
export interface Site {
  crowd: Crowd;
  pair: PostgresPair;
}

export interface SiteFault {
  name: string;
  strike(site: Site): Promise<void>;
}

/** Far longer than the others wait for a silent agent. */
const AWAY_MS = 30_000;
/** Shorter than that, and longer than an agent may answer from memory. */
const NAP_MS = 8_000;
const STANDBY_AWAY_MS = 12_000;

type Which = 1 | 2 | 3 | "holder";

const nameOf = (which: Which) => (which === "holder" ? "the holder of the lease" : `agent ${which}`);

function seatOf(crowd: Crowd, which: Which): Seat | Promise<Seat> {
  return which === "holder" ? crowd.holder() : crowd.seats[which - 1]!;
}

async function kill(crowd: Crowd, seat: Seat): Promise<void> {
  await seat.agent.stop("SIGKILL");
  await sleep(crowd.random.whole(0, 3000));
  await crowd.restart(seat);
}

async function failOver({ crowd, pair }: Site): Promise<void> {
  await pair.failOver();
  await sleep(crowd.random.whole(2000, 5000));
  await pair.rejoin();
}

const killed = (which: Which): SiteFault => ({
  name: `${nameOf(which)} killed (SIGKILL)`,
  strike: async ({ crowd }) => kill(crowd, await seatOf(crowd, which)),
});

const stopped = (which: Which): SiteFault => ({
  name: `${nameOf(which)} stopped (SIGSTOP) for 30 s`,
  async strike({ crowd }) {
    const seat = await seatOf(crowd, which);
    await asleep(seat, AWAY_MS);
    await supervised(crowd, seat);
  },
});

const cut = (which: Which): SiteFault => ({
  name: `${nameOf(which)} cut off from the database for 30 s`,
  async strike({ crowd }) {
    const seat = await seatOf(crowd, which);
    await cutOff(seat, AWAY_MS);
    await supervised(crowd, seat);
  },
});

const failover: SiteFault = { name: "the primary killed, the standby promoted", strike: failOver };

/** Each agent killed, stopped and cut off in turn, and so whoever holds the lease, with a failover after each. */
export const SITE_FAULTS: readonly SiteFault[] = [
  killed(1),
  killed(2),
  killed(3),
  failover,
  stopped(1),
  stopped(2),
  stopped(3),
  failover,
  cut(1),
  cut(2),
  cut(3),
  failover,
  killed("holder"),
  stopped("holder"),
  cut("holder"),
  failover,
  {
    name: "the standby stopped (SIGSTOP) for 12 s: no commit ends",
    async strike({ pair }) {
      pair.freezeStandby(true);
      await sleep(STANDBY_AWAY_MS);
      pair.freezeStandby(false);
    },
  },
  {
    name: "an agent stopped (SIGSTOP) for 8 s, and still a member",
    strike: ({ crowd }) => asleep(crowd.random.pick(crowd.seats), NAP_MS),
  },
  {
    name: "a failover while an agent is cut off for 8 s",
    async strike(site) {
      await Promise.all([cutOff(site.crowd.random.pick(site.crowd.seats), NAP_MS), failOver(site)]);
    },
  },
  {
    name: "a failover while the holder of the lease is killed",
    async strike(site) {
      const seat = await site.crowd.holder();
      await Promise.all([kill(site.crowd, seat), failOver(site)]);
    },
  },
];
