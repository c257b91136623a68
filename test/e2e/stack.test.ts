import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { ROOT } from "../rules/shipped-rules.ts";

const PATIENCE = { timeout: 300_000, interval: 200 };

test("npm run stack brings everything up, and Ctrl-C ends all of it", {
  timeout: 600_000,
}, async () => {
  const directory = mkdtempSync(path.join(tmpdir(), "sluice-npm-run-stack-"));
  chmodSync(directory, 0o755);
  const child = spawn(process.execPath, [path.join(ROOT, "scripts/stack.mjs"), "--dir", directory], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const ended = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(directory, { recursive: true, force: true });
  });
  await vi.waitUntil(() => out.includes("Ctrl-C ends all of it") || child.exitCode !== null, PATIENCE);
  expect(out, err).toContain("Ctrl-C ends all of it");

  const addressOf = (name: string) => new RegExp(`^  ${name} +(http://localhost:\\d+)`, "m").exec(out)![1]!;
  const [agent, prometheus, alertmanager] = ["Sluice", "Prometheus", "Alertmanager"].map(addressOf) as [
    string,
    string,
    string,
  ];
  for (const url of [`${agent}/readyz`, `${prometheus}/-/ready`, `${alertmanager}/-/ready`]) {
    expect((await fetch(url)).status).toBe(200);
  }
  child.kill("SIGINT");
  expect(await ended).toEqual([0, null]);
  for (const url of [agent, prometheus, alertmanager]) await expect(fetch(url)).rejects.toThrow();
});
