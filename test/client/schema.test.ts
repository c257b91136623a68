import { describe, expect, it } from "vitest";
import { testAgentOf, testServer } from "../support/agent.ts";
import { temporaryDirectory } from "./support/bundle.ts";
import { clientMaker } from "./support/client.ts";

const server = await testServer();
const agent = await testAgentOf(server);
const url = `http://127.0.0.1:${agent.port}`;
const newClient = clientMaker(temporaryDirectory());

interface Shown {
  dataset: string;
  latest: { complete: boolean; columns: { name: string; type: string; nullable: boolean | null }[] };
}

async function shown(pipeline_name: string): Promise<Shown[]> {
  return ((await agent.get(`/v1/schema/${pipeline_name}`)).body as { items: Shown[] }).items;
}

describe("run.schema", () => {
  it("takes columns, the fields of a schema whose types print themselves, and types by name", async () => {
    const client = newClient(url);
    class Int64 {
      toString(): string {
        return "Int64";
      }
    }
    await client.pipeline("columns").run(
      (run) => {
        run.schema([
          { name: "user_id", type: new Int64(), nullable: false },
          { name: "amount", type: "float64" },
        ]);
        run.schema({ id: "uuid", at: "timestamptz" }, { dataset: "raw", complete: false });
      },
      { run_id: "r1" },
    );
    await client.flush();
    expect((await shown("columns")).map(({ dataset, latest }) => ({ dataset, latest }))).toMatchObject([
      {
        dataset: "columns",
        latest: {
          complete: true,
          columns: [
            { name: "user_id", type: "Int64", nullable: false },
            { name: "amount", type: "float64", nullable: null },
          ],
        },
      },
      { dataset: "raw", latest: { complete: false, columns: [{ name: "id" }, { name: "at" }] } },
    ]);
    expect(client.warnings).toEqual([]);
  });

  it("never throws, and what it could not take reaches the gate with the end of the run", async () => {
    const client = newClient(url);
    await client.pipeline("wrong").run(
      (run) => {
        run.records("load", 10);
        run.schema("id int" as never);
        run.schema([], { dataset: "" });
      },
      { run_id: "r1" },
    );
    await client.flush();
    const gate = (await agent.get("/v1/gates/wrong")).body as { decision: string; reasons: object[] };
    expect(gate).toMatchObject({
      decision: "unknown",
      reasons: [
        { code: "report_rejected", subject: "?" },
        { code: "report_rejected", subject: "wrong", detail: expect.stringContaining('columns: "id int" given') },
      ],
    });
    expect(client.warnings.length).toBeGreaterThan(0);
  });

  it("lets a column that has no type cost itself only", async () => {
    const client = newClient(url);
    const columns = [{ name: "id", type: "int64" }, { name: "odd" } as never, null as never];
    await client.pipeline("partly").run((run) => run.schema(columns), { run_id: "r1" });
    await client.flush();
    expect((await shown("partly"))[0]!.latest).toMatchObject({
      complete: false,
      columns: [{ name: "id" }, { name: "odd", type: null }],
    });
  });
});
