import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { readOptions } from "../../scripts/stack/options.mjs";
import { placeConfig, relocate, SHIPPED } from "../../scripts/stack/place-config.mjs";
import { portNear } from "../../scripts/stack/ports.mjs";
import { secret } from "../../scripts/stack/secrets.mjs";
import { balancerConfig } from "../../scripts/stack/several/balancer.mjs";
import { ROOT } from "../rules/shipped-rules.ts";

const directory = mkdtempSync(path.join(tmpdir(), "sluice-stack-"));
afterAll(() => rmSync(directory, { recursive: true }));

test("every address and folder that is moved stands in the shipped files", () => {
  const texts = ["rules", "prometheus", "alertmanager"].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder))
      .filter((name) => /\.ya?ml$/.test(name))
      .map((name) => readFileSync(path.join(ROOT, folder, name), "utf8")),
  );
  const unmoved: string[] = [SHIPPED.prometheus];
  for (const address of Object.values(SHIPPED)) {
    if (!unmoved.includes(address))
      expect(
        texts.some((text) => text.includes(address)),
        address,
      ).toBe(true);
  }
  for (const [, port] of texts.join().matchAll(/localhost:(\d+)/g)) {
    expect(Object.values(SHIPPED)).toContain(`localhost:${port}`);
  }
});

test("an address that was put in is not taken for another one", () => {
  const moved = relocate("localhost:9877 localhost:9093 localhost:98770", {
    agent: "localhost:9093",
    alertmanager: "localhost:1",
  });
  expect(moved).toBe("localhost:9093 localhost:1 localhost:90930");
});

test("what an earlier version placed does not stay", () => {
  mkdirSync(path.join(directory, "rules"), { recursive: true });
  writeFileSync(path.join(directory, "rules/old.yaml"), "groups: []");
  placeConfig({ root: ROOT, directory, addresses: { agent: "localhost:41234" } });
  expect(readdirSync(path.join(directory, "rules"))).toEqual(readdirSync(path.join(ROOT, "rules")));
  expect(readFileSync(path.join(directory, "prometheus/prometheus.yml"), "utf8")).toContain('["localhost:41234"]');
  expect(readdirSync(path.join(directory, "alertmanager/templates"))).toHaveLength(3);
});

test("a secret is made once, for its owner alone", () => {
  const secrets = path.join(directory, "secrets");
  const made = secret(secrets, "password");
  expect(made).toMatch(/^[\w-]{43}$/);
  expect(secret(secrets, "password")).toBe(made);
  expect(secret(secrets, "another")).not.toBe(made);
  expect(statSync(path.join(secrets, "password")).mode & 0o777).toBe(0o600);
  expect(statSync(secrets).mode & 0o777).toBe(0o700);
});

test("the usual port is taken where it is free, else another one", async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => holder.once("listening", resolve));
  const { port } = holder.address() as { port: number };
  expect(await portNear(port)).not.toBe(port);
  await new Promise((resolve) => holder.close(resolve));
  await expect.poll(() => portNear(port)).toBe(port);
});

test("the options say where everything is kept", () => {
  expect(readOptions(["--dir", "/srv/stack"], ROOT, null)).toMatchObject({ help: false, directory: "/srv/stack" });
  expect(readOptions([], ROOT, null).directory).toBe(path.join(ROOT, ".cache/stack"));
  expect(() => readOptions(["--port", "1"], ROOT, null)).toThrow(/--port/);
});

test("the shipped configuration of HAProxy is right, also with as many agents as are asked for", () => {
  const shipped = readFileSync(path.join(ROOT, "deploy/haproxy/haproxy.cfg"), "utf8");
  const config = balancerConfig(shipped, { port: 40000, agentPorts: [40001, 40002] });
  expect(config).toMatch(/^ {2}bind 127\.0\.0\.1:40000$/m);
  expect(config.match(/^ {2}server .*$/gm)).toEqual([
    "  server agent_1 127.0.0.1:40001",
    "  server agent_2 127.0.0.1:40002",
  ]);
  for (const [name, text] of Object.entries({ shipped, config })) {
    const file = path.join(directory, `${name}.cfg`);
    writeFileSync(file, text);
    const program = ["/usr/sbin/haproxy"].find((place) => existsSync(place)) ?? "haproxy";
    const { status, stderr } = spawnSync(program, ["-c", "-f", file], { encoding: "utf8" });
    expect(status, stderr).toBe(0);
    expect(stderr).not.toContain("WARNING");
  }
});

test("the page about operating shows lines that HAProxy is started with", () => {
  const page = readFileSync(path.join(ROOT, "docs/operating.md"), "utf8");
  const [, block] = /^## Behind a load balancer$[\s\S]*?^```\n([\s\S]*?)^```$/m.exec(page)!;
  const shipped = readFileSync(path.join(ROOT, "deploy/haproxy/haproxy.cfg"), "utf8").split("\n");
  expect(shipped).toEqual(
    expect.arrayContaining(
      block!
        .trimEnd()
        .split("\n")
        .map((line) => `  ${line}`),
    ),
  );
});

test("--agents is a number of agents", () => {
  expect(readOptions([], ROOT, null).agents).toBe(1);
  expect(readOptions(["--agents", "3"], ROOT, null).agents).toBe(3);
  for (const wrong of ["0", "10", "1.5", "many"])
    expect(() => readOptions(["--agents", wrong], ROOT, null)).toThrow("from 1 to 9");
});
