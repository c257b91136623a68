import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ROOT } from "../rules/shipped-rules.ts";

interface Service {
  image: string;
  build?: unknown;
  ports?: string[];
  user?: string;
  command?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  network_mode?: string;
  healthcheck?: { test: string[] };
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  depends_on?: Record<string, { condition: string }>;
}

const composed = (file: string) =>
  parse(readFileSync(path.join(ROOT, file), "utf8"), { merge: true }) as {
    services: Record<string, Partial<Service>>;
    volumes: object;
  };
const COMPOSE = composed("docker-compose.yml") as { services: Record<string, Service>; volumes: object };
const HA = composed("docker-compose.ha.yml");
/** Those of docker-compose.yml, and those that docker-compose.ha.yml adds or changes, as they are then. */
const SERVICES = [
  ...Object.entries(COMPOSE.services),
  ...Object.entries(HA.services).map(([name, over]) => [`${name} of three agents`, laidOver(name, over)] as const),
];

/** As docker compose lays one file over another, where these two meet: volumes by where they are mounted, variables by name. */
function laidOver(name: string, over: Partial<Service>): Service {
  const below = COMPOSE.services[name];
  if (below === undefined) return over as Service;
  const mounted = new Map(
    [...(below.volumes ?? []), ...(over.volumes ?? [])].map((mount) => [mount.split(":")[1], mount]),
  );
  return {
    ...below,
    ...over,
    environment: { ...below.environment, ...over.environment },
    ports: [...(below.ports ?? []), ...(over.ports ?? [])],
    volumes: [...mounted.values()],
  };
}
/** They end, or have nothing to ask. */
const WITHOUT_HEALTH = ["network", "secrets", "demo"];

test("all that was ordered is there", () => {
  expect(Object.keys(COMPOSE.services).sort()).toEqual(
    ["agent", "alertmanager", "demo", "grafana", "mail", "network", "postgres", "prometheus", "secrets"].sort(),
  );
});

describe.each(SERVICES)("%s", (name, service) => {
  test("runs one version, not the latest", () => {
    if (service.build !== undefined) return expect(service.image).toMatch(/^sluice:/);
    expect(service.image).toMatch(/^[a-z0-9./-]+:v?\d+\.\d+[\w.-]*$/);
  });

  test("listens for this machine alone", () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:(\d+):\1$/);
  });

  test("cannot change itself, has no rights to spare, and is not root", () => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"] });
    // The secrets are handed to their owners by root, with no network. What is built here says its user in the Dockerfile.
    if (name === "secrets") return expect(service.network_mode).toBe("none");
    if (service.build === undefined) expect(service.user).toMatch(/^[1-9]\d*:\d+$/);
  });

  test("says how it is, where somebody waits for it", () => {
    if (!WITHOUT_HEALTH.includes(name.split(" ")[0]!)) expect(service.healthcheck?.test[0]).toMatch(/^CMD/);
    for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
      const other = COMPOSE.services[needed]!;
      if (condition === "service_healthy") expect(other.healthcheck).toBeDefined();
      else expect(WITHOUT_HEALTH).toContain(needed);
    }
  });

  test("is given files and volumes that there are, none of them to write into this clone", () => {
    for (const mount of service.volumes ?? []) {
      const [source, , mode] = mount.split(":") as [string, string, string?];
      if (!source.startsWith("./")) {
        expect(Object.keys({ ...COMPOSE.volumes, ...HA.volumes })).toContain(source);
        continue;
      }
      expect(mode).toBe("ro");
      expect(existsSync(path.join(ROOT, source)), source).toBe(true);
    }
  });

  test("has no password in its settings", () => {
    for (const [variable, value] of Object.entries(service.environment ?? {})) {
      if (!/PASSWORD|SECRET|TOKEN|KEY|DATABASE_URL|REDIS_URL|SLACK/.test(variable)) continue;
      expect(value, variable).toMatch(/^(\/run\/secrets\/[\w.]+|\$\{[A-Z_]+:-\})$/);
    }
    expect(JSON.stringify(service)).not.toMatch(/\/\/[^/"@]*:[^/"@]*@/);
  });
});

test("what finds itself at localhost in the shipped files shares one network", () => {
  for (const name of ["agent", "prometheus", "alertmanager", "grafana", "mail"]) {
    expect(COMPOSE.services[name]!.network_mode).toBe("service:network");
  }
  const published = COMPOSE.services.network!.ports!.map((port) => port.split(":").at(-1));
  const prometheus = readFileSync(path.join(ROOT, "prometheus/prometheus.yml"), "utf8");
  for (const [, port] of prometheus.matchAll(/localhost:(\d+)/g)) expect(published).toContain(port);
});

test("the settings that Prometheus and Alertmanager are started with are those that their files want", () => {
  const { command: prometheus } = COMPOSE.services.prometheus!;
  expect(prometheus).toContain("--web.user-assets=/etc/docs");
  expect(prometheus).toContain("--web.external-url=http://localhost:9090");
  // `rule_files` is relative to the file that says it.
  const { rule_files } = parse(readFileSync(path.join(ROOT, "prometheus/prometheus.yml"), "utf8"));
  expect(path.join("/etc/prometheus", path.dirname(rule_files[0]))).toBe("/etc/rules");
});

describe("three agents", () => {
  const { services } = HA;
  const agents = ["agent", "agent-2", "agent-3"].map((name) => laidOver(name, services[name]!));

  test("differ by where they listen and keep what they may lose, and one file is what all of them are", () => {
    const ports = [9877, 9878, 9879];
    const of = ({ environment, healthcheck, volumes, ...rest }: Service) => ({
      ...rest,
      ports: undefined,
      environment: { ...environment, SLUICE_LISTEN: undefined },
      volumes: volumes!.map((mount) => mount.replace(/^agent-(\d-)?data/, "data")).sort(),
      healthcheck: JSON.stringify(healthcheck).replace(/127\.0\.0\.1:\d+/, ""),
    });
    for (const agent of agents) expect(of(agent)).toEqual(of(agents[0]!));
    for (const [i, { environment, healthcheck }] of agents.entries()) {
      expect(environment!.SLUICE_LISTEN ?? "0.0.0.0:9877").toBe(`0.0.0.0:${ports[i]}`);
      expect(healthcheck!.test.at(-1)).toContain(`127.0.0.1:${ports[i]}/readyz`);
    }
    const haproxy = readFileSync(path.join(ROOT, "deploy/haproxy/haproxy.cfg"), "utf8");
    const servers = [...haproxy.matchAll(/^ {2}server \S+ 127\.0\.0\.1:(\d+)$/gm)].map(([, port]) => Number(port));
    expect(servers).toEqual(ports);
    expect(haproxy).toMatch(/^ {2}bind :9870$/m);
  });

  test("are scraped each, by what is shipped else, and trust the balancer on who asks", () => {
    const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");
    const targets = '["localhost:9877", "localhost:9878", "localhost:9879"]';
    const prometheus = read("prometheus/prometheus.yml").replace('["localhost:9877"]', targets);
    expect(read("deploy/compose/prometheus-ha.yml")).toBe(prometheus);
    const settings = { ...parse(read("deploy/compose/sluice.yaml")), trusted_proxies: ["127.0.0.1"] };
    expect(parse(read("deploy/compose/sluice-ha.yaml"))).toEqual(settings);
  });
});

const { status } = spawnSync("docker", ["compose", "version"], { stdio: "ignore" });
const FILES = [[], ["-f", "docker-compose.yml", "-f", "docker-compose.ha.yml"]];
test.runIf(status === 0).each(FILES)("docker compose finds nothing wrong %s", (...files) => {
  const checked = spawnSync("docker", ["compose", ...files, "--profile", "demo", "config", "--quiet"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  expect(checked.stderr).toBe("");
});
