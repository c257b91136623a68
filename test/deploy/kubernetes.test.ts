import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { loadConfig } from "../../src/config.ts";
import { documentedScrape, type Relabeling } from "../adapters/metrics/documented-scrape.ts";
import { ROOT } from "../rules/shipped-rules.ts";
import { filesWith } from "../support/agent.ts";

const FOLDER = path.join(ROOT, "deploy/kubernetes");
const KUSTOMIZATIONS = readdirSync(FOLDER).filter((name) => existsSync(path.join(FOLDER, name, "kustomization.yaml")));

interface Container {
  name: string;
  image: string;
  env: { name: string; value?: string }[];
  securityContext: object;
  resources: { requests: object; limits: object };
  volumeMounts: { name: string }[];
  startupProbe?: Probe;
  readinessProbe?: Probe;
  livenessProbe?: Probe;
}
interface Probe {
  httpGet: { path: string; port: string };
}
interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  securityContext: object;
  automountServiceAccountToken: boolean;
  volumes: { name: string }[];
}
interface Manifest {
  kind: string;
  metadata: { name: string };
  spec: { template: { spec: PodSpec }; volumeClaimTemplates?: { metadata: { name: string } }[] };
}

function filesOf(folder: string): string[] {
  return readdirSync(path.join(FOLDER, folder)).filter((name) => name.endsWith(".yaml"));
}

function manifests(folder: string): Manifest[] {
  const { resources } = kustomization(folder);
  return resources.flatMap((file) =>
    parseAllDocuments(readFileSync(path.join(FOLDER, folder, file), "utf8"), { merge: true }).map(
      (document) => document.toJS() as Manifest,
    ),
  );
}

function kustomization(folder: string) {
  return parse(readFileSync(path.join(FOLDER, folder, "kustomization.yaml"), "utf8")) as {
    resources: string[];
    configMapGenerator?: { files: string[] }[];
    images?: { name: string; newTag: string }[];
  };
}

const WORKLOADS = KUSTOMIZATIONS.flatMap((folder) =>
  manifests(folder)
    .filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet")
    .map((manifest) => [`${folder}/${manifest.metadata.name}`, folder, manifest] as const),
);

test("there is a Deployment, a sidecar, and the alerts", () => {
  expect(KUSTOMIZATIONS.sort()).toEqual(["agent", "alerts", "sidecar"]);
  expect(WORKLOADS.map(([name]) => name)).toEqual(["agent/sluice", "sidecar/worker"]);
});

test.each(KUSTOMIZATIONS)("%s names each of its files", (folder) => {
  const { resources, configMapGenerator = [] } = kustomization(folder);
  const named = [...resources, ...configMapGenerator.flatMap(({ files }) => files), "kustomization.yaml"];
  expect(named.sort()).toEqual(filesOf(folder).sort());
});

const { error } = spawnSync("kubectl", ["kustomize", "--help"], { stdio: "ignore" });
test.runIf(error === undefined).each(KUSTOMIZATIONS)("kubectl builds %s", (folder) => {
  const built = spawnSync("kubectl", ["kustomize", path.join(FOLDER, folder)], { encoding: "utf8" });
  expect(built.stderr).toBe("");
  const documents = parseAllDocuments(built.stdout).map((document) => document.toJS() as Manifest);
  expect(documents.length).toBeGreaterThanOrEqual(2);
  expect(built.stdout).not.toMatch(/^\s*image: (sluice|worker)$/m);
});

describe.each(WORKLOADS)("%s", (_, folder, { spec }) => {
  const pod = spec.template.spec;
  const containers = [...(pod.initContainers ?? []), ...pod.containers];

  test("runs as nobody in particular, on a root that it cannot write", () => {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(pod.automountServiceAccountToken).toBe(false);
    for (const { securityContext } of containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    }
  });

  test("has one version of each image, and bounds", () => {
    const images = new Map(kustomization(folder).images!.map(({ name, newTag }) => [name, newTag]));
    for (const { image, resources } of containers) {
      expect(images.get(image)).toMatch(/^\d+\.\d+\.\d+/);
      expect(Object.keys(resources.requests).sort()).toEqual(["cpu", "memory"]);
      expect(resources.limits).toHaveProperty("memory");
    }
  });

  test("is started again when the process hangs, and not because the store is away", () => {
    const agent = containers.find(({ name }) => name === "sluice")!;
    expect(agent.livenessProbe!.httpGet).toEqual({ path: "/healthz", port: "http" });
    expect(agent.readinessProbe!.httpGet).toEqual({ path: "/readyz", port: "http" });
    expect(agent.startupProbe!.httpGet).toEqual({ path: "/readyz", port: "http" });
  });

  test("mounts what there is, and holds no secret", () => {
    const claimed = (spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
    const there = [...pod.volumes.map(({ name }) => name), ...claimed];
    for (const { volumeMounts, env } of containers) {
      for (const { name } of volumeMounts) expect(there).toContain(name);
      for (const { name, value } of env) {
        if (/KEY|PASSWORD|DATABASE_URL|TOKEN/.test(name) && value !== undefined)
          expect(value).toMatch(/^\/run\/secrets\//);
      }
    }
  });
});

test("one agent is there while others are replaced or their nodes drained, and each says first that it leaves", () => {
  const all = manifests("agent");
  const agent = all.find(({ kind }) => kind === "Deployment") as unknown as {
    spec: {
      replicas: number;
      strategy: object;
      template: { spec: PodSpec & { terminationGracePeriodSeconds: number } };
    };
  };
  const { replicas, strategy, template } = agent.spec;
  expect(replicas).toBeGreaterThanOrEqual(2);
  expect(strategy).toEqual({ type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
  const [{ env, readinessProbe }] = template.spec.containers as [Container];
  const delay = env.find(({ name }) => name === "SLUICE_SHUTDOWN_DELAY")!.value!;
  const { config } = loadConfig({ SLUICE_SHUTDOWN_DELAY: delay }, filesWith(undefined));
  expect(config.shutdown_delay).toBe(5_000);
  expect(readinessProbe!.httpGet.path).toBe("/readyz");
  // Longer than the delay, and the 10 s in which it finishes.
  expect(template.spec.terminationGracePeriodSeconds * 1000).toBeGreaterThanOrEqual(config.shutdown_delay + 15_000);
  const budget = all.find(({ kind }) => kind === "PodDisruptionBudget") as unknown as {
    spec: { minAvailable: number; selector: object };
  };
  // An empty one is every pod of the namespace.
  expect(budget.spec.selector).toEqual({ matchLabels: { "app.kubernetes.io/name": "sluice" } });
  expect(budget.spec.minAvailable).toBe(1);
  expect(budget.spec.minAvailable).toBeLessThan(replicas);
});

test("the operator's scrape job takes off what changes with a pod, and keeps the job's name", () => {
  const monitor = manifests("alerts").find(({ kind }) => kind === "ServiceMonitor") as unknown as {
    spec: { endpoints: { relabelings: object[]; metricRelabelings: { targetLabel: string }[] }[] };
  };
  const [endpoint] = monitor.spec.endpoints;
  expect(endpoint!.relabelings).toEqual([{ targetLabel: "job", replacement: "data_pipeline" }]);
  const taken = endpoint!.metricRelabelings.map(({ targetLabel }) => targetLabel);
  expect(taken.sort()).toEqual(["container", "endpoint", "instance", "pod", "service"]);
  const [{ source_labels, regex, replacement }] = documentedScrape([]).metric_relabel_configs as [Relabeling];
  for (const rule of endpoint!.metricRelabelings) {
    expect(rule).toMatchObject({ sourceLabels: source_labels, regex, replacement });
  }
});
