import { mkdirSync, writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { Gauge, Histogram, Registry } from "prom-client";
import { bodyChunks } from "../src/adapters/metrics/body.ts";
import { Exposition } from "../src/adapters/metrics/exposition/exposition.ts";

/** S4: what a scrape of many series costs, of which some changed since the last one, beside prom-client with the same series. */

const SERIES = 100_000;
const CHANGED = 500;
const REPETITIONS = 25;
const BOUNDS = [10, 30, 60, 120, 300, 600, 1800, 3600];
/** Time series of one histogram: buckets, +Inf, sum, count. */
const LINES = BOUNDS.length + 3;

interface Subject {
  /** Changes one label set. */
  change(i: number, value: number): void;
  /** Reads a whole body; its bytes. */
  scrape(): Promise<number>;
}

interface Figures {
  name: string;
  scrape_ms: number;
  pause_ms: number;
  longest_pause_ms: number;
  change_ns: number;
  memory_mb: number;
  bytes: number;
}

const pipelines = Array.from({ length: 10_000 }, (_, i) => `pipeline_${i}`);
const checks = Array.from({ length: 10 }, (_, i) => `check_${i}`);
const pipelineOf = (i: number) => pipelines[i % pipelines.length]!;
const checkOf = (i: number) => checks[Math.floor(i / pipelines.length) % checks.length]!;

function newExposition(): Exposition {
  return new Exposition({ clock: Date, birth_hold: 35_000, series_cap: 1_000_000, onDropped: () => {} });
}

async function readOurs(exposition: Exposition): Promise<number> {
  let bytes = 0;
  for await (const chunk of bodyChunks(exposition)) bytes += chunk.length;
  return bytes;
}

const subjects: Record<string, { sets: number; start(): Subject }> = {
  "gauges, prom-client": {
    sets: SERIES,
    start() {
      const registry = new Registry();
      const labelNames = ["pipeline_name", "check_name"];
      const gauge = new Gauge({ name: "data_quality_score", help: "Score.", labelNames, registers: [registry] });
      return {
        change: (i, value) => gauge.set({ pipeline_name: pipelineOf(i), check_name: checkOf(i) }, value),
        scrape: async () => Buffer.byteLength(await registry.metrics()),
      };
    },
  },
  "gauges, ours": {
    sets: SERIES,
    start() {
      const exposition = newExposition();
      return {
        change: (i, value) => exposition.gauge("data_quality_score", [pipelineOf(i), checkOf(i)], value),
        scrape: () => readOurs(exposition),
      };
    },
  },
  "histograms, prom-client": {
    sets: Math.floor(SERIES / LINES),
    start() {
      const registry = new Registry();
      const options = { name: "pipeline_duration_seconds", help: "Duration.", labelNames: ["pipeline_name"] };
      const histogram = new Histogram({ ...options, buckets: BOUNDS, registers: [registry] });
      return {
        change: (i, value) => histogram.observe({ pipeline_name: pipelineOf(i) }, value * 4000),
        scrape: async () => Buffer.byteLength(await registry.metrics()),
      };
    },
  },
  "histograms, ours": {
    sets: Math.floor(SERIES / LINES),
    start() {
      const exposition = newExposition();
      return {
        change(i, value) {
          const histogram = { buckets: [1, 2, 0, 0, 0, 0, 0, 0, 1], sum: value * 4000, count: 4 };
          exposition.histogram("pipeline_duration_seconds", [pipelineOf(i)], histogram, 0);
        },
        scrape: () => readOurs(exposition),
      };
    },
  },
};

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;
const memory = () => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** The longest time between two turns of the event loop. */
function probeTurns(): { longest(): Promise<number> } {
  let last = performance.now();
  let longest = 0;
  let running = true;
  const turn = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (running) setImmediate(turn);
  };
  setImmediate(turn);
  return {
    async longest() {
      await setTimeout(1);
      running = false;
      return longest;
    },
  };
}

async function idlePauses(): Promise<number[]> {
  const pauses: number[] = [];
  for (let round = 0; round < REPETITIONS; round++) {
    const probe = probeTurns();
    await setTimeout(3);
    pauses.push(await probe.longest());
  }
  return pauses;
}

async function measure(name: string, sets: number, start: () => Subject): Promise<Figures> {
  const before = memory();
  const subject = start();
  for (let i = 0; i < sets; i++) subject.change(i, Math.random());
  const memory_mb = (memory() - before) / 1e6;
  let bytes = await subject.scrape();
  const scrapes: number[] = [];
  const pauses: number[] = [];
  const changes: number[] = [];
  for (let round = 0; round < REPETITIONS; round++) {
    const changing = performance.now();
    for (let i = 0; i < CHANGED; i++) subject.change((i * 7919 + round * 104_729) % sets, Math.random());
    changes.push(((performance.now() - changing) * 1e6) / CHANGED);
    await setTimeout(20);
    const probe = probeTurns();
    const scraping = performance.now();
    bytes = await subject.scrape();
    scrapes.push(performance.now() - scraping);
    pauses.push(await probe.longest());
  }
  return {
    name,
    scrape_ms: median(scrapes),
    pause_ms: median(pauses),
    longest_pause_ms: pauses.at(-1)!,
    change_ns: median(changes),
    memory_mb,
    bytes,
  };
}

const figures: Figures[] = [];
for (const [name, { sets, start }] of Object.entries(subjects)) figures.push(await measure(name, sets, start));

const scrapeOf = (name: string) => figures.find((row) => row.name === name)!.scrape_ms;
const ratios = {
  gauges: scrapeOf("gauges, ours") / scrapeOf("gauges, prom-client"),
  histograms: scrapeOf("histograms, ours") / scrapeOf("histograms, prom-client"),
};
const ours = figures.filter(({ name }) => name.endsWith("ours"));
const pause_ms = Math.max(...ours.map((row) => row.pause_ms));
const longest_pause_ms = Math.max(...ours.map((row) => row.longest_pause_ms));
const idle = await idlePauses();
const idle_pause_ms = Math.max(...idle);

console.log(
  `S4  /metrics at ${SERIES} series, ${CHANGED} label sets changed since the last scrape, ${REPETITIONS} scrapes each`,
);
console.table(
  Object.fromEntries(
    figures.map((row) => [
      row.name,
      {
        "scrape, median ms": row.scrape_ms.toFixed(2),
        "pause, median ms": row.pause_ms.toFixed(2),
        "pause, longest ms": row.longest_pause_ms.toFixed(1),
        "change, median ns": Math.round(row.change_ns),
        "memory, MB": globalThis.gc ? row.memory_mb.toFixed(1) : "needs --expose-gc",
        "body, MB": (row.bytes / 1e6).toFixed(1),
      },
    ]),
  ),
);
console.log(
  `scrape, ours / prom-client: gauges ${ratios.gauges.toFixed(4)}, histograms ${ratios.histograms.toFixed(4)} (goal 0.01)`,
);
console.log(
  `pause in a scrape, ours: median ${pause_ms.toFixed(1)} ms, longest ${longest_pause_ms.toFixed(1)} ms (goal 5); ` +
    `with nothing to do the machine itself pauses up to ${idle_pause_ms.toFixed(1)} ms`,
);
mkdirSync("bench/results", { recursive: true });
writeFileSync(
  "bench/results/metrics.json",
  `${JSON.stringify({ ratios, pause_ms, longest_pause_ms, idle_pause_ms, figures }, null, 2)}\n`,
);
