import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { startTelemetry } from "../../../../src/adapters/metrics/agent/telemetry.ts";
import { parseTraceparent } from "../../../../src/adapters/metrics/agent/tracing.ts";
import { checkMetrics } from "../promtool.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

test("work is timed, also when it throws, and what it returns or throws goes on", async () => {
  const telemetry = await startTelemetry({ version: "1", otlp_endpoint: null });
  expect(await telemetry.time("commit_duration_seconds", {}, async () => 42)).toBe(42);
  const failing = telemetry.time("commit_duration_seconds", {}, () => Promise.reject(new TypeError("no")));
  await expect(failing).rejects.toThrow(new TypeError("no"));
  telemetry.record("commit_reports", 700);
  const text = await telemetry.serialize();
  expect(text).toContain("sluice_commit_duration_seconds_count 2\n");
  expect(text).toContain('sluice_commit_reports_bucket{le="500.0"} 0\n');
  expect(text).toContain('sluice_commit_reports_bucket{le="1000.0"} 1\n');
  expect(text).not.toContain("target_info");
  expect(text).not.toContain("otel_scope");
  expect(checkMetrics(text)).toBe("");
  await telemetry.shutdown();
});

test("requests are counted by route, method and class of status, a bound among those below it", async () => {
  const telemetry = await startTelemetry({ version: "1", otlp_endpoint: null });
  expect(await telemetry.serialize()).not.toContain("http_request");
  const route = "/v1/gates/:name";
  for (const [status, seconds] of [
    [200, 0.25],
    [204, 0.3],
    [404, 20],
  ] as const) {
    telemetry.request({ method: "GET", route, status, seconds });
  }
  telemetry.record("commit_reports", 1);
  telemetry.request({ method: "POST", route: "none", status: 404, seconds: 0.0001 });
  const text = await telemetry.serialize();
  const value = (sample: string) =>
    text.match(new RegExp(`^sluice_http_request_duration_seconds_${sample} (\\S+)$`, "m"))?.[1];
  const good = 'method="GET",route="/v1/gates/:name",status="2xx"';
  expect(
    ["0.1", "0.25", "0.5", "10.0", "+Inf"].map((le) => value(`bucket{${good},le="${le.replace("+", "\\+")}"}`)),
  ).toEqual(["0", "1", "2", "2", "2"]);
  expect([value(`sum{${good}}`), value(`count{${good}}`)]).toEqual(["0.55", "2"]);
  expect(value('bucket{method="GET",route="/v1/gates/:name",status="4xx",le="10.0"}')).toBe("0");
  expect(value('count{method="GET",route="/v1/gates/:name",status="4xx"}')).toBe("1");
  expect(value('bucket{method="POST",route="none",status="4xx",le="0.001"}')).toBe("1");
  expect(checkMetrics(text)).toBe("");
  await telemetry.shutdown();
});

test("two of them in one process do not share anything", async () => {
  const [one, two] = await Promise.all([1, 2].map(() => startTelemetry({ version: "1", otlp_endpoint: null })));
  one!.record("commit_reports", 1);
  expect(await two!.serialize()).not.toContain("sluice_commit_reports");
  await one!.shutdown();
  await two!.shutdown();
});

test("with a collector the same work is sent as spans that link to what it worked on", async () => {
  const received: string[] = [];
  const collector = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push(`${request.url} ${Buffer.concat(chunks)}`);
    response.end("{}");
  }).listen(0, "127.0.0.1");
  await once(collector, "listening");
  const otlp_endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`;
  const telemetry = await startTelemetry({ version: "1.2.3", otlp_endpoint });
  const traceparents = [`00-${TRACE}-${SPAN}-01`, "malformed"];
  await telemetry.time("commit_duration_seconds", { reports: 3 }, async () => undefined, traceparents);
  await telemetry.time("commit_duration_seconds", {}, () => Promise.reject(new TypeError("secret"))).catch(() => {});
  await telemetry.shutdown();
  collector.close();
  const sent = received.join();
  expect(sent).toContain("/v1/traces ");
  const { resourceSpans } = JSON.parse(received[0]!.slice("/v1/traces ".length));
  expect(JSON.stringify(resourceSpans[0].resource)).toContain('"sluice"');
  const [first, second] = resourceSpans[0].scopeSpans[0].spans;
  expect(first).toMatchObject({ name: "commit", links: [{ traceId: TRACE, spanId: SPAN }] });
  expect(second).toMatchObject({ name: "commit", status: { code: 2, message: "TypeError" } });
  expect(sent).not.toContain("secret");
});

test("a traceparent of zeros or of another shape is none", () => {
  expect(parseTraceparent(`00-${TRACE}-${SPAN}-01`)).toMatchObject({ traceId: TRACE, spanId: SPAN, traceFlags: 1 });
  for (const wrong of [
    "",
    `00-${"0".repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${"0".repeat(16)}-01`,
    `00-${TRACE}-${SPAN}`,
  ]) {
    expect(parseTraceparent(wrong)).toBeNull();
  }
});
