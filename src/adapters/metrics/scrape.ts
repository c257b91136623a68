import { performance } from "node:perf_hooks";
import type { Writable } from "node:stream";
import type { Registry } from "prom-client";
import type { AgentTelemetry } from "./agent/telemetry.ts";
import { bodyChunks } from "./body.ts";
import type { Exposition } from "./exposition/exposition.ts";

/**
 * The only content type, whatever the reader accepts: Prometheus 3 refuses a missing type, and prom-client renames counters for
 * good once it has rendered OpenMetrics.
 */
export const METRICS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export interface ScrapeSources {
  exposition: Exposition;
  /** Whether the exposition is a part of it: of several agents one shows it. */
  shows: () => boolean;
  agent: { readonly registry: Registry };
  telemetry: AgentTelemetry;
}

/**
 * Writes one body from the three sources and ends the sink, which must be done with a chunk when it calls back, as sockets,
 * HTTP responses and zlib are and a PassThrough is not: each chunk uses the memory of the one before. So a slow reader costs
 * no more than a quick one, and a scrape leaves no garbage. A sink that closes ends the scrape.
 */
export async function writeScrape(sources: ScrapeSources, sink: Writable): Promise<void> {
  const gone = new Promise<false>((resolve) => {
    sink.once("close", () => resolve(false));
    sink.once("error", () => resolve(false));
  });
  for await (const chunk of chunks(sources)) {
    if (sink.destroyed) return;
    const written = new Promise<boolean>((resolve) => sink.write(chunk, (error) => resolve(error == null)));
    if (!(await Promise.race([written, gone]))) return;
  }
  sink.end();
}

/** The same for readers that keep the chunks: each chunk has memory of its own. */
export async function* scrapeChunks(sources: ScrapeSources): AsyncGenerator<Buffer> {
  for await (const chunk of chunks(sources)) yield Buffer.from(chunk);
}

/** Replaces the text of a failing source by a comment: the other sources, above all the domain's, are still needed. */
async function* chunks({ exposition, shows, agent, telemetry }: ScrapeSources): AsyncGenerator<Buffer> {
  const start = performance.now();
  if (shows()) yield* bodyChunks(exposition);
  yield await textOf("process", () => agent.registry.metrics());
  yield await textOf("telemetry", () => telemetry.serialize());
  telemetry.record("scrape_duration_seconds", (performance.now() - start) / 1000);
}

async function textOf(source: string, render: () => Promise<string>): Promise<Buffer> {
  let text: string;
  try {
    text = await render();
  } catch {
    text = `# sluice: the ${source} metrics could not be read`;
  }
  return Buffer.from(text.endsWith("\n") ? text : `${text}\n`);
}
