import { describe, expect, it } from "vitest";
import { GateBlocked, SluiceError } from "../../src/client/index.ts";
import { apiKey, testAgentOf, testServer } from "../support/agent.ts";
import { temporaryDirectory } from "./support/bundle.ts";
import { clientMaker } from "./support/client.ts";
import { nobodyThere } from "./support/nobody.ts";
import { startProxy } from "./support/proxy.ts";

const server = await testServer();
const agent = await testAgentOf(server);
const proxy = await startProxy(agent.port);
const newClient = clientMaker(temporaryDirectory());
const NOBODY = await nobodyThere();

describe("a gate that is asked", () => {
  it("knows what was reported a moment before, and lets good data pass", async () => {
    const client = newClient(proxy.url);
    await client.pipeline("good").run(
      (run) => {
        run.records("load", 100, { expected_min: 50 });
        run.quality("null_rate", 0.99, { threshold: 0.95 });
      },
      { run_id: "2026-11-20T00:00:00+00:00" },
    );
    const decision = await client
      .gate("good", { onUnreachable: "block" })
      .check({ run_id: "2026-11-20T00:00:00+00:00" });
    expect(decision).toMatchObject({ pipeline_name: "good", decision: "pass", allowed: true, reasons: [] });
    expect(decision.run_id).toBe("2026-11-20T00:00:00+00:00");
  });

  it("knows what another process left in the spool while the agent was away", async () => {
    proxy.misbehave((_, response) => response.writeHead(503).end());
    const task = newClient(proxy.url, { flushDeadlineSeconds: 0.2 });
    await task.pipeline("left").run(
      (run) => {
        run.records("load", 100);
        run.quality("null_rate", 0.4, { threshold: 0.95 });
      },
      { run_id: "r1" },
    );
    await task.close();
    expect(task.stats()).toMatchObject({ sent: 0, spooled: 4 });
    proxy.misbehave(null);
    const asking = newClient(proxy.url, { spool: task.spool });
    const decision = await asking.gate("left", { onUnreachable: "allow" }).decision({ run_id: "r1" });
    expect(decision).toMatchObject({ decision: "block", allowed: false, run_id: "r1" });
    expect(asking.stats()).toMatchObject({ sent: 4 });
  });

  it("inside a run decides on the evidence so far, with what was reported in the line before", async () => {
    const client = newClient(proxy.url);
    const gate = client.gate("inside", { onUnreachable: "block" });
    const blocked = client.pipeline("inside").run(
      async (run) => {
        run.quality("null_rate", 0.4, { threshold: 0.95 });
        await gate.check({ run_id: "r1", while_running: true });
      },
      { run_id: "r1" },
    );
    await expect(blocked).rejects.toThrow(GateBlocked);
    await expect(blocked).rejects.toThrow(
      /^the gate of inside \(run r1\) says block\n {2}block quality_below_threshold: null_rate scored 0.4, 0.95 is required/,
    );
  });

  it("throws the reasons when data is bad, and decision() tells the same without throwing", async () => {
    const client = newClient(proxy.url);
    const gate = client.gate("bad", { onUnreachable: "allow" });
    await client.pipeline("bad").run((run) => run.quality("null_rate", 0.91, { threshold: 0.95 }), { run_id: "r1" });
    const error = await gate.check().then(
      () => null,
      (thrown: unknown) => thrown as GateBlocked,
    );
    expect(error).toBeInstanceOf(GateBlocked);
    expect(error!.reasons).toContainEqual(
      expect.objectContaining({
        code: "quality_below_threshold",
        subject: "null_rate",
        observed: 0.91,
        threshold: 0.95,
      }),
    );
    expect(await gate.decision()).toMatchObject({ decision: "block", allowed: false });
  });

  it("a score that is no score blocks as a check that could not be computed", async () => {
    const client = newClient(proxy.url);
    await client.pipeline("nan").run((run) => {
      run.quality("fine", 1);
      run.quality("null_rate", Number.NaN);
    });
    const decision = await client.gate("nan", { onUnreachable: "block" }).decision();
    expect(decision).toMatchObject({ allowed: false, reasons: [{ code: "check_errored", subject: "null_rate" }] });
  });

  it("a success without evidence about the data is no pass", async () => {
    const client = newClient(proxy.url);
    await client.pipeline("empty").run(() => {});
    const decision = await client.gate("empty", { onUnreachable: "allow" }).decision();
    expect(decision).toMatchObject({ decision: "unknown", allowed: false, reasons: [{ code: "no_evidence" }] });
  });

  it("waits until the run has ended", async () => {
    const client = newClient(proxy.url);
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const run = client.pipeline("waiting").run(
      async (run) => {
        run.quality("null_rate", 1);
        await finished;
      },
      { run_id: "r1" },
    );
    const gate = client.gate("waiting", { onUnreachable: "block" });
    expect(await gate.decision({ run_id: "r1" })).toMatchObject({ decision: "pending", allowed: false });
    const asked = gate.check({ run_id: "r1", wait: "2m" });
    await expect.poll(() => proxy.received.at(-1)!.path, { timeout: 120_000 }).toContain("wait=60s");
    finish();
    await run;
    expect(await asked).toMatchObject({ decision: "pass", allowed: true });
  });
});

describe("a gate that cannot be asked", () => {
  it("blocks when onUnreachable says so", async () => {
    const asked = newClient(NOBODY, { flushDeadlineSeconds: 0 }).gate("orders", { onUnreachable: "block" }).check();
    await expect(asked).rejects.toThrow(GateBlocked);
    await expect(asked).rejects.toThrow(
      /^the gate of orders could not be asked \(onUnreachable: "block"\): http:\/\/127.0.0.1:\d+ cannot be reached \(ECONNREFUSED\)/,
    );
  });

  it("lets go on when onUnreachable says so, and warns", async () => {
    const client = newClient(NOBODY, { flushDeadlineSeconds: 0 });
    const decision = await client.gate("orders", { onUnreachable: "allow" }).check();
    expect(decision).toMatchObject({ decision: "unreachable", allowed: true, reasons: [] });
    expect(client.warnings[0]).toMatch(
      /the gate of orders was not asked and is passed, as onUnreachable: "allow" says/,
    );
  });

  it("blocks when nothing was said, and says that nothing was said", async () => {
    const client = newClient(NOBODY, { flushDeadlineSeconds: 0 });
    const gate = client.gate("orders");
    expect(client.warnings).toEqual([
      'sluice: gate("orders"): onUnreachable: missing; say "block" or "allow" for when the agent cannot be asked. Until then it blocks',
    ]);
    await expect(gate.check()).rejects.toThrow("could not be asked (onUnreachable was not said, so it blocks)");
  });

  it("is one whose evidence did not arrive: an answer without it could be a wrong yes", async () => {
    const client = newClient(proxy.url);
    await client.pipeline("unheard").run((run) => run.quality("null_rate", 1));
    proxy.misbehave((request, response) => {
      if (request.url!.startsWith("/v1/reports")) response.writeHead(500).end();
      else response.writeHead(200).end('{"decision":"pass","allowed":true,"reasons":[]}');
    });
    client.pipeline("unheard").attach("r1").quality("null_rate", 0);
    const decision = await client.gate("unheard", { onUnreachable: "block" }).decision();
    proxy.misbehave(null);
    expect(decision).toMatchObject({
      decision: "unreachable",
      allowed: false,
      unreachable: "what was reported before has not reached the agent",
    });
  });

  it("asks again while the agent is being restarted", async () => {
    const client = newClient(proxy.url);
    await client.pipeline("restarted").run((run) => run.quality("null_rate", 1));
    let times = 0;
    proxy.misbehave((request) => {
      request.socket.destroy();
      if (++times === 2) proxy.misbehave(null);
    });
    expect(await client.gate("restarted", { onUnreachable: "block" }).check()).toMatchObject({ decision: "pass" });
    expect(times).toBe(2);
  });

  it("a client without a url blocks or allows as was said", async () => {
    const client = newClient("");
    expect(client.warnings[0]).toContain("createClient: no url; give { url } or set SLUICE_URL");
    expect(await client.gate("orders", { onUnreachable: "block" }).decision()).toMatchObject({ allowed: false });
    expect(await client.gate("orders", { onUnreachable: "allow" }).decision()).toMatchObject({ allowed: true });
  });
});

describe("a question that the agent refuses", () => {
  it("is never a yes, whatever onUnreachable says", async () => {
    const { entry } = apiKey("reporter", ["report"], ["orders"]);
    const guarded = await testAgentOf(server, { keys: [entry] });
    const client = newClient(`http://127.0.0.1:${guarded.port}`, { apiKey: "sluice_wrong" });
    const asked = client.gate("orders", { onUnreachable: "allow" }).check();
    await expect(asked).rejects.toThrow(SluiceError);
    await expect(asked).rejects.toMatchObject({ status: 401, code: "unauthorized" });
  });
});
