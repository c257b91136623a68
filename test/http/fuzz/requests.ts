import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import type { Sending } from "../../support/agent.ts";
import { nasty, number, text } from "./nasty.ts";
import { FEATURES, name, REPORTS, reference } from "./reports.ts";

const ROUTES = {
  "/v1/runs": "run",
  "/v1/records": "records",
  "/v1/quality": "quality",
  "/v1/latency": "latency",
  "/v1/freshness": "freshness",
  "/v1/schema": "schema",
  "/v1/drift": "drift",
} as const;

const item = fc.oneof(...Object.entries(REPORTS).map(([kind, body]) => body.map((fields) => ({ ...fields, kind }))));
const batch = fc.array(fc.oneof({ arbitrary: item, weight: 9 }, { arbitrary: nasty, weight: 1 }), { maxLength: 8 });

/** A request to be sent; `cut`: the client goes away after so many bytes of the body. */
export type Hostile = Sending & { cut?: number };

const json = (value: unknown): string => JSON.stringify(value) ?? "";
const post = (path: string, body: fc.Arbitrary<unknown>) =>
  body.map(
    (value): Hostile => ({ method: "POST", path, headers: { "content-type": "application/json" }, body: json(value) }),
  );
const reports = fc.oneof(
  ...Object.entries(ROUTES).map(([path, kind]) => post(path, REPORTS[kind])),
  post("/v1/reports", batch),
  batch.map(
    (items): Hostile => ({
      method: "POST",
      path: "/v1/reports",
      headers: { "content-type": "application/x-ndjson" },
      body: items.map(json).join("\n"),
    }),
  ),
);

const anyPath = fc.constantFrom(...Object.keys(ROUTES), "/v1/reports");
const nonsense = fc.oneof(
  fc.tuple(anyPath, nasty).chain(([path, value]) => post(path, fc.constant(value))),
  fc.record({
    method: fc.constantFrom("POST", "PUT", "PATCH", "DELETE", "OPTIONS"),
    path: anyPath,
    headers: fc.record({
      "content-type": fc.constantFrom(
        "application/json",
        "application/x-ndjson",
        "text/plain",
        "x",
        "application/json; charset=x",
      ),
    }),
    body: fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
  }),
);

const PACKERS = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  identity: (body: Buffer) => body,
  zstd: (body: Buffer) => body,
};
/** Packed as announced, as something else, or packed and then damaged. */
const packed = fc
  .tuple(
    reports,
    fc.constantFrom(...Object.keys(PACKERS)),
    fc.constantFrom(...Object.keys(PACKERS)),
    fc.boolean(),
    fc.nat(),
  )
  .map(([sending, announced, used, honest, place]): Hostile => {
    const pack = PACKERS[(honest ? announced : used) as keyof typeof PACKERS];
    const body = pack(Buffer.from(sending.body as string));
    if (!honest && body.length > 0) body[place % body.length] = (body[place % body.length] ?? 0) ^ 0xff;
    return { ...sending, headers: { ...sending.headers, "content-encoding": announced }, body };
  });

const large = fc.constantFrom<() => Hostile>(
  () => ({
    method: "POST",
    path: "/v1/reports",
    headers: { "content-type": "application/json", "content-encoding": "gzip" },
    body: BOMB,
  }),
  () => ({
    method: "POST",
    path: "/v1/runs",
    headers: { "content-type": "application/json" },
    body: "[".repeat(100_000),
  }),
  () => ({
    method: "POST",
    path: "/v1/latency",
    headers: { "content-type": "application/json" },
    body: `{"pipeline_name": "p", "seconds": [${'"x",'.repeat(50_000)}1]}`,
  }),
  () => ({
    method: "POST",
    path: "/v1/reports",
    headers: { "content-type": "application/x-ndjson" },
    body: "{}\n".repeat(20_000),
  }),
);
const BOMB = Buffer.concat(new Array(4).fill(gzipSync(Buffer.alloc(8 * 1024 * 1024))));

const encoded = text.map((value) => encodeURIComponent(value.toString().replace(/[\ud800-\udfff]/g, "")));
const parameter = fc.constantFrom(
  "pipeline_name",
  "status",
  "since",
  "until",
  "limit",
  "cursor",
  "days",
  "kind",
  "check_name",
  "group_by",
  "__proto__",
  "x",
);
const queries = fc.array(
  fc.tuple(
    parameter,
    fc.oneof(
      encoded,
      number.map(String),
      name.map(encodeURIComponent),
      fc.constantFrom("day", "quality", "success", "1", "30", "2026-11-01T00:00:00Z"),
    ),
  ),
  { maxLength: 3 },
);
const cursor = nasty.map((value) => Buffer.from(json(value)).toString("base64url"));
const reading = fc
  .record({
    path: fc.oneof(
      fc.constantFrom(
        "/v1/runs",
        "/v1/quality",
        "/v1/sla",
        "/v1/pipelines",
        "/metrics",
        "/v1/drift/drifting",
        "/v1/drift/drifting/age",
        "/v1/references/drifting",
        "/docs",
        "/openapi.json",
        "/",
      ),
      fc
        .tuple(
          fc.constantFrom(
            "/v1/runs/",
            "/v1/sla/",
            "/v1/pipelines/",
            "/v1/drift/",
            "/v1/references/",
            "/docs/static/",
            "/",
          ),
          fc.array(encoded, { maxLength: 3 }),
        )
        .map(([start, parts]) => start + parts.join("/")),
    ),
    query: fc.oneof(
      queries.map((pairs) => pairs.map((pair) => pair.join("=")).join("&")),
      cursor.map((value) => `cursor=${value}`),
    ),
    accept: fc.constantFrom("text/csv", "application/json", "*/*"),
    method: fc.constantFrom("GET", "GET", "GET", "HEAD", "POST", "DELETE"),
  })
  .map(
    ({ path, query, accept, method }): Hostile => ({
      method,
      path: query === "" ? path : `${path}?${query}`,
      headers: { accept },
    }),
  );

/** References of the features that drift reports are about. */
const referring = fc
  .tuple(
    fc.constantFrom("PUT", "PUT", "PUT", "GET", "DELETE", "POST"),
    fc.constantFrom("drifting", "other"),
    fc.oneof(fc.constantFrom(...FEATURES.map(encodeURIComponent)), encoded),
    fc.constantFrom("", "", "", "/versions", "/promote", "/versions/x/activate"),
    reference,
  )
  .map(([method, pipeline, feature, more, value]): Hostile => {
    const path = `/v1/references/${pipeline}/${feature}${more}`;
    return method === "GET"
      ? { method, path }
      : { method, path, headers: { "content-type": "application/json" }, body: json(value) };
  });

const keyed = fc.tuple(reports, fc.string({ unit: "binary-ascii" })).map(
  ([sending, key]): Hostile => ({
    ...sending,
    headers: { ...sending.headers, "idempotency-key": key.replace(/[^\t\x20-\x7e]/g, "") },
  }),
);
const cut = fc.tuple(reports, fc.nat({ max: 50 })).map(([sending, bytes]): Hostile => ({ ...sending, cut: bytes }));

export const hostileRequest: fc.Arbitrary<Hostile> = fc.oneof(
  { arbitrary: reports, weight: 40 },
  { arbitrary: reading, weight: 25 },
  { arbitrary: nonsense, weight: 15 },
  { arbitrary: referring, weight: 10 },
  { arbitrary: packed, weight: 10 },
  { arbitrary: keyed, weight: 5 },
  { arbitrary: cut, weight: 4 },
  { arbitrary: large.map((make) => make()), weight: 1 },
);
