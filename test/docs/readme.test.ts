import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { installed } from "../cli/installed.ts";
import { testAgentOf, testServer } from "../support/agent.ts";

const agent = await testAgentOf(await testServer());
const program = await installed();
const shell = promisify(execFile);

/** What README shows for a shell, one block after the other, as somebody would paste it. */
const BLOCKS = [...readFileSync("README.md", "utf8").matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code]) => code!);

test("what README shows for a shell works as printed, from the first report to the gate that opens", async () => {
  const directory = mkdtempSync(path.join(tmpdir(), "sluice-readme-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const script of ["etl.sh", "publish.sh"]) {
    writeFileSync(path.join(directory, script), `#!/bin/sh\necho ran ${script}\n`);
    chmodSync(path.join(directory, script), 0o755);
  }
  let said = "";
  for (const block of BLOCKS) {
    const text = block.replaceAll(/(localhost|127\.0\.0\.1):9877/g, `127.0.0.1:${agent.port}`);
    const spool = { SLUICE_SPOOL_DIR: path.join(directory, "spool") };
    const env = { ...program.env, ...spool };
    const { stdout, stderr } = await shell("bash", ["-euo", "pipefail", "-c", text], { cwd: directory, env });
    said += stdout + stderr;
  }
  expect(said).not.toContain('"code":');
  expect(said.match(/"duplicate":false/g)!.length).toBeGreaterThanOrEqual(8);
  for (const shown of [
    "ran etl.sh",
    "ran publish.sh",
    "go on",
    "orders_daily (run 2026-11-20): pass, go on",
    '"rate":100',
    '"verdict":"stable"',
  ]) {
    expect(said).toContain(shown);
  }
});
