import { bodyChunks } from "../../../src/adapters/metrics/body.ts";
import { MetricsRecorder } from "../../../src/adapters/metrics/domain/recorder.ts";
import { Exposition, type ExpositionOptions } from "../../../src/adapters/metrics/exposition/exposition.ts";
import { type Committed, nothingCommitted } from "../../../src/domain/commit/committed.ts";

export const NOW = Date.UTC(2026, 10, 20, 2, 0, 0);
export const LONG_AGO = NOW - 86_400_000;

export interface TestMetrics {
  exposition: Exposition;
  recorder: MetricsRecorder;
  clock: { at: number };
  dropped: Map<string, number>;
  failures: unknown[];
  observe(part: Partial<Committed>): void;
  /** Sample lines, blanks collapsed, in the body's order. */
  samples(): Promise<string[]>;
  body(): Promise<string>;
}

/** A recorder on a clock that stands still, without a birth hold unless asked for. */
export function newMetrics(options: Partial<ExpositionOptions> = {}): TestMetrics {
  const clock = { at: NOW };
  const dropped = new Map<string, number>();
  const failures: unknown[] = [];
  const exposition = new Exposition({
    clock: { now: () => clock.at },
    birth_hold: 0,
    series_cap: 1_000_000,
    onDropped: (family, series) => dropped.set(family, (dropped.get(family) ?? 0) + series),
    ...options,
  });
  const recorder = new MetricsRecorder(exposition, (error) => failures.push(error));
  const body = () => readAll(bodyChunks(exposition));
  return {
    exposition,
    recorder,
    clock,
    dropped,
    failures,
    observe: (part) => recorder.observe({ ...nothingCommitted(), ...part }),
    body,
    samples: async () => samplesOf(await body()),
  };
}

async function readAll(chunks: AsyncIterable<Buffer>): Promise<string> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(Buffer.from(chunk));
  return Buffer.concat(all).toString();
}

export function samplesOf(body: string): string[] {
  return body
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => line.replace(/ +(\S+)$/, " $1"));
}
