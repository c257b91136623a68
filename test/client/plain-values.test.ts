import { describe, expect, it } from "vitest";
import type { Run } from "../../src/client/index.ts";
import { plainNumber } from "../../src/client/report/plain-number.ts";
import { testAgentOf, testServer } from "../support/agent.ts";
import { temporaryDirectory } from "./support/bundle.ts";
import { clientMaker } from "./support/client.ts";
import { storedRun } from "./support/stored.ts";

const agent = await testAgentOf(await testServer());
const newClient = clientMaker(temporaryDirectory());

describe("what is plainly meant", () => {
  it.each<[string, unknown, unknown]>([
    ["a whole number as a float", 12.0, 12],
    ["a bigint, as databases count", 10n, 10],
    ["a count as a database writes it", "47500", 47_500],
    ["a sum as a database writes it", "12.000", 12],
    ["a mean as a database writes it", "0.97", 0.97],
    ["with blanks around it, as wc prints it", "   42\n", 42],
    ["nothing", "", ""],
    ["with a separator", "1,000", "1,000"],
    ["hexadecimal", "0x10", "0x10"],
    ["no number", "NaN", "NaN"],
    ["true", true, true],
    ["null", null, null],
  ])("%s is read as it should be", (_, given, wanted) => {
    expect(plainNumber(given)).toEqual(wanted);
  });

  it("is stored as a number", async () => {
    const client = newClient(`http://127.0.0.1:${agent.port}`);
    await client.pipeline("orders").run(
      (run: Run) => {
        run.records("extract", 12.0, { failed: 0n, expected_min: "10" });
        run.records("load", "47500");
        run.records("publish", 0n);
        run.quality("null_rate", "0.97", { threshold: "0.95" });
        run.drift({ age: { counts: [1n, 2n] as never, nulls: 0n as never } });
      },
      { run_id: "r1" },
    );
    const { stages, checks } = (await storedRun(agent, "orders", "r1"))!;
    expect(stages.map(({ stage, count, failed, expected_min }) => [stage, count, failed, expected_min])).toEqual([
      ["extract", 12, 0, 10],
      ["load", 47_500, null, null],
      ["publish", 0, null, null],
    ]);
    expect(checks).toMatchObject([{ check_name: "null_rate", score: 0.97, threshold: 0.95 }]);
    expect(client.stats()).toMatchObject({ sent: 7, dead: 0, dropped: 0 });
    expect(client.warnings).toEqual([]);
  });
});

describe("which time a run is done", () => {
  it("is said where the caller says it, and left to the agent where not", async () => {
    const client = newClient(`http://127.0.0.1:${agent.port}`);
    const pipeline = client.pipeline("attempts");
    expect(pipeline.attach("r1").attempt).toBe(1);
    await pipeline.run((run) => run.records("load", 1), { run_id: "said", attempt: 2 });
    expect(await storedRun(agent, "attempts", "said")).toMatchObject({ attempt: 2 });
  });
});
