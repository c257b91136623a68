import { setTimeout as sleep } from "node:timers/promises";
import { startPostgresPair } from "../../../test/support/debian-postgres/pair.ts";
import { Random } from "../random.ts";
import { Crowd } from "../several/crowd.ts";
import { Sender } from "../several/sender.ts";
import { SITE_FAULTS, type Site, type SiteFault } from "./faults.ts";
import { Notices, noticeSettings } from "./notices.ts";
import { rollingRestart } from "./rolling.ts";
import { Waiters } from "./waiters.ts";

export interface FailoverPlan {
  seed: number;
  rounds: number;
  /** Told of each round and of what was counted in the end, a line each. */
  say?: (line: string) => void;
  faults?: readonly SiteFault[];
  /** How often all agents are restarted one by one in the end. */
  restarts?: number;
}

const RESTARTS = 2;

/**
 * As in docker-compose.ha.yml: the agents are behind a balancer, and stop so that it sees it. Each check speaks for itself, so that
 * what is right of a gate does not depend on those before.
 */
const SETTINGS = "trusted_proxies: [127.0.0.1]\nshutdown_delay: 3s\ngate: {quality: {overall: off}}\n";

/**
 * R7: three agents behind HAProxy on a primary with a synchronous standby, under load by clients that report, wait, ask and are told by
 * webhook; each agent is killed, stopped and cut off, and the primary is killed and its standby promoted. In the end a rolling
 * restart, in which no client sees an error.
 */
export async function failovers(plan: FailoverPlan): Promise<string[]> {
  const { seed, rounds, say = () => {}, faults = SITE_FAULTS, restarts = RESTARTS } = plan;
  const found: string[] = [];
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const pair = await startPostgresPair();
    closing.push(() => pair.dispose());
    let front = () => "";
    const notices = await Notices.open(new Sender(() => front()));
    closing.push(() => notices.receiver.stop());
    const settings = SETTINGS + noticeSettings(notices.receiver.url);
    const crowd = await Crowd.open({ seed, database: pair, agents: 3, balanced: true, settings });
    closing.push(() => crowd.close());
    front = crowd.front;
    const waiters = await Waiters.open(crowd.front(), new Random(seed + 2));
    closing.push(() => waiters.close());
    crowd.add(notices);
    crowd.add(waiters);

    const settled = async (what: string) => {
      const wrong = await crowd.settle();
      wrong.push(...(await crowd.query((query) => notices.told(query))));
      found.push(...wrong.map((violation) => `${what}: ${violation}`));
      if (wrong.length > 0) for (const { agent } of crowd.seats) say(`an agent said last:\n${agent.errors}`);
    };
    const play = async (what: string, name: string, strike: (site: Site) => Promise<void>) => {
      const begun = performance.now();
      crowd.load();
      await sleep(crowd.random.whole(500, 1500));
      await strike({ crowd, pair });
      await sleep(1000);
      await settled(`${what}, ${name}`);
      const seconds = Math.round((performance.now() - begun) / 1000);
      say(`${what}: ${name} (${seconds} s); ${countsOf(crowd, waiters, notices)}`);
    };
    for (let round = 1; round <= rounds && found.length === 0; round++) {
      const { name, strike } = faults[(round - 1) % faults.length]!;
      await play(`round ${round}`, name, strike);
    }
    if (found.length === 0) {
      const name = `all agents restarted one by one × ${restarts}`;
      await play("rolling restart", name, async () => {
        found.push(...(await rollingRestart(crowd, restarts)).map((error) => `rolling restart: ${error}`));
      });
    }
    say(summaryOf(crowd, waiters, notices));
  } finally {
    for (const close of closing.reverse()) await close();
  }
  return found;
}

function countsOf({ told, sender, lags }: Crowd, waiters: Waiters, notices: Notices): string {
  const answers = [...told.answers].map(([status, n]) => `${status || "none"} × ${n}`).join(", ");
  return (
    `${told.ids} reports of clients, answers ${answers}; ${sender.failures.length} tries of others failed, ` +
    `${lags.length} closings seen, ${waiters.answered} waiters answered, ${notices.arrived.messages} messages`
  );
}

function summaryOf({ flips, lags }: Crowd, waiters: Waiters, notices: Notices): string {
  const sorted = lags.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]?.toFixed(1);
  const heard = [...flips.heard].map(([decision, n]) => `${decision} × ${n}`).join(", ");
  const { messages, again } = notices.arrived;
  return [
    `the gate that flips was heard as ${heard}; from a closing to the right answer of each agent p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
    `${waiters.answered} waiters were answered right, the slowest ${Math.round(waiters.slowest / 1000)} s after its run had ended`,
    `${messages} messages arrived, ${again.length} of them again${again.length > 0 ? `: ${again.join(", ")}` : ""}`,
  ].join("\n");
}
