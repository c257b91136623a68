import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { sluice } from "./edge.ts";

const script = (await sluice(["completion", "bash"], "/")).out;

/** What bash offers after this line, asked of a real bash that has nothing but the script. */
async function offered(line: string): Promise<string[]> {
  const ask = `${script}
    COMP_LINE=$1 COMP_POINT=\${#1}
    read -ra COMP_WORDS <<< "$1"
    [[ $1 == *" " ]] && COMP_WORDS+=("")
    COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
    _sluice
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await promisify(execFile)("bash", ["--norc", "-c", ask, "bash", line]);
  return stdout.split("\n").filter((word) => word !== "");
}

describe("bash", () => {
  test.each([
    ["sluice ", ["report", "exec", "gate", "sla", "serve", "doctor"]],
    ["sluice re", ["report", "reference"]],
    ["sluice report ", ["run", "records", "quality", "latency", "freshness", "drift"]],
    ["sluice gate --on", ["--on-unreachable"]],
    ["sluice gate orders --on-unreachable ", ["block", "allow"]],
    ["sluice gate --run-id report --wh", ["--while-running"]],
    ["sluice report run orders s", ["started", "success", "skipped"]],
    ["sluice report quality orders rows 1 --severity ", ["error", "warn"]],
    ["sluice reference import train.csv --method q", ["quantile"]],
    ["sluice keys create --", ["--name", "--role", "--pipelines", "--file", "--json", "--help"]],
    ["sluice completion ", ["bash", "zsh", "fish"]],
  ])("completes %j", async (line, wanted) => expect(await offered(line)).toEqual(expect.arrayContaining(wanted)));

  test.each([["sluice report re"], ["sluice report run orders f"]])("offers nothing else after %j", async (line) =>
    expect(await offered(line)).toHaveLength(1),
  );

  test("leaves a value that only the user knows, and file names, to the user", async () => {
    expect(await offered("sluice gate --run-id ")).toEqual([]);
    expect(await offered("sluice reference import ")).toEqual([]);
  });

  test("completes the wrapped command as bash does", async () => {
    expect(await offered("sluice exec orders -- mkdi")).toContain("mkdir");
    expect(await offered("sluice exec orders -- mkdir --")).toEqual([]);
  });

  test("loads without a word, also under set -u", async () => {
    const { stdout, stderr } = await promisify(execFile)("bash", ["--norc", "-uc", `${script}\ncomplete -p sluice`]);
    expect([stdout, stderr]).toEqual(["complete -o default -F _sluice sluice\n", ""]);
  });
});

test.each(["zsh", "fish"])("the script for %s names every command and its options", async (shell) => {
  const { code, out } = await sluice(["completion", shell], "/");
  expect(code).toBe(0);
  for (const word of [
    "report run",
    "reference import",
    "policy test",
    "keys create",
    "on-unreachable",
    "must-deliver",
  ]) {
    expect(out).toContain(word);
  }
});
