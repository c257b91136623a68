import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { validate } from "node-cron";
import { describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { installed } from "../cli/installed.ts";
import { testAgentOf, testServer } from "../support/agent.ts";

vi.setConfig({ testTimeout: 120_000 });
const { main, directory, env } = await installed();
const agent = await testAgentOf(await testServer());
const url = `http://127.0.0.1:${agent.port}`;
/** Where the recipes say the agent is. */
const IN_THE_CLUSTER = "http://sluice:9877";

const recipe = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../examples/${name}`, import.meta.url)), "utf8");

interface Ended {
  code: number;
  said: string;
}

function run(program: string, args: string[], extra: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: directory, env: { ...env, SLUICE_URL: url, ...extra } };
    execFile(program, args, options, (error, out, err) => {
      resolve({ code: Number((error as { code?: number } | null)?.code ?? 0), said: out + err });
    });
  });
}

let runs = 0;

/** A pipeline whose latest run is allowed, blocked, or of which nothing is known but that it ended. */
async function pipeline(
  pipeline_name: string,
  data: "good" | "bad" | "unknown",
  run_id = `${data}-${++runs}`,
): Promise<void> {
  if (data !== "unknown") {
    await agent.post("/v1/quality", {
      pipeline_name,
      run_id,
      check_name: "complete",
      score: data === "good" ? 1 : 0.2,
    });
  }
  await agent.post("/v1/runs", { pipeline_name, run_id, status: "success" });
}

async function statuses(pipeline_name: string): Promise<string[]> {
  const { body } = await agent.get(`/v1/runs?pipeline_name=${pipeline_name}`);
  return (body as { items: { status: string }[] }).items.map(({ status }) => status);
}

describe("cron", () => {
  const lines = recipe("cron/crontab").split("\n");
  const jobs = lines.flatMap((line) => {
    const [, schedule, command] = /^((?:\S+ +){4}\S+) +(.*)$/.exec(line) ?? [];
    return schedule !== undefined && command !== undefined && !line.startsWith("#") ? [{ schedule, command }] : [];
  });
  const scripts = path.join(directory, "etl");
  mkdirSync(scripts);
  const script = (name: string, text: string) =>
    writeFileSync(path.join(scripts, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  /** As cron does: `\%` is a percent sign, /bin/sh runs it. */
  const runJob = ({ command }: { command: string }) =>
    run("/bin/sh", ["-c", command.replaceAll("\\%", "%").replaceAll("/opt/etl", scripts).replace("1h", "2s")]);

  test("its schedules and variables are what cron takes", () => {
    expect(jobs).toHaveLength(2);
    for (const { schedule, command } of jobs) {
      expect(validate(schedule), schedule).toBe(true);
      expect(command).not.toMatch(/(^|[^\\])%/);
    }
    expect(lines.filter((line) => /^[A-Z_]+=/.test(line)).map((line) => line.split("=")[0])).toEqual([
      "SLUICE_URL",
      "PATH",
    ]);
  });

  test("the report waits for good data, and does not run on a failed night", async () => {
    script("report.sh", "echo reported");
    script("orders.sh", "echo no rows >&2; exit 1");
    expect((await runJob(jobs[0]!)).code).toBe(1);
    const held = await runJob(jobs[1]!);
    expect(held.code).toBe(20);
    expect(held.said).toContain("run_failed");
    expect(await statuses("orders_report")).toEqual([]);

    // The same run_id a second time: somebody has mended it and runs it again.
    script("orders.sh", "sluice report quality orders_daily complete 1");
    const again = { command: jobs[0]!.command.replace("--run-id", "--attempt 2 --run-id") };
    expect((await runJob(again)).code).toBe(0);
    expect(await runJob(jobs[1]!)).toMatchObject({ code: 0, said: expect.stringContaining("reported") });
    expect(await statuses("orders_report")).toEqual(["success"]);
  });
});

describe("GitHub Actions", () => {
  const { jobs } = parse(recipe("github-actions/publish.yml"));
  const [step] = jobs.publish.steps;
  /** As the runner does. */
  const runStep = (to: string) => {
    const summary = path.join(directory, "summary.md");
    writeFileSync(summary, "");
    const given = { SLUICE_URL: to, SLUICE_API_KEY: "", PIPELINE: step.env.PIPELINE, GITHUB_STEP_SUMMARY: summary };
    const script = step.run.replace("--retry 3", "--retry 1");
    return run("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], given).then(({ code }) => ({
      code,
      summary: readFileSync(summary, "utf8"),
    }));
  };

  test("the step goes on with good data, and fails with the reasons in the summary otherwise", async () => {
    const today = new Date().toISOString().slice(0, 10);
    await pipeline(step.env.PIPELINE, "good", today);
    expect(await runStep(url)).toMatchObject({ code: 0, summary: expect.stringContaining(": pass, go on") });
    await pipeline(step.env.PIPELINE, "bad", today);
    const { code, summary } = await runStep(url);
    expect(code).not.toBe(0);
    expect(summary).toContain("complete scored 0.2, 0.8 is required");
  });

  test("the step fails when nobody answers", async () => {
    const { code, summary } = await runStep("http://127.0.0.1:2");
    expect(code).not.toBe(0);
    expect(summary).toContain("no answer");
  });
});

describe("the Kubernetes init container", () => {
  const { spec } = parse(recipe("kubernetes-gate/job.yaml"));
  const [gate] = spec.template.spec.initContainers;
  const pipeline_name: string = gate.args[1];
  /** As the kubelet does: $(NAME) in an argument is the variable. */
  const ask = (run_id: string) => {
    const args: string[] = gate.args.map((arg: string) => arg.replace("$(RUN_ID)", run_id));
    return run(process.execPath, [main, ...args], { SLUICE_URL: gate.env[0].value.replace(IN_THE_CLUSTER, url) });
  };

  test("is the program that the image starts, and its variables are there", () => {
    const dockerfile = readFileSync(fileURLToPath(new URL("../../Dockerfile", import.meta.url)), "utf8");
    expect(dockerfile).toMatch(/^ENTRYPOINT \["node", "dist\/main.js"\]$/m);
    expect(gate.env[0]).toEqual({ name: "SLUICE_URL", value: IN_THE_CLUSTER });
    expect(gate.env.map(({ name }: { name: string }) => name)).toContain("RUN_ID");
  });

  test("fails the pod on bad data", async () => {
    await pipeline(pipeline_name, "bad", "k1");
    expect((await ask("k1")).code).toBe(20);
  });

  test("waits for the run that the work needs", async () => {
    const asked = ask("k2");
    let done = false;
    void asked.then(() => {
      done = true;
    });
    await agent.post("/v1/runs", { pipeline_name, run_id: "k2", status: "started" });
    await agent.post("/v1/quality", { pipeline_name, run_id: "k2", check_name: "complete", score: 1 });
    expect(done).toBe(false);
    await agent.post("/v1/runs", { pipeline_name, run_id: "k2", status: "success" });
    expect((await asked).code).toBe(0);
  });
});

describe("the AnalysisTemplate of Argo Rollouts", () => {
  const { spec } = parse(recipe("argo-rollouts/analysis-template.yaml"));
  type Metric = (typeof spec.metrics)[number];

  /** As the web provider does: other statuses than 2xx are errors; neither condition true is inconclusive. */
  async function measure(
    { provider: { web }, successCondition, failureCondition }: Metric,
    name: string,
  ): Promise<string> {
    const args: Record<string, string> = {
      "sluice-url": url,
      "pipeline-name": encodeURIComponent(name),
      "api-key": "",
    };
    const filled = (text: string) => text.replaceAll(/\{\{ *args\.([\w-]+) *\}\}/g, (_all, arg: string) => args[arg]!);
    const headers = Object.fromEntries(
      web.headers.map((one: { key: string; value: string }) => [one.key, filled(one.value)]),
    );
    const response = await fetch(filled(web.url), { headers });
    if (!response.ok) return "Error";
    const body = (await response.json()) as Record<string, unknown>;
    const field = /^\{\$\.(\w+)\}$/.exec(web.jsonPath ?? "")?.[1];
    const result = field === undefined ? body : body[field];
    // The conditions are written in what Go's expr and JavaScript have in common.
    const holds = (condition: string) => new Function("result", `return ${condition}`)(result) as boolean;
    if (failureCondition !== undefined && holds(failureCondition)) return "Failed";
    if (holds(successCondition)) return "Successful";
    return failureCondition === undefined ? "Failed" : "Inconclusive";
  }

  test("names every argument that it uses", () => {
    const used = [...recipe("argo-rollouts/analysis-template.yaml").matchAll(/\{\{ *args\.([\w-]+)/g)].map(
      (match) => match[1],
    );
    const declared = spec.args.map(({ name }: { name: string }) => name);
    expect(new Set(used)).toEqual(new Set(declared));
  });

  test.each([
    ["good", ["Successful", "Successful"]],
    ["bad", ["Failed", "Failed"]],
    ["unknown", ["Inconclusive", "Failed"]],
  ] as const)("with %s data its metrics are %j", async (data, phases) => {
    const name = `rollout / ${data}`;
    await pipeline(name, data);
    expect(await Promise.all(spec.metrics.map((metric: Metric) => measure(metric, name)))).toEqual(phases);
  });
});

describe("the webhooks of Flagger", () => {
  const { spec } = parse(recipe("flagger/canary.yaml"));
  interface Webhook {
    type: string;
    metadata: { type: string; cmd: string };
  }
  const webhooks: Webhook[] = spec.analysis.webhooks;

  test.each(webhooks)("$type goes on with good data and not with bad", async ({ metadata }) => {
    expect(metadata.type).toBe("bash");
    const task = () => run("bash", ["-c", metadata.cmd.replace(IN_THE_CLUSTER, url)]);
    await pipeline("user_features", "good");
    expect((await task()).code).toBe(0);
    await pipeline("user_features", "bad");
    expect(await task()).toMatchObject({ code: 22, said: expect.stringContaining("423") });
  });
});
