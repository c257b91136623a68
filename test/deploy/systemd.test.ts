import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { START_AGAIN } from "../../src/cli/agent/serve.ts";

const UNIT = path.join(import.meta.dirname, "../../deploy/systemd/sluice.service");
const unit = readFileSync(UNIT, "utf8");
const setting = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(unit)?.[1];

test.skipIf(spawnSync("systemd-analyze", ["--version"]).status !== 0)("systemd takes the unit without a word", () => {
  const { status, stdout, stderr } = spawnSync("systemd-analyze", ["verify", UNIT], { encoding: "utf8" });
  expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: "" });
});

test("it starts the agent again after an end that nobody asked for, not after a wrong configuration", () => {
  expect(setting("Restart")).toBe("on-failure");
  const kept = setting("RestartPreventExitStatus")!.split(" ");
  expect(kept).toEqual(["2"]);
  expect(kept).not.toContain(String(START_AGAIN));
});

test("the agent has the time that it may take to stop", () => {
  expect(Number(setting("TimeoutStopSec"))).toBeGreaterThan(10);
});
