import { describe, expect, it } from "vitest";
import { createClient, type Run, SluiceUsageError } from "../../src/client/index.ts";
import { temporaryDirectory } from "./support/bundle.ts";
import { clientMaker } from "./support/client.ts";

const newClient = clientMaker(temporaryDirectory());
/** Nobody listens there; wrong use is told before anything is sent. */
const NOBODY = "http://127.0.0.1:9";

const LONG = "x".repeat(201);
// Wrong on purpose: JavaScript has no types to stop it.
type Loose = { [K in keyof Run]: (...args: unknown[]) => unknown };

const CALLS: [string, (run: Loose) => unknown, string][] = [
  [
    "a score of 95",
    (run) => run.quality("null_rate", 95),
    'quality("null_rate"): score: 95 given; must be a number from 0 to 1 (95 % is 0.95)',
  ],
  [
    "a score that is NaN",
    (run) => run.quality("null_rate", Number.NaN),
    'quality("null_rate"): score: NaN given; must be a number from 0 to 1',
  ],
  [
    "a score that is missing",
    (run) => run.quality("null_rate"),
    'quality("null_rate"): score: undefined given; must be a number from 0 to 1',
  ],
  [
    "no score and no reason",
    (run) => run.quality("null_rate", null),
    'quality("null_rate"): score: null given without { error }; say why it could not be computed',
  ],
  [
    "a threshold in per cent",
    (run) => run.quality("null_rate", 0.9, { threshold: 80 }),
    'quality("null_rate"): threshold: 80 given; must be a number from 0 to 1 (80 % is 0.8)',
  ],
  [
    "a severity of its own",
    (run) => run.quality("null_rate", 1, { severity: "fatal" }),
    'quality("null_rate"): severity: "fatal" given; must be error or warn',
  ],
  [
    "a check without a name",
    (run) => run.quality("", 1),
    "quality(\"\"): check_name: \"\" given; must be a name of 1 to 200 characters without control characters, not '.' or '..'",
  ],
  [
    "a negative count",
    (run) => run.records("load", -1),
    'records("load"): count: -1 given; must be a whole number from 0 to 9007199254740991',
  ],
  [
    "half a record",
    (run) => run.records("load", 0.5),
    'records("load"): count: 0.5 given; must be a whole number from 0 to 9007199254740991',
  ],
  [
    "a count as text with a separator",
    (run) => run.records("load", "12,000"),
    'records("load"): count: "12,000" given; must be a whole number from 0 to 9007199254740991',
  ],
  [
    "a count that is true",
    (run) => run.records("load", true),
    'records("load"): count: true given; must be a whole number from 0 to 9007199254740991',
  ],
  [
    "what an expected_min is of",
    (run) => run.records("load", 1, { expected_min: 1, expected_min_of: "run" }),
    'records("load"): expected_min_of: "run" given; must be part or stage',
  ],
  [
    "a try before the first",
    (run) => run.records("load", 1, { try: 0 }),
    'records("load"): try: 0 given; must be a whole number from 1 to 1000000',
  ],
  [
    "features that are a list",
    (run) => run.drift([1, 2]),
    "drift: features: an array given; must be an object of features by name",
  ],
  [
    "features that are nothing",
    (run) => run.drift(null),
    "drift: features: null given; must be an object of features by name",
  ],
  [
    "NaN failed records",
    (run) => run.records("load", 1, { failed: Number.NaN }),
    'records("load"): failed: NaN given; must be a whole number from 0 to 9007199254740991',
  ],
  [
    "a stage that is too long",
    (run) => run.records(LONG, 1),
    `stage: "${"x".repeat(80)}…" given; must be a name of 1 to 200 characters`,
  ],
  [
    "a negative latency",
    (run) => run.latency("search", -0.1),
    'latency("search"): seconds: -0.1 given; must be seconds, a number from 0 to 1e6',
  ],
  [
    "a NaN among latencies",
    (run) => run.latency("search", [0.1, Number.NaN]),
    'latency("search"): seconds[1]: NaN given; must be seconds, a number from 0 to 1e6',
  ],
  [
    "a time in milliseconds",
    (run) => run.freshness(1_763_600_000_000),
    "freshness: data_through: 1763600000000 given; must be a Date, an RFC 3339 time such as 2026-11-20T02:00:00Z, or Unix seconds (not milliseconds)",
  ],
  [
    "a time in words",
    (run) => run.freshness("yesterday"),
    'freshness: data_through: "yesterday" given; must be a Date, an RFC 3339 time such as 2026-11-20T02:00:00Z, or Unix seconds',
  ],
  [
    "a Date that is none",
    (run) => run.freshness(new Date("x")),
    "freshness: data_through: an invalid Date given; must be a Date",
  ],
  [
    "a feature that is a number",
    (run) => run.drift({ age: 5 }),
    'drift: "age": 5 given; must be a list of values, { values }, { counts }, { edges, counts } or { categories }',
  ],
  [
    "too few edges",
    (run) => run.drift({ age: { edges: [0, 1], counts: [1, 2] } }),
    'drift: "age": 2 counts and 2 edges given; must be one edge more than counts',
  ],
  [
    "a negative count of a feature",
    (run) => run.drift({ age: { counts: [1, -2] } }),
    'drift: "age": counts: -2 given; must be a whole number from 0 to 9007199254740991',
  ],
  [
    "a category that is counted in halves",
    (run) => run.drift({ age: { categories: { a: 0.5 } } }),
    'drift: "age": counts: 0.5 given; must be a whole number from 0 to 9007199254740991',
  ],
];

describe("wrong use of a run", () => {
  it.each(CALLS)("%s is told in one line, once, and the pipeline goes on", async (_, call, line) => {
    const client = newClient(NOBODY, { spool: false, flushDeadlineSeconds: 0 });
    const run = client.pipeline("orders").attach("r1") as unknown as Loose;
    await call(run);
    await call(run);
    expect(client.warnings).toEqual([expect.stringContaining(line)]);
    expect(client.warnings[0]).toMatch(/^sluice: orders: [^\n]*$/);
  });

  it.each(CALLS)("%s throws at the call in strict mode", async (_, call, line) => {
    const client = newClient(NOBODY, { spool: false, flushDeadlineSeconds: 0, strict: true });
    const run = client.pipeline("orders").attach("r1") as unknown as Loose;
    const thrown = await Promise.resolve()
      .then(() => call(run))
      .then(
        () => null,
        (error: unknown) => error,
      );
    expect(thrown).toBeInstanceOf(SluiceUsageError);
    expect(String(thrown)).toContain(line);
    expect(client.warnings).toEqual([]);
  });

  it("what cannot be reported is counted as dropped; a wrong score is reported as not computed", async () => {
    const client = newClient(NOBODY, { spool: false, flushDeadlineSeconds: 0 });
    await client.pipeline("orders").run((run) => {
      run.records("load", -1);
      expect(client.stats()).toMatchObject({ dropped: 1, queued: 1 });
      run.quality("null_rate", 95);
      expect(client.stats()).toMatchObject({ dropped: 1, queued: 2 });
    });
  });

  it("what a task of a run reports wrongly goes to the agent as it is, to be refused where a gate sees it", () => {
    const client = newClient(NOBODY, { spool: false, flushDeadlineSeconds: 0 });
    client.pipeline("orders").attach("r1").records("load", -1);
    expect(client.stats()).toMatchObject({ dropped: 0, queued: 1 });
  });
});

describe("wrong use of the client", () => {
  const warningsOf = (use: (client: ReturnType<typeof newClient>) => unknown) => {
    const client = newClient(NOBODY, { spool: false, flushDeadlineSeconds: 0 });
    use(client);
    return client.warnings;
  };

  it.each([
    [
      "no url",
      { url: "" },
      "createClient: no url; give { url } or set SLUICE_URL, such as http://127.0.0.1:9877. Nothing is reported",
    ],
    ["a url without a scheme", { url: "localhost:9877" }, 'url: "localhost:9877" given; must be an http or https URL'],
    [
      "a url that is none",
      { url: "agent" },
      'url: "agent" given; must be an http or https URL such as http://127.0.0.1:9877. Nothing is reported',
    ],
    [
      "an endless deadline",
      { url: NOBODY, flushDeadlineSeconds: 999 },
      "flushDeadlineSeconds: 999 given; must be a number from 0 to 60",
    ],
    ["an option that is not there", { url: NOBODY, apikey: "x" }, "unknown option apikey; the options are url, apiKey"],
  ])("%s is told when the client is made", (_, options, line) => {
    const warnings: string[] = [];
    const logger = { warn: (message: string) => void warnings.push(message) };
    createClient({ ...options, spool: false, logger, signals: false });
    expect(warnings).toEqual([expect.stringContaining(line)]);
    expect(() => createClient({ ...options, spool: false, strict: true, signals: false })).toThrow(line);
  });

  it("a client without a url drops what it is given and hurts nobody", async () => {
    const client = newClient("", { spool: false });
    expect(await client.pipeline("orders").run(() => 42)).toBe(42);
    expect(client.stats()).toMatchObject({ dropped: 2, queued: 0 });
    expect(client.warnings).toHaveLength(1);
  });

  it("a pipeline without a name is told, its work is done", async () => {
    const client = newClient(NOBODY, { spool: false, flushDeadlineSeconds: 0 });
    expect(await client.pipeline("").run(() => 42)).toBe(42);
    expect(client.warnings).toEqual([expect.stringContaining('pipeline: "" given; must be a name')]);
  });

  it.each<[string, (client: ReturnType<typeof newClient>) => unknown, string]>([
    [
      "a run_id with a space",
      (client) => client.pipeline("orders").run(() => {}, { run_id: "a b" }),
      "orders: run: run_id: \"a b\" given; must be 1 to 200 characters without whitespace or control characters, not '.' or '..'; a new one is taken",
    ],
    [
      "a run_id to attach to that is empty",
      (client) => client.pipeline("orders").attach(""),
      "orders: attach: run_id: \"\" given; must be 1 to 200 characters without whitespace or control characters, not '.' or '..'; nothing of this task is reported",
    ],
    [
      "attempt 0",
      (client) => client.pipeline("orders").attach("r1", { attempt: 0 }),
      "orders: attempt: 0 given; must be a whole number from 1 to 1000000; none is said",
    ],
    [
      "an interval in words",
      (client) => client.pipeline("orders").run(() => {}, { data_interval_end: "today" }),
      'orders: run: data_interval_end: "today" given; must be a Date, an RFC 3339 time such as 2026-11-20T02:00:00Z, or Unix seconds; it is left out',
    ],
    [
      "a gate without a policy",
      (client) => client.gate("orders"),
      'gate("orders"): onUnreachable: missing; say "block" or "allow" for when the agent cannot be asked. Until then it blocks',
    ],
    [
      "a gate with a policy of its own",
      (client) => client.gate("orders", { onUnreachable: "ignore" as "allow" }),
      'gate("orders"): onUnreachable: "ignore" given; say "block" or "allow"',
    ],
  ])("%s is told at the call", (_, use, line) => {
    expect(warningsOf(use)).toContainEqual(expect.stringContaining(line));
  });

  it("a logger that throws and a body that cannot be written hurt nobody", () => {
    const logger = {
      warn() {
        throw new Error("no log today");
      },
    };
    const client = createClient({ url: NOBODY, spool: false, logger, signals: false, flushDeadlineSeconds: 0 });
    const circular: Record<string, unknown> = { kind: "records" };
    circular.self = circular;
    client.report(circular as never);
    expect(client.stats()).toMatchObject({ dropped: 1, queued: 0 });
    client.pipeline("orders").attach("r1").records("load", 10n);
    client
      .pipeline("orders")
      .attach("r1")
      .records("load", Symbol("rows") as never, null as never);
    expect(client.stats()).toMatchObject({ dropped: 1, queued: 2 });
  });
});
