import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import pg from "pg";
import { freePort } from "../../../scripts/lib/free-port.mjs";
import { startBalancer } from "../../../scripts/stack/several/balancer.mjs";
import { type TcpGate, tcpGate } from "../../../test/support/tcp-gate.ts";
import { type Agent, startAgent } from "../../lib/agent.ts";
import { answers } from "../../lib/servers.ts";
import { Clients, type Told } from "../clients.ts";
import { gateProblems } from "../gates.ts";
import { type Query, violations } from "../invariants.ts";
import { Random } from "../random.ts";
import { ReportMaker } from "../reports.ts";
import { Flips } from "./flips.ts";
import type { Load } from "./load.ts";
import { Sender } from "./sender.ts";

const READY_WITHIN_MS = 90_000;
/** Totals of others are read once a second; a lost holder is replaced within 8 s. */
const SHOWN_WITHIN_MS = 30_000;

/** One of the agents, at an address that outlives it, with a way of its own to each server of the database. */
export interface Seat {
  agent: Agent;
  port: number;
  dataDir: string;
  gates: TcpGate[];
}

export interface CrowdOptions {
  seed: number;
  /** Servers on 127.0.0.1, and the URL of the one that takes writes. */
  database: { readonly url: string; readonly ports: readonly number[] };
  agents: number;
  /** More lines of sluice.yaml. */
  settings?: string;
  /** Clients ask HAProxy by deploy/haproxy/haproxy.cfg, and not the agents themselves. */
  balanced?: true;
}

/** Several agents on one database under load, and everything that their clients were told. */
export class Crowd {
  readonly random: Random;
  readonly seats: Seat[];
  readonly sender: Sender;
  readonly flips: Flips;
  /** Where clients ask. */
  readonly front: () => string;
  readonly #options: CrowdOptions;
  readonly #clients: Clients;
  readonly #loads: Load[];
  readonly #balancer: Balancer | null;

  private constructor(options: CrowdOptions, seats: Seat[], balancer: Balancer | null) {
    this.random = new Random(options.seed);
    this.seats = seats;
    this.#options = options;
    this.#balancer = balancer;
    const random = new Random(options.seed + 1);
    this.front = () => balancer?.url ?? random.pick(seats).agent.url;
    this.sender = new Sender(this.front);
    this.#clients = new Clients({ url: this.front, count: 8, maker: new ReportMaker(random, Date.now()), random });
    this.flips = new Flips(() => seats.map(({ agent }) => agent.url), this.sender);
    this.#loads = [this.flips];
  }

  static async open(options: CrowdOptions): Promise<Crowd> {
    const seats: Seat[] = [];
    while (seats.length < options.agents) {
      const dataDir = await mkdtemp(join(tmpdir(), "sluice-chaos-"));
      await writeFile(join(dataDir, "sluice.yaml"), `metrics:\n  birth_hold: 0s\n${options.settings ?? ""}`);
      const gates: TcpGate[] = [];
      for (const port of options.database.ports) gates.push(await tcpGate({ host: "127.0.0.1", port }));
      const port = await freePort();
      seats.push({ agent: await start(options, { port, dataDir, gates }), port, dataDir, gates });
    }
    return new Crowd(options, seats, options.balanced ? await balancerOf(seats) : null);
  }

  /** It works on the agents from the next `load` on. */
  add(load: Load): void {
    this.#loads.push(load);
  }

  get told(): Told {
    return this.#clients.told;
  }

  /** Milliseconds from a commit on one agent to the right answer of each other, of all that were asked. */
  get lags(): number[] {
    return this.flips.lags;
  }

  load(): void {
    this.#clients.start();
    for (const load of this.#loads) load.start();
  }

  async restart(seat: Seat): Promise<void> {
    seat.agent = await start(this.#options, seat);
  }

  /** The one that holds the lease. */
  async holder(): Promise<Seat> {
    for (;;) {
      for (const seat of this.seats) if (await shows(seat.agent)) return seat;
      await sleep(50);
    }
  }

  /** Waits until everything that was sent is acknowledged and all agents are ready, and tells what is not as it must be. */
  async settle(): Promise<string[]> {
    await Promise.all(this.seats.map(({ agent }) => ready(agent)));
    await Promise.all([this.#clients, ...this.#loads].map((load) => load.drain()));
    const found = this.told.violations.splice(0);
    for (const { violations } of this.#loads) found.push(...violations.splice(0));
    for (const { agent } of this.seats) found.push(...(await eventually(() => gateProblems(agent.url))));
    found.push(...(await eventually(() => this.#differences())), ...(await eventually(() => this.#stored())));
    return found;
  }

  async close(): Promise<void> {
    await this.#balancer?.stop();
    for (const { agent, gates, dataDir } of this.seats) {
      for (const gate of gates) gate.open();
      await agent.stop();
      for (const gate of gates) gate.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  }

  /** All agents say the same of all gates. */
  async #differences(): Promise<string[]> {
    const said = await Promise.all(
      this.seats.map(async ({ agent }) => {
        const { items } = (await (await fetch(`${agent.url}/v1/gates?limit=1000`)).json()) as { items: object[] };
        return items;
      }),
    );
    return said.every((items) => isDeepStrictEqual(items, said[0])) ? [] : ["agents differ in what gates say"];
  }

  /** One agent shows the pipelines, and shows what is stored; transitions follow each other without a gap. */
  async #stored(): Promise<string[]> {
    const bodies = await Promise.all(this.seats.map(async ({ agent }) => (await fetch(`${agent.url}/metrics`)).text()));
    const showing = bodies.filter(isShowing);
    if (showing.length !== 1) return [`${showing.length} agents show the metrics of pipelines`];
    return this.query(async (query) => {
      const loads = this.#loads;
      const acknowledged = [this.told.acknowledged, ...loads.map((load) => load.acknowledged)].flat();
      const ids = this.told.ids + loads.reduce((sum, load) => sum + load.ids, 0);
      const found = await violations({ query, metrics: showing[0]!, acknowledged, ids });
      const broken = await query(NOT_IN_A_ROW);
      return broken.length === 0 ? found : [...found, `decisions are not in a row: ${JSON.stringify(broken[0])}`];
    });
  }

  /** Asks the database itself. */
  async query<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const client = new pg.Client(this.#options.database.url);
    await client.connect();
    try {
      await client.query("SET TimeZone = 'UTC'");
      return await work(async (sql) => (await client.query(sql)).rows);
    } finally {
      await client.end();
    }
  }
}

interface Balancer {
  url: string;
  stop(): Promise<void>;
}

async function balancerOf(seats: readonly Seat[]): Promise<Balancer> {
  const directory = await mkdtemp(join(tmpdir(), "sluice-chaos-haproxy-"));
  const agentPorts = seats.map(({ port }) => port);
  const log = join(directory, "log");
  const port = await freePort();
  const balancer = await startBalancer({ root: process.cwd(), directory, log, port, agentPorts });
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      await balancer.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const isShowing = (metrics: string) => metrics.includes("# TYPE pipeline_runs_total");

async function shows(agent: Agent): Promise<boolean> {
  const answer = await fetch(`${agent.url}/metrics`, { signal: AbortSignal.timeout(2000) }).catch(() => null);
  return answer?.ok === true && isShowing(await answer.text());
}

/** Decisions that were not made from the one before. */
const NOT_IN_A_ROW = `
  SELECT * FROM (
    SELECT pipeline_id, revision, from_decision, lag(decision) OVER w AS before, lag(revision) OVER w AS last
      FROM gate_transition WINDOW w AS (PARTITION BY pipeline_id ORDER BY revision)) t
   WHERE from_decision IS DISTINCT FROM before OR revision = last`;

function start({ database }: CrowdOptions, { port, dataDir, gates }: Omit<Seat, "agent">): Promise<Agent> {
  const servers = gates.map((gate) => `127.0.0.1:${gate.port}`).join(",");
  const database_url = database.url.replace(/@[^/]*/, `@${servers}`);
  return startAgent({ dataDir, port, database_url, env: { SLUICE_CONFIG: join(dataDir, "sluice.yaml") } });
}

async function ready(agent: Agent): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!(await answers(`${agent.url}/readyz`))) {
    if (performance.now() > deadline) throw new Error(`an agent is not ready again:\n${agent.errors}`);
    await sleep(50);
  }
}

/** What is found wrong for as long as it may take until it is right. */
async function eventually(look: () => Promise<string[]>): Promise<string[]> {
  for (const deadline = performance.now() + SHOWN_WITHIN_MS; ; await sleep(100)) {
    const found = await look().catch((error: Error) => [error.message]);
    if (found.length === 0 || performance.now() > deadline) return found;
  }
}
