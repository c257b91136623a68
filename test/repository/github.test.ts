import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { nodeProblem } from "../../scripts/lib/node-version.mjs";

const read = (file: string) => readFileSync(file, "utf8");
/** Strict: a key that stands twice is an error. */
const yaml = <T>(file: string) => parse(read(file), { strict: true, uniqueKeys: true }) as T;
const WORKFLOWS = readdirSync(".github/workflows").map((file) => join(".github/workflows", file));

interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}
interface Job {
  "timeout-minutes": number;
  container: { image: string };
  strategy?: { matrix: { node: number[] } };
  steps: { uses?: string; run?: string; with?: Record<string, unknown> }[];
}

describe.each(WORKFLOWS)("%s", (file) => {
  const workflow = yaml<Workflow>(file);
  const jobs = Object.values(workflow.jobs);

  test("may read the code and nothing else, and every job ends", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    for (const job of jobs) expect(job["timeout-minutes"]).toBeLessThanOrEqual(60);
    expect(read(file)).not.toMatch(/pull_request_target|secrets\./);
  });

  test("uses actions by commit, with the version beside it", () => {
    const used = [...read(file).matchAll(/^ *- uses: (.*)$/gm)].map(([, action]) => action!);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    expect(jobs.flatMap((job) => job.steps).filter(({ uses }) => uses !== undefined)).toHaveLength(used.length);
  });

  test("leaves no token in a checkout that untrusted code reads", () => {
    const checkouts = jobs.flatMap((job) => job.steps).filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    for (const checkout of checkouts) expect(checkout.with).toEqual({ "persist-credentials": false });
  });
});

describe(".github/workflows/ci.yml", () => {
  const { on, jobs } = yaml<Workflow>(".github/workflows/ci.yml");
  const runs = (job: Job) => job.steps.flatMap(({ run }) => run ?? []);
  const nodesOf = ({ container, strategy }: Job) =>
    strategy?.matrix.node ?? [Number(/^node:(\d+)-bookworm$/.exec(container.image)?.[1])];

  test("runs for main and for each pull request", () => {
    expect(on).toEqual({ push: { branches: ["main"] }, pull_request: null });
  });

  test("does what .ci/run does, on the oldest Node that there is support for", () => {
    const job = Object.values(jobs).find((one) => runs(one).includes(".ci/run"))!;
    expect(existsSync(".ci/run")).toBe(true);
    expect(nodesOf(job)).toEqual([20]);
    const { engines } = JSON.parse(read("package.json"));
    expect(nodeProblem("20.999.0", engines.node)).toBeUndefined();
    expect(nodeProblem("19.999.0", engines.node)).toBeDefined();
  });

  test("tests Node 22 and 24, in the same Debian", () => {
    const job = Object.values(jobs).find((one) => runs(one).includes("npm test"))!;
    expect(nodesOf(job)).toEqual([22, 24]);
    expect(job.container.image).toBe("node:$" + "{{ matrix.node }}-bookworm");
  });
});

test("updates are looked for wherever versions are pinned", () => {
  const MANIFESTS: Record<string, string> = {
    npm: "package.json",
    pip: "pyproject.toml",
    docker: "Dockerfile",
    "docker-compose": "docker-compose.yml",
    "github-actions": ".github/workflows/ci.yml",
  };
  const { version, updates } = yaml<{ version: number; updates: Update[] }>(".github/dependabot.yml");
  expect(version).toBe(2);
  expect(updates.map((update) => update["package-ecosystem"]).sort()).toEqual(Object.keys(MANIFESTS).sort());
  for (const update of updates) {
    const manifest = MANIFESTS[update["package-ecosystem"]]!;
    expect(existsSync(join(".", update.directory, manifest)), manifest).toBe(true);
    expect(update.schedule.interval).toMatch(/^(weekly|monthly)$/);
  }
});

interface Update {
  "package-ecosystem": string;
  directory: string;
  schedule: { interval: string };
}

describe("issue forms", () => {
  const forms = readdirSync(".github/ISSUE_TEMPLATE").filter((file) => file !== "config.yml");
  const form = (file: string) => yaml<Form>(join(".github/ISSUE_TEMPLATE", file));

  test("there is one for what is wrong and one for what is missing", () => {
    expect(forms.sort()).toEqual(["bug.yml", "feature.yml"]);
  });

  test.each(forms)("%s is a form that GitHub shows", (file) => {
    const { name, description, labels, body } = form(file);
    expect([name, description, labels].every((value) => value.length > 0)).toBe(true);
    for (const { type, id, attributes } of body) {
      expect(["markdown", "input", "textarea", "dropdown", "checkboxes"]).toContain(type);
      if (type === "markdown") expect(attributes.value).toBeTruthy();
      else expect(attributes.label, id).toBeTruthy();
      if (type === "dropdown") expect(attributes.options!.length).toBeGreaterThan(1);
    }
    const ids = body.flatMap(({ id }) => id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(body.some(({ validations }) => validations?.required)).toBe(true);
  });

  test("what is wrong is told with a version and a way to see it, and without secrets", () => {
    const { body } = form("bug.yml");
    const required = body.filter(({ validations }) => validations?.required).map(({ id }) => id);
    expect(required).toEqual(expect.arrayContaining(["version", "repeat", "expected", "happened"]));
    expect(body[0]!.attributes.value).toContain("SECURITY.md");
  });
});

interface Form {
  name: string;
  description: string;
  labels: string[];
  body: {
    type: string;
    id?: string;
    attributes: { label?: string; value?: string; options?: string[] };
    validations?: { required: boolean };
  }[];
}

test("each path in CODEOWNERS is there, and all of them have an owner", () => {
  const lines = read(".github/CODEOWNERS")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  expect(lines[0]).toMatch(/^\* +@/);
  for (const line of lines) {
    expect(line).toMatch(/^\S+ +@\S+$/);
    const [path] = line.split(" ");
    if (path !== "*") expect(existsSync(join(".", path!)), path).toBe(true);
  }
});
