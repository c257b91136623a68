import { Courier } from "../../client/delivery/courier.ts";
import { drain } from "../../client/delivery/drain.ts";
import { unusableText } from "../../client/delivery/post/say-unusable.ts";
import { ReportQueue } from "../../client/delivery/report-queue.ts";
import { loadNodeHost, type NodeHost } from "../../client/host/node-host.ts";
import { createUuidV7 } from "../../client/host/uuid-v7.ts";
import { Losses } from "../../client/losses/losses.ts";
import { createSink } from "../../client/report/sink.ts";
import type { ReportBody } from "../../client/report/wire.ts";
import { openSpool, type Spool } from "../../client/spool/spool.ts";
import { noStats } from "../../client/stats.ts";
import type { Connection } from "../connection/connection.ts";
import type { Edge } from "../edge.ts";

/** What became of the reports of one command. */
export interface Delivered {
  /** `delivered`: stored by the agent; `spooled`: on disk, sent by whoever reports next; `refused`: wrong; `lost`: neither taken nor kept. */
  outcome: "delivered" | "spooled" | "refused" | "lost";
  /** Why it was not delivered. */
  detail: string | null;
  /** Where they are kept. */
  spool: string | null;
  /** What of the delivered reports the agent could not use, a line each. */
  unusable: string[];
}

export interface Delivery {
  /** Costs microseconds; a report survives a kill of this process from here on. */
  put(report: ReportBody): void;
  /** Everything that waits, also what earlier commands left, to the agent; false: not all of it was taken in time. */
  drain(): Promise<boolean>;
  /** One attempt at everything that waits; what is not taken in time stays in the spool. */
  close(): Promise<Delivered>;
}

const ANSWER_MS = 10_000;
const MOST_QUEUED = 10_000;

/** `within_ms`: how long a close may take. The client's own way of a report: to the spool at once, to the agent as soon as it answers. */
export function openDelivery({ url, api_key }: Connection, within_ms: number, { env, now }: Edge): Delivery {
  const uuidV7 = createUuidV7((bytes) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>));
  const stats = noStats();
  const losses = new Losses();
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const own = new Set<string>();
  const refusals: string[] = [];
  const unusable: string[] = [];
  const queue = new ReportQueue({ newId: () => uuidV7(now()), maxQueued: MOST_QUEUED, stats, losses, warn });
  loadNodeHost((host: NodeHost) => {
    const spool = openSpool(host, { url, apiKey: api_key, directory: env.SLUICE_SPOOL_DIR || undefined }, warn);
    if (spool !== null) queue.useSpool(noticing(spool, own, refusals));
  });
  const endpoint = { url, apiKey: api_key };
  const courier = new Courier({
    endpoint,
    queue,
    losses,
    stats,
    timeout: Math.max(ANSWER_MS, within_ms),
    warn,
    unusable: (parts) => {
      for (const { line, ...part } of parts) if (isOf(own, line)) unusable.push(unusableText(part));
    },
    info: () => {},
  });
  const append = (line: string, at: number) => {
    queue.append(line, at);
    courier.wake();
  };
  const sink = createSink({ now, newId: uuidV7, append, tell: warn, dropped: () => {}, later: () => {}, losses });
  return {
    put(report) {
      const id = report.id ?? uuidV7(now());
      own.add(id);
      sink.putWhole({ ...report, id });
    },
    drain: () => drain(courier, now() + within_ms),
    async close() {
      await courier.flushAtExit(now() + within_ms);
      courier.stop();
      queue.handOverAll();
      const folder = queue.spool?.folder ?? null;
      // What the client adds for long-running programs is said better by whoever shows the outcome.
      const why = warnings.at(-1)?.replace(/; (reports wait in|they are (kept in|lost)).*$/, "") ?? null;
      const said = { spool: folder, unusable };
      if (refusals.length > 0) return { outcome: "refused", detail: refusals[0]!, ...said };
      if (folder === null && stats.dead > 0) return { outcome: "refused", detail: why, ...said };
      if (queue.handedOver().size > 0) return { outcome: "spooled", detail: why, ...said };
      if (queue.isEmpty && stats.dropped === 0) return { outcome: "delivered", detail: null, ...said };
      return { outcome: "lost", detail: why, ...said };
    },
  };
}

function isOf(own: ReadonlySet<string>, line: string): boolean {
  const { id } = JSON.parse(line) as { id?: string };
  return id !== undefined && own.has(id);
}

/** The spool, with an eye on what of our own is refused: it may also hold what others left. */
function noticing(spool: Spool, own: ReadonlySet<string>, refusals: string[]): Spool {
  return {
    ...spool,
    bury(refused) {
      for (const { line, refusal } of refused) {
        if (isOf(own, line)) refusals.push(`${refusal.detail} (${refusal.code})`);
      }
      spool.bury(refused);
    },
  };
}
