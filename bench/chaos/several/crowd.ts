import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import pg from "pg";
import { freePort } from "../../../scripts/lib/free-port.mjs";
import type { DebianPostgres } from "../../../test/support/debian-postgres.ts";
import { type TcpGate, tcpGate } from "../../../test/support/tcp-gate.ts";
import { type Agent, startAgent } from "../../lib/agent.ts";
import { answers } from "../../lib/servers.ts";
import { Clients, type Told } from "../clients.ts";
import { gateProblems } from "../gates.ts";
import { type Query, violations } from "../invariants.ts";
import { Random } from "../random.ts";
import { ReportMaker } from "../reports.ts";
import { Flips } from "./flips.ts";

const READY_WITHIN_MS = 90_000;
/** Totals of others are read once a second; a lost holder is replaced within 8 s. */
const SHOWN_WITHIN_MS = 30_000;

/** One of the agents, at an address that outlives it, with a way to the database of its own. */
export interface Seat {
  agent: Agent;
  port: number;
  dataDir: string;
  gate: TcpGate;
}

/** Several agents on one database under load, and everything that their clients were told. */
export class Crowd {
  readonly random: Random;
  readonly postgres: DebianPostgres;
  readonly seats: Seat[];
  readonly #clients: Clients;
  readonly #flips: Flips;

  private constructor(seed: number, postgres: DebianPostgres, seats: Seat[]) {
    this.random = new Random(seed);
    this.postgres = postgres;
    this.seats = seats;
    const random = new Random(seed + 1);
    const anyone = () => random.pick(seats).agent.url;
    this.#clients = new Clients({ url: anyone, count: 8, maker: new ReportMaker(random, Date.now()), random });
    this.#flips = new Flips(() => seats.map(({ agent }) => agent.url), anyone);
  }

  static async open(seed: number, postgres: DebianPostgres, count: number): Promise<Crowd> {
    const seats: Seat[] = [];
    for (let i = 0; i < count; i++) {
      const dataDir = await mkdtemp(join(tmpdir(), "sluice-chaos-"));
      await writeFile(join(dataDir, "sluice.yaml"), "metrics:\n  birth_hold: 0s\n");
      const server = new URL(postgres.url);
      const gate = await tcpGate({ host: server.hostname, port: Number(server.port) });
      const port = await freePort();
      seats.push({ agent: await start(postgres, { port, dataDir, gate }), port, dataDir, gate });
    }
    return new Crowd(seed, postgres, seats);
  }

  get told(): Told {
    return this.#clients.told;
  }

  /** Milliseconds from a commit on one agent to the right answer of each other, of all that were asked. */
  get lags(): number[] {
    return this.#flips.lags;
  }

  load(): void {
    this.#clients.start();
    this.#flips.start();
  }

  async restart(seat: Seat): Promise<void> {
    seat.agent = await start(this.postgres, seat);
  }

  /** Waits until everything that was sent is acknowledged and all agents are ready, and tells what is not as it must be. */
  async settle(): Promise<string[]> {
    await Promise.all(this.seats.map(({ agent }) => ready(agent)));
    await Promise.all([this.#clients.drain(), this.#flips.drain()]);
    const found = [...this.told.violations.splice(0), ...this.#flips.violations.splice(0)];
    for (const { agent } of this.seats) found.push(...(await eventually(() => gateProblems(agent.url))));
    found.push(...(await eventually(() => this.#differences())), ...(await eventually(() => this.#stored())));
    return found;
  }

  async close(): Promise<void> {
    for (const { agent, gate, dataDir } of this.seats) {
      gate.open();
      await agent.stop();
      gate.close();
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
    const showing = bodies.filter((body) => body.includes("# TYPE pipeline_runs_total"));
    if (showing.length !== 1) return [`${showing.length} agents show the metrics of pipelines`];
    const client = new pg.Client(this.postgres.url);
    await client.connect();
    try {
      await client.query("SET TimeZone = 'UTC'");
      const query: Query = async (sql) => (await client.query(sql)).rows;
      const acknowledged = [...this.told.acknowledged, ...this.#flips.acknowledged];
      const ids = this.told.ids + this.#flips.ids;
      const found = await violations({ query, metrics: showing[0]!, acknowledged, ids });
      const broken = await query(NOT_IN_A_ROW);
      return broken.length === 0 ? found : [...found, `decisions are not in a row: ${JSON.stringify(broken[0])}`];
    } finally {
      await client.end();
    }
  }
}

/** Decisions that were not made from the one before. */
const NOT_IN_A_ROW = `
  SELECT * FROM (
    SELECT pipeline_id, revision, from_decision, lag(decision) OVER w AS before, lag(revision) OVER w AS last
      FROM gate_transition WINDOW w AS (PARTITION BY pipeline_id ORDER BY revision)) t
   WHERE from_decision IS DISTINCT FROM before OR revision = last`;

function start(postgres: DebianPostgres, { port, dataDir, gate }: Omit<Seat, "agent">): Promise<Agent> {
  const url = new URL(postgres.url);
  url.hostname = "127.0.0.1";
  url.port = String(gate.port);
  return startAgent({ dataDir, port, database_url: url.href, env: { SLUICE_CONFIG: join(dataDir, "sluice.yaml") } });
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
