import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { Cron } from "../../adapters/cron/cron.ts";
import { ChangeFeed } from "../../adapters/postgres/replicas/change-feed.ts";
import { Lease, TEND_LEASE_EVERY_MS } from "../../adapters/postgres/replicas/lease.ts";
import { HEARTBEAT_EVERY_MS, Membership } from "../../adapters/postgres/replicas/membership.ts";
import { hasEnded, ownProcess } from "../../adapters/postgres/replicas/own-process.ts";
import type { OnStop } from "../../adapters/process/teardown.ts";
import type { Change } from "../../domain/commit/change.ts";
import { unfailing } from "../../ports/eager.ts";
import type { Log } from "../../ports.ts";

/** An agent that shares its database and has read nothing of the others for so long says `unknown`. */
const STALE_AFTER_MS = 5_000;

export interface ReplicasOptions {
  /** Of its own: heartbeats wait for nobody's statement. */
  pool: pg.Pool;
  /** Makes a connection that is not connected yet. */
  client: () => pg.Client;
  /** Nobody else can reach the database. */
  alone: boolean;
  log: Log;
  onStop: OnStop;
  signal: AbortSignal;
  /** The others have given this agent up. */
  onLost: () => void;
}

/** What becomes of what is heard. */
export interface Hearing {
  onChanges(changes: Change[]): Promise<void>;
  /** Anything may have happened unheard. */
  onGap(): Promise<void>;
  /** It holds the lease from now on. */
  onLease(): Promise<void>;
  /** Somebody came or went, or has loaded other policies. */
  onAgents(): Promise<void>;
}

export interface Replicas {
  readonly membership: Membership;
  readonly lease: Lease;
  /** Others may have decided otherwise, and this agent has not heard of it. */
  stale(): boolean;
  /** Whether it shows the metrics of the domain, which one agent does at a time. */
  shows(): boolean;
  /** Work that only the holder of the lease does. */
  duty(work: () => Promise<void>): () => Promise<void>;
  /** Joins the agents on the database: what they commit from then on is heard. */
  join(cron: Cron): Promise<void>;
  /** From now on what was heard is shown. */
  hear(cron: Cron, hearing: Hearing): void;
}

/** This agent among others on its database. */
export function createReplicas({ pool, client, alone, log, onStop, signal, onLost }: ReplicasOptions): Replicas {
  const own = ownProcess();
  const now = () => performance.now();
  const membership = new Membership({
    pool,
    own,
    hasEnded,
    alone,
    log,
    now,
    sleep: (ms) => sleep(ms, undefined, { ref: false }),
    signal,
    onLost,
  });
  const agent_id = () => membership.standing.agent_id;
  const lease = new Lease({ pool, own, hasEnded, alone, log, now, agent_id });
  let hearing: Hearing | null = null;
  /** It holds the lease and has read everything since. */
  let showing = false;
  const feed = new ChangeFeed({
    client,
    agent_id,
    log,
    now,
    onChanges: async (changes) => hearing?.onChanges(changes),
    onGap: async () => hearing?.onGap(),
    onAgents: () => void unfailing(lookAround().catch((error) => log.warn({ err: error }, "heartbeat: failed"))),
  });
  onStop("membership", () => membership.leave());
  onStop("lease", () => lease.letGo());
  onStop("changes", () => feed.stop());

  async function lookAround(): Promise<void> {
    await membership.look();
    await hearing?.onAgents();
  }

  async function tend(): Promise<void> {
    const held = lease.fence() !== null;
    await lease.tend();
    if (lease.fence() === null) showing = false;
    else if (!held || !showing) {
      await hearing?.onLease();
      showing = true;
    }
  }

  return {
    membership,
    lease,
    stale: () => membership.shares && feed.age > STALE_AFTER_MS,
    shows: () => showing && lease.fence() !== null && (lease.held || !membership.shares),
    duty: (work) => async () => {
      if (lease.fence() !== null) await work();
    },
    async join(cron) {
      await membership.join();
      cron.every(HEARTBEAT_EVERY_MS, "heartbeat", () => membership.beat());
      await feed.start();
      // Before anything is read: what is read then is all that is to be shown.
      await lease.tend().catch((error) => log.warn({ err: error }, "the lease could not be asked for"));
      showing = lease.fence() !== null;
    },
    hear(cron, heard) {
      hearing = heard;
      feed.run();
      cron.every(TEND_LEASE_EVERY_MS, "lease", tend);
    },
  };
}
