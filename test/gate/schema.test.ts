import { describe, expect, test } from "vitest";
import { launchAgent, startAgent, testAgentOf, testServer } from "../support/agent.ts";
import { Story } from "./story.ts";

/** Columns that change, through HTTP and a real store. */

const server = await testServer();
const agent = await testAgentOf(server, { yaml: "aliases: {schema_old: schema_new}" });

const START = Math.floor(Date.now() / 1000) - 3600;
let seconds = 0;

/** `user_id int64, amount float64` */
function columns(text: string): object[] {
  return text.split(", ").map((one) => {
    const [name, type] = one.split(" ");
    return { name, type };
  });
}

class Dataset extends Story {
  /** Unix seconds, a second after the one before. */
  at(): number {
    return START + seconds++;
  }

  schema(run_id: string | null, text: string, more: object = {}): Promise<void> {
    const run = run_id === null ? {} : { run_id };
    return this.report("schema", { ...run, columns: columns(text), complete: true, at: this.at(), ...more });
  }

  /** A run with good counts that has this schema. */
  async goodRun(run_id: string, text: string, more: object = {}): Promise<void> {
    const started_at = this.at();
    await this.run(run_id, "started", { at: started_at, started_at });
    await this.report("records", { run_id, stage: "load", count: 10, at: this.at() });
    await this.schema(run_id, text, more);
    const finished_at = this.at();
    await this.run(run_id, "success", { at: finished_at, finished_at });
  }

  accept(run_id: string, more: object = {}): Promise<Record<string, unknown>> {
    return this.post(`/v1/schema/${this.pipeline_name}/accept`, { run_id, actor: "anna", ...more });
  }

  async sees(query = ""): Promise<string[]> {
    const { decision, reasons } = await this.gate(query);
    return [
      decision,
      ...reasons.map(({ code, severity, subject, detail }) => `${code} ${severity} ${subject}: ${detail}`),
    ];
  }

  async shown(): Promise<Shown[]> {
    const answer = await this.agent.get(`/v1/schema/${this.pipeline_name}`);
    expect(answer.status, answer.text).toBe(200);
    return (answer.body as { items: Shown[] }).items;
  }
}

interface Shown {
  dataset: string;
  baseline: { source: string; actor: string | null; columns: { name: string; source: string }[] } | null;
  latest: { run_id: string | null; columns: { name: string; type: string | null }[] } | null;
  diff: { changes: { change: string; column: string }[]; notes: object[]; reordered: boolean } | null;
}

let stories = 0;
const dataset = () => new Dataset(agent, `schema_${++stories}`);

const USERS = "user_id int64, amount float64, note text";

describe("a schema that stood for three good runs", () => {
  test("is learned: what differs from it warns, with the likely new name", async () => {
    const one = dataset();
    await one.goodRun("r1", USERS);
    await one.goodRun("r2", USERS);
    await one.goodRun("r3", "userId int64, amount float64, note text");
    expect(await one.says()).toBe("pass");
    await one.goodRun("r4", USERS);
    await one.goodRun("r5", USERS);
    await one.goodRun("r6", USERS);
    expect(await one.says()).toBe("pass");
    await one.goodRun("r7", "userId int64, amount varchar, country text");
    expect(await one.sees()).toEqual([
      "warn",
      "schema_changed warn amount: Column amount is varchar now; in the runs before it was float64",
      "schema_changed warn country: Column country (text) is new",
      "schema_changed warn note: Column note (text) is gone; the runs before had it",
      "schema_changed warn user_id: Column user_id is gone and userId came, probably the same renamed; the runs before had it",
    ]);
    expect(await one.shown()).toMatchObject([
      {
        dataset: one.pipeline_name,
        baseline: { source: "learned", actor: null },
        latest: { run_id: "r7" },
        diff: { changes: [{ change: "renamed" }, { change: "removed" }, { change: "retyped" }, { change: "added" }] },
      },
    ]);
  });

  test("gives way to another that stood for three", async () => {
    const one = dataset();
    for (const run_id of ["r1", "r2", "r3"]) await one.goodRun(run_id, USERS);
    for (const run_id of ["s1", "s2", "s3"]) {
      await one.goodRun(run_id, "userId int64, amount float64, note text");
      expect(await one.says()).toBe("warn: schema_changed");
    }
    await one.goodRun("s4", "userId int64, amount float64, note text");
    expect(await one.says()).toBe("pass");
  });

  test("is not of runs that failed or were taken out", async () => {
    const one = dataset();
    for (const run_id of ["r1", "r2", "r3"]) await one.goodRun(run_id, USERS);
    await one.post(`/v1/runs/${one.pipeline_name}/r2/invalidate`, { actor: "anna", reason: "bad source" });
    await one.goodRun("r4", "a int64");
    expect(await one.says()).toBe("pass");
    expect((await one.shown())[0]?.baseline).toBeNull();
  });

  test("is compared with any order and other names of the same types", async () => {
    const one = dataset();
    await one.goodRun("r1", USERS);
    await one.goodRun("r2", "note string, user_id Int32, amount DOUBLE");
    await one.goodRun("r3", "amount numeric(10,2), note varchar(20), user_id bigint");
    await one.goodRun("r4", "amount int64, user_id float64, note utf8");
    expect(await one.says()).toBe("pass");
    const [shown] = await one.shown();
    expect(shown).toMatchObject({ baseline: { source: "learned" }, diff: { changes: [], reordered: true } });
    expect(shown!.diff!.notes.length).toBeGreaterThan(0);
  });

  test("proves no removal where a later list is not complete", async () => {
    const one = dataset();
    for (const run_id of ["r1", "r2", "r3"]) await one.goodRun(run_id, USERS);
    await one.goodRun("r4", "user_id int64", { complete: false });
    expect(await one.says()).toBe("pass");
    await one.goodRun("r5", "user_id text", { complete: false });
    expect(await one.says()).toBe("warn: schema_changed");
  });
});

describe("a schema that somebody accepted", () => {
  test("blocks what differs from it, until another is accepted", async () => {
    const one = dataset();
    await one.goodRun("r1", USERS);
    expect(await one.accept("r1")).toMatchObject({ baseline: { source: "accepted", run_id: "r1", actor: "anna" } });
    await one.goodRun("r2", "userId int64, amount float64, note text");
    const renamed =
      "schema_changed block user_id: Column user_id is gone and userId came, probably the same renamed; it was accepted";
    expect(await one.sees()).toEqual(["block", renamed]);
    // However often it comes: what was accepted is not forgotten by habit.
    for (const run_id of ["r3", "r4", "r5", "r6"]) await one.goodRun(run_id, "userId int64, amount float64, note text");
    expect((await one.sees())[1]).toBe(renamed);
    const { text } = await agent.get(`/v1/gates/${one.pipeline_name}/reasons.txt`);
    expect(text).toContain("accept this run's schema");
    await one.accept("r6");
    expect(await one.says()).toBe("pass");
    await one.goodRun("r7", USERS);
    expect(await one.says()).toBe("block: schema_changed");
  });

  test("learns what comes beside it, and only warns of that", async () => {
    const one = dataset();
    await one.goodRun("r1", "a int64");
    await one.accept("r1");
    for (const run_id of ["r2", "r3", "r4"]) await one.goodRun(run_id, "a int64, b int64");
    expect(await one.sees()).toEqual(["warn", "schema_changed warn b: Column b (int64) is new"]);
    await one.goodRun("r5", "a int64, b int64");
    expect(await one.says()).toBe("pass");
    await one.goodRun("r6", "a int64");
    expect(await one.sees()).toEqual([
      "warn",
      "schema_changed warn b: Column b (int64) is gone; the runs before had it",
    ]);
    await one.goodRun("r7", "b int64");
    expect((await one.sees())[0]).toBe("block");
  });

  test("of a run that reported none is not found", async () => {
    const one = dataset();
    await one.run("r1", "success");
    const answer = await agent.post(`/v1/schema/${one.pipeline_name}/accept`, { run_id: "r1", actor: "anna" });
    expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect(answer.text).toContain("reported no schema of");
  });
});

describe("a schema that somebody declared", () => {
  const json = { "content-type": "application/json" };
  const put = (one: Story, body: object) =>
    agent.send({ method: "PUT", path: `/v1/schema/${one.pipeline_name}`, headers: json, body: JSON.stringify(body) });

  test("holds from the first run on, and ends when it is taken away", async () => {
    const one = dataset();
    const declared = await put(one, { columns: columns("user_id int64, amount number"), actor: "anna" });
    expect(declared.status, declared.text).toBe(200);
    expect(declared.body).toMatchObject({
      baseline: { source: "declared", complete: false },
      latest: null,
      diff: null,
    });
    await one.goodRun("r1", "user_id int64, amount float64, more text");
    expect(await one.says()).toBe("pass");
    await one.goodRun("r2", "user_id int64");
    expect(await one.sees()).toEqual([
      "block",
      "schema_changed block amount: Column amount (number) is gone; it was declared",
    ]);
    const ended = await agent.send({ method: "DELETE", path: `/v1/schema/${one.pipeline_name}?actor=anna` });
    expect(ended.status).toBe(204);
    expect(await one.says()).not.toContain("schema_changed");
    const again = await agent.send({ method: "DELETE", path: `/v1/schema/${one.pipeline_name}` });
    expect(again.status).toBe(404);
  });

  test("is refused whole where a name comes twice", async () => {
    const one = dataset();
    const answer = await put(one, { columns: columns("a int, a text"), actor: "anna" });
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid_report" } });
  });
});

describe("several datasets of a pipeline", () => {
  test("have a baseline each, and the reasons name them", async () => {
    const one = dataset();
    await one.goodRun("r1", "a int64");
    await one.schema("r1", "b int64", { dataset: "raw" });
    await one.accept("r1", { dataset: "raw" });
    await one.goodRun("r2", "c int64");
    await one.schema("r2", "c int64", { dataset: "raw" });
    expect(await one.sees()).toEqual([
      "block",
      "schema_changed block raw/b: raw: column b (int64) is gone; it was accepted",
      "schema_changed warn raw/c: raw: column c (int64) is new",
    ]);
    expect((await one.shown()).map(({ dataset, baseline }) => [dataset, baseline?.source])).toEqual([
      ["raw", "accepted"],
      [one.pipeline_name, undefined],
    ]);
  });
});

describe("many columns that change at once", () => {
  test("are ten by name, and a number", async () => {
    const one = dataset();
    const many = Array.from({ length: 40 }, (_, i) => `wide_column_${String.fromCharCode(97 + (i % 26))}${i} int64`);
    await one.goodRun("r1", many.join(", "));
    await one.accept("r1");
    await one.goodRun("r2", "x text");
    const reasons = await one.sees();
    expect(reasons).toHaveLength(13);
    expect(reasons).toContain(`schema_changed block ${one.pipeline_name}: More columns changed: 30 removed`);
  });
});

describe("a column that cannot be used", () => {
  test("costs itself only, and the gate knows of it until a good report comes", async () => {
    const one = dataset();
    await one.goodRun("r1", USERS);
    await one.accept("r1");
    await one.goodRun("r2", USERS);
    const answer = await agent.post("/v1/schema", {
      pipeline_name: one.pipeline_name,
      run_id: "r2",
      complete: true,
      at: one.at(),
      columns: [{ name: "user_id", type: "int64" }, { name: "amount" }, ...columns("note text")],
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      duplicate: false,
      errors: [
        {
          item: `${one.pipeline_name}/amount`,
          code: "invalid_report",
          detail: expect.stringContaining("columns[1].type: missing"),
        },
      ],
    });
    expect((await one.sees())[1]).toContain(`report_rejected unknown ${one.pipeline_name}/amount`);
    await one.schema("r2", USERS);
    expect(await one.says()).toBe("pass");
  });

  test("is one whose name comes twice, where the two are not alike", async () => {
    const one = dataset();
    await one.goodRun("r1", "a int64, a float64, b int64, b text");
    const { decision, reasons } = await one.gate();
    expect(decision).toBe("unknown");
    expect(reasons.map(({ code, subject }) => `${code} ${subject}`)).toEqual([
      `report_rejected ${one.pipeline_name}/b`,
    ]);
    expect((await one.shown())[0]?.latest?.columns).toEqual([
      { name: "a", type: "int64", nullable: null },
      { name: "b", type: null, nullable: null },
    ]);
  });

  test("makes the list incomplete where it has no name", async () => {
    const one = dataset();
    await one.goodRun("r1", "a int64, b int64");
    await one.accept("r1");
    await one.run("r2", "started");
    const body = { pipeline_name: one.pipeline_name, run_id: "r2", complete: true };
    expect((await agent.post("/v1/schema", { ...body, columns: [{ name: "a", type: "int64" }, 7] })).status).toBe(200);
    await one.run("r2", "success");
    expect(await one.says()).toBe("unknown: report_rejected");
  });

  test("or a report without a good one counts as refused, until a good one comes", async () => {
    const one = dataset();
    await one.goodRun("r1", "a int64");
    const refused = { pipeline_name: one.pipeline_name, run_id: "r1", columns: [{ type: "int64" }], at: one.at() };
    expect((await agent.post("/v1/schema", refused)).status).toBe(422);
    expect(await one.says()).toBe("unknown: report_rejected");
    await one.schema("r1", "a int64");
    expect(await one.says()).toBe("pass");
  });
});

describe("a schema without a run_id", () => {
  test("counts for the run that ended last, and never makes its decision better", async () => {
    const one = dataset();
    await one.goodRun("r1", USERS);
    await one.accept("r1");
    await one.schema(null, "amount float64, note text");
    expect(await one.sees()).toEqual([
      "block",
      expect.stringContaining(
        "schema_changed block user_id: Column user_id (int64) is gone; it was accepted (reported without a run_id at",
      ),
    ]);
    await one.schema(null, USERS);
    expect(await one.says()).toBe("pass");
  });

  test("makes the run-less run of a pipeline whose runs have no ids", async () => {
    const one = dataset();
    for (let i = 0; i < 4; i++) {
      await one.schema(null, i < 3 ? USERS : "user_id int64, amount float64");
      await one.report("records", { stage: "load", count: 10, at: one.at() });
      await one.report("runs", { status: "success", at: one.at() });
    }
    expect(await one.sees()).toEqual([
      "warn",
      "schema_changed warn note: Column note (text) is gone; the runs before had it",
    ]);
  });
});

describe("attempts", () => {
  test("the schema of the attempt that speaks decides", async () => {
    const one = dataset();
    await one.goodRun("r1", USERS);
    await one.accept("r1");
    const begin = (attempt: number, status: string) => one.run("r2", status, { attempt, at: one.at() });
    await begin(1, "started");
    await one.schema("r2", "amount float64", { attempt: 1 });
    await begin(1, "success");
    expect(await one.says()).toBe("block: schema_changed, schema_changed");
    await begin(2, "started");
    await one.schema("r2", USERS, { attempt: 2 });
    await begin(2, "success");
    expect(await one.says()).toBe("pass");
  });
});

describe("a pipeline that was renamed", () => {
  test("keeps what was accepted, as the dataset of its new name", async () => {
    const before = await startAgent(server);
    const one = new Dataset(before, "first_name");
    await one.goodRun("r1", "a int64");
    await one.accept("r1");
    await before.stop();
    const { ready } = await launchAgent(before.database_url, { yaml: "aliases: {first_name: second_name}" });
    const after = await ready;
    const renamed = new Dataset(after, "second_name");
    expect(await renamed.shown()).toMatchObject([
      { dataset: "second_name", baseline: { source: "accepted" }, latest: { run_id: "r1" } },
    ]);
    await renamed.goodRun("r2", "b text");
    expect(await renamed.says()).toContain("block: schema_changed");
    await after.stop();
  });

  test("has the baseline of its new name for reports under the old one", async () => {
    const one = new Dataset(agent, "schema_new");
    await one.goodRun("r1", "a int64");
    await one.accept("r1");
    const old = new Dataset(agent, "schema_old");
    await old.goodRun("r2", "b text");
    expect(await one.says()).toContain("block: schema_changed");
    expect((await one.shown()).map(({ dataset }) => dataset)).toEqual(["schema_new"]);
  });
});
