import { describe, expect, test } from "vitest";
import { expectProblem } from "../http/problems.ts";
import { apiKey, bearer, testAgentOf, testServer } from "../support/agent.ts";
import { Story } from "./story.ts";

/** Evidence that came and could not be used, through HTTP and a real store: it never counts as absent. */

const server = await testServer();
const agent = await testAgentOf(server);
const keys = { mine: apiKey("mine", ["report", "read"], ["mine*"]), all: apiKey("all", ["report", "read"]) };
const keyed = await testAgentOf(server, { keys: [keys.mine.entry, keys.all.entry] });

const START = Math.floor(Date.now() / 1000) - 3600;
/** Unix seconds, so many minutes after the run began. */
const at = (minutes: number) => START + minutes * 60;

let stories = 0;
function story(): Story {
  return new Story(agent, `refused_${++stories}`);
}

/** A run with good counts that ended well; what a test sends beside them decides. */
async function goodRun(): Promise<Story> {
  const one = story();
  await one.run("r", "started", { at: at(0), started_at: at(0) });
  await one.report("records", { run_id: "r", stage: "extract", count: 10, at: at(1) });
  await one.run("r", "success", { at: at(50), finished_at: at(50) });
  expect(await one.says()).toBe("pass");
  return one;
}

const send = ({ pipeline_name }: Story, route: string, body: object) =>
  agent.post(`/v1/${route}`, { pipeline_name, run_id: "r", ...body });

async function refused(one: Story, route: string, body: object): Promise<void> {
  const answer = await send(one, route, body);
  expect(answer.status, answer.text).toBe(422);
}

const subjects = async (one: Story, query = "") =>
  (await one.gate(query)).reasons.map(({ code, subject }) => `${code} ${subject}`);

describe("a drift report with a column that is text today", () => {
  test("has its other feature judged, and the gate says that the schema changed", async () => {
    const one = story();
    for (const feature of ["a", "b"]) {
      const reference = { edges: [0, 1, 2, 3], counts: [500, 300, 200] };
      const path = `/v1/references/${one.pipeline_name}/${feature}`;
      const put = await agent.send({
        method: "PUT",
        path,
        headers: { "content-type": "application/json" },
        body: JSON.stringify(reference),
      });
      expect(put.status, put.text).toBe(200);
    }
    const answer = await send(one, "drift", {
      at: at(1),
      features: { a: { values: ["x", "y", "x"] }, b: { counts: [500, 300, 200] } },
    });
    expect(answer.status).toBe(200);
    const detail = "of kind categorical, its reference of kind numeric; values: ";
    expect(answer.body).toMatchObject({
      features: {
        a: { verdict: "errored", code: "reference_mismatch", detail: expect.stringContaining(detail), psi: null },
        b: { verdict: "stable", psi: 0 },
      },
    });
    await one.run("r", "success", { at: at(5) });
    const gate = await one.gate();
    expect(gate).toMatchObject({ decision: "block", allowed: false });
    expect(gate.reasons).toMatchObject([{ code: "schema_changed", severity: "block", subject: "a" }]);
    const { text } = await agent.get(`/v1/gates/${one.pipeline_name}/reasons.txt`);
    expect(text).toContain(
      "\n    → See what changed the column upstream. If the change is wanted, accept this run's schema",
    );
    const { items } = (await agent.get(`/v1/drift/${one.pipeline_name}`)).body as { items: object[] };
    expect(items).toMatchObject([
      { feature_name: "a", verdict: "errored", code: "reference_mismatch" },
      { feature_name: "b", verdict: "stable" },
    ]);
    // Numbers again, in the same run: it fits.
    await one.report("drift", { run_id: "r", at: at(6), features: { a: { counts: [500, 300, 200] } } });
    expect(await one.says()).toBe("pass");
  });

  test("that is wanted becomes the reference, and the gate opens", async () => {
    const one = story();
    const path = `/v1/references/${one.pipeline_name}/a`;
    const headers = { "content-type": "application/json" };
    await agent.send({ method: "PUT", path, headers, body: '{"edges": [0, 1, 2], "counts": [50, 50]}' });
    await one.report("drift", { run_id: "r", features: { a: { categories: { x: 60, y: 40 } } } });
    await one.run("r", "success");
    expect(await one.says()).toBe("block: schema_changed");
    await one.post(`${path}/promote`, { run_id: "r" });
    expect(await one.says()).toBe("pass");
  });

  test("or has another number of bins could not be judged", async () => {
    const one = story();
    const headers = { "content-type": "application/json" };
    const path = `/v1/references/${one.pipeline_name}/a`;
    await agent.send({ method: "PUT", path, headers, body: '{"counts": [50, 50, 50]}' });
    await one.report("drift", { run_id: "r", features: { a: { counts: [50, 50] } } });
    await one.run("r", "success");
    const gate = await one.gate();
    expect(gate).toMatchObject({ decision: "unknown", allowed: false });
    expect(gate.reasons).toContainEqual(expect.objectContaining({ code: "report_rejected", subject: "a" }));
  });

  test("stays that where a late end cuts the run-less run that brought it", async () => {
    const one = story();
    const { pipeline_name } = one;
    const reference = '{"edges": [0, 1, 2, 3], "counts": [500, 300, 200]}';
    const headers = { "content-type": "application/json" };
    await agent.send({ method: "PUT", path: `/v1/references/${pipeline_name}/a`, headers, body: reference });
    const drift = (minutes: number, a: object) => one.report("drift", { at: at(minutes), features: { a } });
    const end = (minutes: number) => one.report("runs", { status: "success", at: at(minutes) });
    await drift(2, { values: ["x", "y"] });
    await drift(6, { counts: [500, 300, 200] });
    await drift(10, { values: ["x", "y"] });
    await end(12);
    expect(await one.says()).toBe("block: schema_changed");
    // What was overtaken until now, what was judged well, and what speaks: each in a run of its own.
    await end(4);
    await end(8);
    expect(await one.says()).toBe("block: schema_changed");
    const { items } = (await agent.get(`/v1/runs?pipeline_name=${pipeline_name}`)).body as {
      items: { run_id: string }[];
    };
    const decisions = [];
    for (const { run_id } of items) decisions.push(await one.says(`?run_id=${run_id}`));
    expect(decisions).toEqual(["block: schema_changed", "pass", "block: schema_changed"]);
  });
});

describe("one bad check", () => {
  test("takes none of its neighbours, and stands in the answer and in the gate until a good one comes", async () => {
    const one = await goodRun();
    const body = {
      at: at(10),
      checks: [
        { check_name: "good", score: 1 },
        { check_name: "bad", score: 95 },
        { check_name: "", score: 1 },
      ],
    };
    const answer = await send(one, "quality", body);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      duplicate: false,
      checks: [{ check_name: "good", score: 1, threshold: 0.8, passed: true }],
      errors: [
        {
          item: "bad",
          code: "invalid_report",
          detail: "score: 95 given; must be a number from 0 to 1, or null together with an error",
        },
        { item: "?", code: "invalid_report", detail: expect.stringMatching(/^checks\[2\]\.check_name: "" given/) },
      ],
    });
    expect(await one.gate()).toMatchObject({ decision: "unknown", allowed: false });
    expect(await subjects(one)).toEqual(["report_rejected ?", "report_rejected bad"]);
    await one.report("quality", { run_id: "r", check_name: "bad", score: 0.99, at: at(9) });
    expect(await subjects(one)).toEqual(["report_rejected ?", "report_rejected bad"]);
    await one.report("quality", { run_id: "r", check_name: "bad", score: 0.99, at: at(10) });
    // What could not be read may have been any check: only one that was true later stands for it.
    expect(await subjects(one)).toEqual(["report_rejected ?"]);
    await one.report("quality", { run_id: "r", check_name: "good", score: 0.99, at: at(11) });
    expect(await one.says()).toBe("pass");
  });

  test("is answered the same again under the same id", async () => {
    const one = await goodRun();
    const body = {
      id: `partly-${one.pipeline_name}`,
      checks: [
        { check_name: "good", score: 1 },
        { check_name: "bad", score: "1" },
      ],
    };
    const first = await send(one, "quality", body);
    expect((await send(one, "quality", body)).body).toEqual({ ...(first.body as object), duplicate: true });
    const item = { kind: "quality", pipeline_name: one.pipeline_name, run_id: "r", ...body };
    expect((await agent.post("/v1/reports", [item])).body).toEqual({
      accepted: 0,
      duplicates: 1,
      rejected: [],
      errors: [{ index: 0, item: "bad", code: "invalid_report", detail: expect.stringMatching(/^score: "1" given/) }],
    });
  });

  test("alone is refused as a whole, and every check of such a report is remembered", async () => {
    const one = await goodRun();
    const checks = [
      { check_name: "x", score: 2 },
      { check_name: "y", score: -1 },
    ];
    await refused(one, "quality", { checks });
    expect(await subjects(one)).toEqual(["report_rejected x", "report_rejected y"]);
    const details = (await one.gate()).reasons.map(({ detail }) => detail.replace(/^.*\(invalid_report\): /, ""));
    expect(details).toMatchObject([/^score: 2 given/, /^score: -1 given/].map((text) => expect.stringMatching(text)));
  });
});

describe("a count that was refused", () => {
  test("makes the gate unknown, says why, and is shown with its run", async () => {
    const one = await goodRun();
    await refused(one, "records", { stage: "load", count: -5, at: at(10) });
    const gate = await one.gate();
    expect(gate).toMatchObject({ decision: "unknown", allowed: false });
    expect(gate.reasons).toMatchObject([
      {
        code: "report_rejected",
        severity: "unknown",
        subject: "load",
        detail: expect.stringMatching(
          /^The records report of load of .* was refused \(invalid_report\): count: -5 given/,
        ),
      },
    ]);
    const run = (await agent.get(`/v1/runs/${one.pipeline_name}/r`)).body;
    expect(run).toMatchObject({
      rejected: [
        {
          kind: "records",
          item: "load",
          at: new Date(at(10) * 1000).toISOString().replace(".000Z", "Z"),
          code: "invalid_report",
          why: expect.stringMatching(/^count: -5 given/),
        },
      ],
    });
    expect((await agent.get("/metrics")).text).toMatch(
      /^sluice_reports_total\{kind="records",outcome="rejected"\} +\d/m,
    );
  });

  test.each([
    ["comes first", true],
    ["comes last", false],
  ])("is ended by a good one that was true later, where the bad one %s", async (_which, badFirst) => {
    const one = await goodRun();
    const bad = () => refused(one, "records", { stage: "load", part: "p1", count: -5, at: at(10) });
    const good = (minutes: number, part: string | undefined) =>
      one.report("records", { run_id: "r", stage: "load", count: 5, at: at(minutes), ...(part && { part }) });
    if (badFirst) await bad();
    await good(12, undefined);
    await good(12, "p2");
    await good(9, "p1");
    if (!badFirst) await bad();
    expect(await subjects(one)).toEqual(["report_rejected load/p1"]);
    await good(10, "p1");
    expect(await one.says()).toBe("pass");
  });

  test("and comes again with its id or content changes nothing, whenever that is", async () => {
    const one = await goodRun();
    const bad = { stage: "load", count: "many", id: `bad-${one.pipeline_name}` };
    await refused(one, "records", bad);
    await one.report("records", { run_id: "r", stage: "load", count: 5 });
    expect(await one.says()).toBe("pass");
    await refused(one, "records", bad);
    await refused(one, "records", { ...bad, count: "more" });
    await refused(one, "records", { ...bad, id: `other-${one.pipeline_name}` });
    expect(await one.says()).toBe("pass");
    // The corrected report may have the id.
    await one.report("records", { run_id: "r", ...bad, count: 6 });
    // Another one is news.
    await refused(one, "records", { stage: "load", count: "most" });
    expect(await one.says()).toBe("unknown: report_rejected");
  });

  test("of a time that no report may have stands from when it came", async () => {
    const one = await goodRun();
    await one.report("records", { run_id: "r", stage: "load", count: 5 });
    for (const time of [4_000_000_000, "yesterday", 0]) {
      await refused(one, "records", { stage: "load", count: 5, at: time });
    }
    expect(await one.says()).toBe("unknown: report_rejected");
    await one.report("records", { run_id: "r", stage: "load", count: 5 });
    expect(await one.says()).toBe("pass");
  });

  test("without a readable stage is ended by any count that was true later", async () => {
    const one = await goodRun();
    await refused(one, "records", { stage: "", count: 5, at: at(10) });
    await refused(one, "quality", { checks: "all", at: at(10) });
    expect(await subjects(one)).toEqual(["report_rejected ?", "report_rejected ?"]);
    await one.report("records", { run_id: "r", stage: "any", count: 5, at: at(11) });
    expect(await subjects(one)).toEqual(["report_rejected ?"]);
    await one.report("quality", { run_id: "r", check_name: "any", score: 1, at: at(11) });
    expect(await one.says()).toBe("pass");
  });

  test("in a run-less run belongs to the one that is open, or else to the run that was going on", async () => {
    const one = story();
    const { pipeline_name } = one;
    await one.report("records", { stage: "extract", count: 5 });
    expect((await agent.post("/v1/records", { pipeline_name, stage: "load", count: -5 })).status).toBe(422);
    await one.report("runs", { status: "success" });
    expect(await one.says()).toBe("unknown: report_rejected");
    const named = await goodRun();
    const late = { pipeline_name: named.pipeline_name, check_name: "c", score: 7, at: at(20) };
    expect((await agent.post("/v1/quality", late)).status).toBe(422);
    expect(await subjects(named)).toEqual(["report_rejected c"]);
  });

  test("of an attempt that is over is not the next one's", async () => {
    const one = story();
    await one.run("r", "failed", { attempt: 1, at: at(1) });
    await refused(one, "records", { stage: "load", count: -1, attempt: 1, at: at(1) });
    await one.report("records", { run_id: "r", stage: "load", count: 10, attempt: 2, at: at(0) });
    await one.run("r", "success", { attempt: 2, at: at(5) });
    expect(await one.says()).toBe("pass");
    await refused(one, "records", { stage: "extract", count: -1, attempt: 2, at: at(4) });
    expect(await subjects(one)).toEqual(["report_rejected extract"]);
  });

  test("of an attempt that another one resumes stands there too", async () => {
    const one = story();
    await one.run("r", "failed", { attempt: 1, at: at(1) });
    await refused(one, "records", { stage: "load", count: -1, attempt: 1, at: at(1) });
    await one.report("records", { run_id: "r", stage: "extract", count: 10, attempt: 2, at: at(4) });
    await one.run("r", "success", { attempt: 2, at: at(5), resumes: true });
    expect(await subjects(one)).toEqual(["report_rejected load"]);
    await one.report("records", { run_id: "r", stage: "load", count: 10, attempt: 2, at: at(4) });
    expect(await one.says()).toBe("pass");
  });

  test("is not ended by what an attempt that is over brought later", async () => {
    const one = story();
    await one.run("r", "failed", { attempt: 1, at: at(1) });
    await one.report("records", { run_id: "r", stage: "extract", count: 10, attempt: 2, at: at(4) });
    await refused(one, "records", { stage: "load", count: -1, attempt: 2, at: at(4) });
    await one.run("r", "success", { attempt: 2, at: at(5) });
    await one.report("records", { run_id: "r", stage: "load", count: 10, attempt: 1, at: at(6) });
    expect(await subjects(one)).toEqual(["report_rejected load"]);
  });

  test("of a number that was begun again is over by its time", async () => {
    const one = story();
    await one.run("r", "failed", { attempt: 1, at: at(0) });
    await one.run("r", "failed", { attempt: 2, at: at(3), started_at: at(1), finished_at: at(3) });
    await refused(one, "records", { stage: "load", count: -1, attempt: 2, at: at(2) });
    await refused(one, "records", { stage: "transform", count: -1, attempt: 2, at: at(5) });
    await one.report("records", { run_id: "r", stage: "extract", count: 10, attempt: 2, at: at(5) });
    await one.run("r", "success", { attempt: 2, at: at(6), started_at: at(4), finished_at: at(6) });
    expect(await subjects(one)).toEqual(["report_rejected transform"]);
  });
});

describe("other reports that are refused", () => {
  test("an end that cannot be read, until one comes that can", async () => {
    const one = await goodRun();
    await refused(one, "runs", { status: "success", finished_at: "tonight", at: at(55) });
    expect(await subjects(one)).toEqual(["report_rejected success"]);
    await one.run("r", "success", { at: at(55), finished_at: at(55) });
    expect(await one.says()).toBe("pass");
  });

  test("a start of another attempt, until the run goes on", async () => {
    const one = await goodRun();
    await refused(one, "runs", { status: "started", attempts: 2, at: at(55) });
    expect(await subjects(one)).toEqual(["report_rejected started"]);
    await one.run("r", "success", { at: at(56) });
    expect(await one.says()).toBe("pass");
  });

  test("a report under the id of another one", async () => {
    const one = await goodRun();
    const id = `same-${one.pipeline_name}`;
    await one.report("quality", { run_id: "r", id, check_name: "first", score: 1, at: at(10) });
    const second = { id, check_name: "second", score: 0.1, at: at(11) };
    expectProblem(await send(one, "quality", second), "report_conflict", /^id: it was used before/);
    expect(await subjects(one)).toEqual(["report_rejected second"]);
    const item = {
      kind: "quality",
      pipeline_name: one.pipeline_name,
      run_id: "r",
      check_name: "third",
      score: 1,
      id: `${id}-2`,
    };
    const batch = await agent.post("/v1/reports", [item, { ...item, check_name: "fourth" }]);
    expect(batch.body).toMatchObject({ accepted: 1, rejected: [{ index: 1, code: "report_conflict" }] });
    expect(await subjects(one)).toEqual(["report_rejected fourth", "report_rejected second"]);
  });

  test("a document of another system that cannot be read", async () => {
    const one = await goodRun();
    const query = `format=evidently&pipeline_name=${one.pipeline_name}&run_id=r&feature_name=amount`;
    expect((await agent.post(`/v1/drift?${query}`, { nothing: 1 })).status).toBe(422);
    expect(await subjects(one)).toEqual(["report_rejected amount"]);
  });

  test("of a batch stand beside the good ones; a line that is no JSON says nothing of any run", async () => {
    const one = await goodRun();
    const { pipeline_name } = one;
    const line = (body: object) => JSON.stringify({ pipeline_name, run_id: "r", at: at(10), ...body });
    const lines = [
      line({ kind: "records", stage: "load", count: 5 }),
      line({ kind: "records", stage: "transform", count: 5.5 }),
      `{"pipeline_name": "${pipeline_name}", "run_id": "r", "kind": "records"`,
      line({ kind: "quality", checks: [{ check_name: "a", score: 1 }, { check_name: "b" }] }),
      line({ kind: "magic", power: 9 }),
    ];
    const answer = await agent.post("/v1/reports", lines.join("\n"), { "content-type": "application/x-ndjson" });
    expect(answer.body).toMatchObject({
      accepted: 2,
      duplicates: 0,
      rejected: [
        { index: 1, code: "invalid_report" },
        { index: 2, code: "invalid_json" },
        { index: 4, code: "invalid_report" },
      ],
      errors: [{ index: 3, item: "b", code: "invalid_report" }],
    });
    expect(await subjects(one)).toEqual(["report_rejected ?", "report_rejected b", "report_rejected transform"]);
    // Of what kind the last one was nobody knows: any later evidence about the data stands for it.
    await one.report("records", { run_id: "r", stage: "load", count: 5, at: at(11) });
    expect(await subjects(one)).toEqual(["report_rejected b", "report_rejected transform"]);
  });

  test("of a batch that is refused altogether", async () => {
    const one = await goodRun();
    const item = { kind: "records", pipeline_name: one.pipeline_name, run_id: "r", stage: "load", count: null };
    const answer = await agent.post("/v1/reports", [item]);
    expect(answer.body).toMatchObject({ accepted: 0, rejected: [{ index: 0, code: "invalid_report" }] });
    expect(await one.says()).toBe("unknown: report_rejected");
  });

  // Names of fields, categories and features are the sender's own text and stand in the reason: a store takes neither of these.
  describe.each([
    ["half a surrogate pair", "\ud800"],
    ["the character 0", "\u0000"],
  ])("quote %s", (_, bad) => {
    test.each([
      ["records", { stage: "load", count: 1, [bad]: 1 }, 422, ["report_rejected load"]],
      ["runs", { status: "success", [bad]: 1 }, 422, ["report_rejected success"]],
      ["quality", { check_name: "c", score: 1, [bad]: 1 }, 422, ["report_rejected c"]],
      [
        "quality",
        {
          checks: [
            { check_name: "c", score: 1 },
            { check_name: "d", score: 1, [bad]: 1 },
          ],
        },
        200,
        ["report_rejected d"],
      ],
      ["drift", { features: { f: { categories: { [bad]: -1 } } } }, 422, ["report_rejected f"]],
      [
        "drift",
        { features: { f: { categories: { [bad]: -1 } }, g: { categories: { a: 1 } } } },
        200,
        ["report_rejected f", "feature_missing g"],
      ],
      [
        "drift",
        { features: { f: { [bad]: 1 }, g: { categories: { a: 1 } } } },
        200,
        ["report_rejected f", "feature_missing g"],
      ],
      [
        "drift",
        { features: { [bad]: { categories: { a: 1 } }, g: { categories: { a: 1 } } } },
        200,
        ["report_rejected ?", "feature_missing g"],
      ],
      ["drift", { [bad]: 1, features: { g: { categories: { a: 1 } } } }, 422, ["report_rejected g"]],
    ])("%s %j", async (route, body, status, reasons) => {
      const one = await goodRun();
      const answer = await send(one, route, { ...body, at: at(55) });
      expect(answer.status, answer.text).toBe(status);
      expect(answer.text).not.toContain("unstorable");
      expect(await subjects(one)).toEqual(reasons);
    });
  });

  test("in the same request as the run that they are about", async () => {
    const one = story();
    const { pipeline_name } = one;
    await agent.post("/v1/reports", [
      { kind: "records", pipeline_name, run_id: "r", stage: "load", count: -1 },
      { kind: "quality", pipeline_name, run_id: "r", check_name: "c", score: 1 },
      { kind: "run", pipeline_name, run_id: "r", status: "success" },
    ]);
    expect(await one.says()).toBe("unknown: report_rejected");
  });
});

describe("what is refused of a run that nobody knows", () => {
  const bad = { stage: "load", count: -1 };
  const waiting = ({ pipeline_name }: Story) =>
    agent.query(
      "SELECT run_id, item FROM early_rejection e JOIN pipeline p USING (pipeline_id) WHERE pipeline_name = $1 ORDER BY run_id, item",
      [pipeline_name],
    );
  const flag = async ({ pipeline_name }: Story) =>
    (await agent.query("SELECT has_early_rejections FROM pipeline WHERE pipeline_name = $1", [pipeline_name]))[0];
  const early = (one: Story, run_id: string, body: object) => refused(one, "records", { run_id, ...body });

  test("stands in the run's gate when it comes, until a good report ends it", async () => {
    const one = await goodRun();
    await early(one, "next", { ...bad, at: at(60) });
    expect(await one.says()).toBe("pass");
    expect(await waiting(one)).toEqual([{ run_id: "next", item: "load" }]);
    await one.run("between", "success", { at: at(61) });
    expect(await subjects(one)).toEqual(["no_evidence between"]);
    await one.run("next", "started", { at: at(62) });
    await one.report("records", { run_id: "next", stage: "extract", count: 10, at: at(63) });
    await one.run("next", "success", { at: at(64) });
    expect(await one.says()).toBe("unknown: report_rejected");
    expect(await subjects(one)).toEqual(["report_rejected load"]);
    const stored = await agent.get(`/v1/runs/${one.pipeline_name}/next`);
    expect(stored.body).toMatchObject({ rejected: [{ kind: "records", item: "load", code: "invalid_report" }] });
    expect(await waiting(one)).toEqual([]);
    expect(await flag(one)).toEqual({ has_early_rejections: false });
    await one.report("records", { run_id: "next", stage: "load", count: 10, at: at(65) });
    expect(await one.says()).toBe("pass");
  });

  test("stands there too where evidence makes the run, and other runs of it go on waiting", async () => {
    const one = await goodRun();
    const theirs = await goodRun();
    await early(one, "next", { ...bad, at: at(60) });
    await early(one, "last", { ...bad, at: at(60) });
    await early(theirs, "next", { ...bad, at: at(60) });
    await one.report("records", { run_id: "next", stage: "extract", count: 10, at: at(61) });
    expect((await one.gate("?run_id=next")).reasons).toContainEqual(
      expect.objectContaining({ code: "report_rejected", subject: "load" }),
    );
    expect(await waiting(one)).toEqual([{ run_id: "last", item: "load" }]);
    expect(await flag(one)).toEqual({ has_early_rejections: true });
    expect(await waiting(theirs)).toEqual([{ run_id: "next", item: "load" }]);
  });

  const orders = <T>(list: readonly T[]): T[][] =>
    list.length === 0
      ? [[]]
      : list.flatMap((one, i) => orders([...list.slice(0, i), ...list.slice(i + 1)]).map((rest) => [one, ...rest]));

  test("stands there in whatever order the reports come", async () => {
    const steps: ((one: Story) => Promise<unknown>)[] = [
      (one) => early(one, "next", { ...bad, at: at(62) }),
      (one) => one.run("next", "started", { at: at(61) }),
      (one) => one.report("records", { run_id: "next", stage: "extract", count: 10, at: at(62) }),
      (one) => one.run("next", "success", { at: at(63) }),
    ];
    for (const order of orders([0, 1, 2, 3])) {
      const one = await goodRun();
      for (const step of order) await steps[step]!(one);
      expect(await subjects(one), order.join()).toEqual(["report_rejected load"]);
      expect(await waiting(one), order.join()).toEqual([]);
    }
  });

  test("is one item with what is refused in the request that brings the run, and with what is sent again", async () => {
    const one = await goodRun();
    const { pipeline_name } = one;
    await early(one, "next", { ...bad, id: "a", at: at(60) });
    await early(one, "next", { ...bad, id: "a", at: at(60) });
    const answer = await agent.post("/v1/reports", [
      { kind: "records", pipeline_name, run_id: "next", ...bad, id: "a", at: at(60) },
      { kind: "records", pipeline_name, run_id: "next", stage: "load", count: -2, at: at(61) },
      { kind: "run", pipeline_name, run_id: "next", status: "success", at: at(62) },
    ]);
    expect(answer.body).toMatchObject({ accepted: 1, rejected: { length: 2 } });
    expect(await subjects(one)).toEqual(["no_evidence next", "report_rejected load"]);
    const [item] = await agent.query<{ why: string; hashes: number }>(
      "SELECT why, cardinality(seen) AS hashes FROM rejected_item x JOIN run USING (run_key) JOIN pipeline USING (pipeline_id) WHERE pipeline_name = $1",
      [pipeline_name],
    );
    expect(item).toMatchObject({ why: expect.stringContaining("-2"), hashes: 3 });
  });

  test("and is over when a good one comes with the run, is no reason", async () => {
    const one = await goodRun();
    await early(one, "next", { ...bad, at: at(60) });
    await one.report("records", { run_id: "next", stage: "load", count: 10, at: at(61) });
    await one.run("next", "success", { at: at(62) });
    expect(await one.says()).toBe("pass");
  });

  test("is bounded: of a flood of run_ids the newest few are kept", async () => {
    const one = await goodRun();
    const { pipeline_name } = one;
    for (let part = 0; part < 3; part++) {
      const items = Array.from({ length: 300 }, (_, i) => ({
        kind: "records",
        pipeline_name,
        run_id: `made-up-${part}-${i}`,
        ...bad,
      }));
      expect((await agent.post("/v1/reports", items)).body).toMatchObject({ accepted: 0, rejected: { length: 300 } });
    }
    const kept = (await waiting(one)) as { run_id: string }[];
    expect(kept).toHaveLength(200);
    expect(kept.every(({ run_id }) => run_id.startsWith("made-up-2-"))).toBe(true);
    await one.run("made-up-0-0", "success", { at: at(62) });
    expect(await subjects(one)).toEqual(["no_evidence made-up-0-0"]);
  });
});

describe("nothing is made by a refused report", () => {
  test("no pipeline, no run, no row", async () => {
    const one = await goodRun();
    const { pipeline_name } = one;
    const bad = { stage: "load", count: -1 };
    expect((await agent.post("/v1/records", { pipeline_name: "never_seen", run_id: "r", ...bad })).status).toBe(422);
    expect((await agent.post("/v1/records", { pipeline_name, run_id: "other", ...bad })).status).toBe(422);
    expect(await agent.query("SELECT FROM pipeline WHERE pipeline_name = 'never_seen'")).toEqual([]);
    expect(await agent.query("SELECT FROM run WHERE run_id = 'other'")).toEqual([]);
    expect(
      await agent.query("SELECT FROM rejected_item x WHERE NOT EXISTS (SELECT FROM run r WHERE r.run_key = x.run_key)"),
    ).toEqual([]);
    expect((await agent.get("/v1/pipelines/never_seen")).status).toBe(404);
    expect(await one.says()).toBe("pass");
  });

  test("and no key writes what it may not", async () => {
    const pipeline_name = "theirs";
    const all = bearer(keys.all.key);
    await keyed.post("/v1/records", { pipeline_name, run_id: "r", stage: "load", count: 1 }, all);
    const bad = { pipeline_name, run_id: "r", stage: "load", count: -1 };
    expect((await keyed.post("/v1/records", bad, bearer(keys.mine.key))).status).toBe(403);
    const batch = await keyed.post("/v1/reports", [{ kind: "records", ...bad }], bearer(keys.mine.key));
    expect(batch.body).toMatchObject({ rejected: [{ code: "forbidden" }] });
    expect(await keyed.query("SELECT FROM rejected_item")).toEqual([]);
    expect((await keyed.post("/v1/records", bad, all)).status).toBe(422);
    expect(await keyed.query("SELECT item FROM rejected_item")).toEqual([{ item: "load" }]);
  });

  test("a flood of names is kept as a few", async () => {
    const one = await goodRun();
    const { pipeline_name } = one;
    for (let part = 0; part < 5; part++) {
      const items = Array.from({ length: 1000 }, (_, i) => {
        const name = `s${part}-${i}`;
        return { kind: "records", pipeline_name, run_id: "r", stage: name, attempt: i + 1, count: -1 };
      });
      expect((await agent.post("/v1/reports", items)).body).toMatchObject({ accepted: 0, rejected: { length: 1000 } });
    }
    const [{ n } = { n: 0 }] = await agent.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM rejected_item x JOIN run r USING (run_key) JOIN pipeline p USING (pipeline_id) WHERE pipeline_name = $1",
      [pipeline_name],
    );
    expect(n).toBe(201);
    expect((await one.gate()).reasons.length).toBeLessThanOrEqual(201);
  });

  const deep = (levels: number, { pipeline_name }: Story) =>
    `{"pipeline_name": "${pipeline_name}", "run_id": "r", "stage": "load", "count": ${'{"a":'.repeat(levels)}1${"}".repeat(levels)}}`;

  test("a body that is as deep as a stack is refused like any other", async () => {
    const one = await goodRun();
    expect((await agent.post("/v1/records", deep(10_000, one))).status).toBe(422);
    expect(await subjects(one)).toEqual(["report_rejected load"]);
  });

  test("one that is too large and too deep to be parsed says nothing of any run", async () => {
    const one = await goodRun();
    expectProblem(await agent.post("/v1/records", deep(100_000, one)), "body_too_large", /within one another/);
    expect(await one.says()).toBe("pass");
  });
});

describe("what a client could not deliver", () => {
  const lost = [
    { kind: "quality", item: "null_rate", why: "score: NaN is no number" },
    { kind: "records", item: "load", why: "the queue was full" },
  ];

  test("said with the end of the run keeps the gate closed until it comes after all", async () => {
    const one = story();
    await one.report("records", { run_id: "r", stage: "extract", count: 10, at: at(1) });
    await one.run("r", "success", { at: at(50), lost });
    const { reasons, decision } = await one.gate();
    expect(decision).toBe("unknown");
    expect(reasons.map(({ subject, detail }) => `${subject}: ${detail}`)).toEqual([
      "load: The records report of load could not be delivered by its client: the queue was full",
      "null_rate: The quality report of null_rate could not be delivered by its client: score: NaN is no number",
    ]);
    await one.report("records", { run_id: "r", stage: "load", count: 10, at: at(50) });
    await one.report("quality", { run_id: "r", check_name: "null_rate", score: 1, at: at(49) });
    expect(await subjects(one)).toEqual(["report_rejected null_rate"]);
    await one.report("quality", { run_id: "r", check_name: "null_rate", score: 1, at: at(51) });
    expect(await one.says()).toBe("pass");
  });

  test("ends with the attempt that lost it", async () => {
    const one = story();
    await one.run("r", "failed", { attempt: 1, at: at(5), lost });
    await one.report("records", { run_id: "r", stage: "load", count: 10, attempt: 2, at: at(7) });
    await one.run("r", "success", { attempt: 2, at: at(9) });
    expect(await one.says()).toBe("pass");
  });

  test("and the same end again changes nothing", async () => {
    const one = story();
    const { pipeline_name } = one;
    const end = { pipeline_name, run_id: "r", status: "success", lost };
    await agent.post("/v1/runs", end);
    await one.report("records", { run_id: "r", stage: "load", count: 10 });
    await one.report("quality", { run_id: "r", check_name: "null_rate", score: 1 });
    expect(await one.says()).toBe("pass");
    await agent.post("/v1/runs", end);
    expect(await one.says()).toBe("pass");
  });
});
