import { setTimeout as sleep } from "node:timers/promises";
import { type ToldServer, toldServer } from "../../../test/support/notify/http-server.ts";
import type { Query } from "../invariants.ts";
import type { Load } from "../several/load.ts";
import type { Sender } from "../several/sender.ts";

/** Where these reports lie among the marks of quality: no other report has such a score. */
const GOOD = 8_000_000;
const BAD = 2_000_000;
const LANES = 3;
/** A lost agent's lease of a notice ends after a minute; the longest fault and a try after the longest pause beside it. */
const TOLD_WITHIN_MS = 150_000;

interface Notice {
  notice_id: string;
  kind: string;
  pipeline_name: string;
}

/** The settings of agents that tell this receiver of these pipelines alone, each by itself. */
export function noticeSettings(url: string): string {
  return `notices:
  channels: [{name: hook, type: webhook, url: "${url}/hook"}]
  routes: [{pipeline_name: "told_*", severity: critical, channels: [hook]}]
  group_wait: 0s
  group_at: 10000
`;
}

/**
 * Pipelines that break once and are mended once, each told to a webhook: the message that it is blocked, and the one that this is
 * over, are written once each. One that arrives twice has the same notice_id: an agent was lost between sending and noting it.
 */
export class Notices implements Load {
  readonly violations: string[] = [];
  readonly acknowledged: string[] = [];
  readonly receiver: ToldServer;
  readonly #sender: Sender;
  readonly #pipelines: string[] = [];
  #ids = 0;
  #serial = 0;
  #going = false;
  #running: Promise<unknown> = Promise.resolve();

  private constructor(receiver: ToldServer, sender: Sender) {
    this.receiver = receiver;
    this.#sender = sender;
  }

  static async open(sender: Sender): Promise<Notices> {
    return new Notices(await toldServer(), sender);
  }

  get ids(): number {
    return this.#ids;
  }

  /** Messages that arrived, and those of them that had arrived before. */
  get arrived(): { messages: number; again: string[] } {
    const all = this.#notices();
    const seen = new Set<string>();
    const again = all.filter(({ notice_id }) => seen.size === seen.add(notice_id).size);
    return { messages: all.length, again: again.map(({ kind, pipeline_name }) => `${kind} ${pipeline_name}`) };
  }

  start(): void {
    this.#going = true;
    this.#running = Promise.all(Array.from({ length: LANES }, () => this.#lane()));
  }

  async drain(): Promise<void> {
    this.#going = false;
    await this.#running;
  }

  /** Each change of what a gate says was told by one message, and nothing else was. */
  async told(query: Query): Promise<string[]> {
    const found: string[] = [];
    const ids = new Map<string, Set<string>>();
    for (const { pipeline_name, kind, notice_id } of this.#notices()) {
      const key = `${pipeline_name} ${kind}`;
      ids.set(key, (ids.get(key) ?? new Set()).add(notice_id));
    }
    for (const { key, n } of await query(CHANGES)) {
      const told = ids.get(String(key))?.size ?? 0;
      if (told !== n) found.push(`${key}: decided ${n} times, told by ${told} messages`);
      ids.delete(String(key));
    }
    for (const [key, { size }] of ids) found.push(`${key}: told by ${size} messages, and never decided`);
    const decided = await query("SELECT count(*)::int AS n FROM pipeline WHERE pipeline_name LIKE 'told\\_%'");
    if (decided[0]!.n !== this.#pipelines.length) found.push("pipelines of notices are missing");
    return found;
  }

  async #lane(): Promise<void> {
    while (this.#going) {
      const pipeline_name = `told_${++this.#serial}`;
      this.#pipelines.push(pipeline_name);
      await this.#run(pipeline_name, this.#serial, BAD);
      await this.#untilTold(pipeline_name, "opened");
      await this.#run(pipeline_name, this.#serialOf(pipeline_name), GOOD);
      await this.#untilTold(pipeline_name, "resolved");
    }
  }

  #serialOf(pipeline_name: string): number {
    return Number(pipeline_name.slice("told_".length));
  }

  async #run(pipeline_name: string, serial: number, base: number): Promise<void> {
    const run_id = `${pipeline_name}-${base}`;
    const parts = base + serial;
    const check = { run_id, check_name: "told", score: parts / 1e7, threshold: 0.5 };
    await this.#report("/v1/quality", { pipeline_name, ...check }, `quality ${parts}`);
    await this.#report("/v1/runs", { pipeline_name, run_id, status: "success" }, `run ${run_id} success`);
  }

  async #report(path: string, body: object, mark: string): Promise<void> {
    await this.#sender.insist(path, { id: `${mark} told`, ...body });
    this.#ids++;
    this.acknowledged.push(mark);
  }

  async #untilTold(pipeline_name: string, kind: string): Promise<void> {
    for (const deadline = performance.now() + TOLD_WITHIN_MS; ; await sleep(20)) {
      if (this.#notices().some((notice) => notice.pipeline_name === pipeline_name && notice.kind === kind)) return;
      if (performance.now() < deadline) continue;
      this.violations.push(`nobody was told: ${kind} of ${pipeline_name}`);
      return;
    }
  }

  #notices(): Notice[] {
    return this.receiver.received.flatMap(({ body }) => {
      const { notice_id, kind, pipelines } = body as Omit<Notice, "pipeline_name"> & { pipelines: Notice[] };
      return pipelines.map(({ pipeline_name }) => ({ notice_id, kind, pipeline_name }));
    });
  }
}

/** Each decision that is a message: a pipeline that is blocked, and one that may go on after that. */
const CHANGES = `
  SELECT pipeline_name || CASE decision WHEN 'block' THEN ' opened' ELSE ' resolved' END AS key, count(*)::int AS n
    FROM gate_transition JOIN pipeline USING (pipeline_id)
   WHERE pipeline_name LIKE 'told\\_%' AND (decision = 'block' OR from_decision IS NOT NULL AND decision = 'pass')
   GROUP BY 1`;
