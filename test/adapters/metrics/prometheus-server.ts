import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { freePort } from "../../../scripts/lib/free-port.mjs";
import { missing } from "./promtool.ts";

export interface Sample {
  metric: Record<string, string>;
  value: number;
}

/** A series with its samples, oldest first: seconds since 1970, and what it was. */
export interface Series {
  metric: Record<string, string>;
  samples: { at: number; value: number }[];
}

type Result = { metric: Record<string, string>; value: [number, string]; values: [number, string][] };

/** A real Prometheus. */
export class PrometheusServer {
  readonly #process: ChildProcess;
  readonly #url: string;
  readonly #directory: string;

  private constructor(process: ChildProcess, url: string, directory: string) {
    this.#process = process;
    this.#url = url;
    this.#directory = directory;
  }

  /** It scrapes `target` (host:port) each second. */
  static start(target: string): Promise<PrometheusServer> {
    return PrometheusServer.startWith({
      global: { scrape_interval: "1s" },
      scrape_configs: [{ job_name: "data_pipeline", static_configs: [{ targets: [target] }] }],
    });
  }

  /** `config`: what stands in prometheus.yml. */
  static async startWith(config: object): Promise<PrometheusServer> {
    const directory = await mkdtemp(join(tmpdir(), "sluice-prometheus-"));
    await writeFile(join(directory, "prometheus.yml"), JSON.stringify(config));
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(
      "prometheus",
      [
        `--config.file=${join(directory, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(directory, "data")}`,
        `--web.listen-address=${address}`,
        "--log.level=error",
      ],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    await once(child, "spawn").catch((error) => {
      throw missing("prometheus", error);
    });
    const server = new PrometheusServer(child, `http://${address}`, directory);
    await server.until(async () => (await fetch(`http://${address}/-/ready`)).ok);
    return server;
  }

  async query(promql: string): Promise<Sample[]> {
    return (await this.#ask(promql)).map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  /** Of a range (`up[5m]`): what was scraped, as it was scraped. */
  async samples(selector: string): Promise<Series[]> {
    return (await this.#ask(selector)).map(({ metric, values }) => {
      return { metric, samples: values.map(([at, value]) => ({ at, value: Number(value) })) };
    });
  }

  /** What it says of itself: the sum of this family. */
  async own(family: string): Promise<number> {
    const text = await (await fetch(`${this.#url}/metrics`)).text();
    const lines = text.split("\n").filter((line) => line.startsWith(`${family} `) || line.startsWith(`${family}{`));
    if (lines.length === 0) throw new Error(`Prometheus has no ${family}`);
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
  }

  async #ask(promql: string): Promise<Result[]> {
    const response = await fetch(`${this.#url}/api/v1/query?${new URLSearchParams({ query: promql })}`);
    const body = (await response.json()) as { error?: string; data: { result: Result[] } };
    if (body.error !== undefined) throw new Error(body.error);
    return body.data.result;
  }

  /** Asks again until it is so; a failed request counts as no. */
  async until(holds: () => Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + 300_000; Date.now() < deadline; ) {
      if (await holds().catch(() => false)) return;
      await setTimeout(50);
    }
    throw new Error("waited 5 min in vain");
  }

  async stop(): Promise<void> {
    const exit = once(this.#process, "exit");
    this.#process.kill();
    await exit;
    await rm(this.#directory, { recursive: true });
  }
}
