import type { OutgoingHttpHeaders } from "node:http";
import type { Writable } from "node:stream";
import { createGzip } from "node:zlib";
import type { TypedApp } from "../../server/typed-app.ts";

export interface MetricsSource {
  content_type: string;
  /** Writes one body and ends the sink; resolves early when the sink goes away. */
  write: (sink: Writable) => Promise<void>;
  /** Ask for an API key here too. */
  require_key: boolean;
}

export function metricsRoute(app: TypedApp, { content_type, write, require_key }: MetricsSource): void {
  const schema = { tags: ["health"], summary: "Everything, for Prometheus", produces: ["text/plain"] };
  app.get("/metrics", { schema, config: { role: require_key ? "read" : "none" } }, (request, reply) => {
    const packed = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
    const { raw } = reply;
    reply.hijack();
    raw.writeHead(200, {
      ...(reply.getHeaders() as OutgoingHttpHeaders),
      "content-type": content_type,
      vary: "accept-encoding",
      ...(packed ? { "content-encoding": "gzip" } : {}),
    });
    // Level 1: higher ones cost several times more and save nothing on this text.
    const sink = packed ? createGzip({ level: 1 }) : raw;
    if (sink !== raw) {
      sink.pipe(raw);
      raw.on("close", () => sink.destroy());
    }
    write(sink).catch((error) => raw.destroy(error));
  });
}
