import { setTimeout as sleep } from "node:timers/promises";

export interface IngestOptions {
  url: string;
  reports_per_second: number;
  /** The reports in their order, from 0. */
  reportOf: (serial: number) => object;
}

const BATCHES_PER_SECOND = 10;
/** Batches on their way: a slow agent is not sent ever more of them. */
const MOST_AT_ONCE = 50;

export interface Ingest {
  /** Reports acknowledged since it began. */
  readonly acknowledged: number;
  stop(): Promise<void>;
}

/** Sends so many reports a second in small batches, whatever else is measured meanwhile. */
export function startIngest({ url, reports_per_second, reportOf }: IngestOptions): Ingest {
  const items = Math.round(reports_per_second / BATCHES_PER_SECOND);
  const headers = { "content-type": "application/json" };
  let acknowledged = 0;
  let serial = 0;
  let going = true;
  const send = async () => {
    const body = JSON.stringify(Array.from({ length: items }, () => reportOf(serial++)));
    const response = await fetch(`${url}/v1/reports`, { method: "POST", headers, body });
    const answer = (await response.json()) as { accepted: number };
    if (answer.accepted !== items) throw new Error(`ingest: ${response.status} ${JSON.stringify(answer)}`);
    acknowledged += items;
  };
  const sending = new Set<Promise<void>>();
  const running = (async () => {
    for (let next = performance.now(); going; next += 1000 / BATCHES_PER_SECOND) {
      await sleep(Math.max(0, next - performance.now()));
      while (sending.size >= MOST_AT_ONCE) await Promise.race(sending);
      const batch: Promise<void> = send().finally(() => sending.delete(batch));
      sending.add(batch);
    }
    await Promise.all(sending);
  })();
  running.catch(() => {});
  return {
    get acknowledged() {
      return acknowledged;
    },
    async stop() {
      going = false;
      await running;
    },
  };
}
