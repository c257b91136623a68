import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { execute, succeed } from "./support/execute.ts";
import { ROOT, SOURCE } from "./support/python-tools.ts";
import { PATIENCE, pythonScene } from "./support/scene.ts";

const MODULES = readdirSync(path.join(SOURCE, "tests")).flatMap((file) => /^(test_\w+)\.py$/.exec(file)?.[1] ?? []);

const scene = await pythonScene();

function environment(): NodeJS.ProcessEnv {
  return {
    ...scene.environment(),
    SLUICE_TEST_URL: `http://127.0.0.1:${scene.agent.port}`,
    SLUICE_TEST_VECTORS: path.join(ROOT, "test/vectors/client-histograms.json"),
  };
}

describe("the Python client, installed from its wheel", () => {
  test.concurrent.each(MODULES)(
    "%s",
    async (module) => {
      const args = ["-W", "ignore::ResourceWarning", "-m", "unittest", "-v", `tests.${module}`];
      const { code, err } = await execute(scene.python, args, { cwd: SOURCE, env: environment() });
      expect(code, err).toBe(0);
      const [, ran] = /^Ran (\d+) tests?/m.exec(err) ?? [];
      expect(Number(ran), err).toBeGreaterThan(0);
      const left = [...err.matchAll(/^(\w+) .*skipped ['"](.*)['"]$/gm)].map(([, name, why]) => `${name}: ${why}`);
      if (scene.tools.libraries !== null) expect(left).toEqual([]);
      else if (left.length > 0) process.stderr.write(`python: left out for want of PyPI:\n  ${left.join("\n  ")}\n`);
    },
    PATIENCE,
  );

  test("is Python alone, typed, and nothing but the package", async ({ skip }) => {
    if (scene.wheel === null) return skip("no wheel could be built: neither PyPI nor python3-wheel is there");
    expect(path.basename(scene.wheel)).toMatch(/^sluice_client-[\d.]+-py3-none-any\.whl$/);
    const names = await succeed(scene.python, ["-m", "zipfile", "-l", scene.wheel]);
    expect(names).toContain("sluice_client/py.typed");
    expect(names).toContain("sluice_client/histogram/build.py");
    expect(names).not.toContain("tests/");
    const requires = `import importlib.metadata as m; d = m.distribution("sluice-client"); print(d.requires, d.metadata["Requires-Python"])`;
    expect((await succeed(scene.python, ["-c", requires])).trim()).toMatch(/^(None|\[\]) >=3\.9$/);
  });

  test(
    "passes mypy --strict, and so does a program that uses it",
    async ({ skip }) => {
      if (scene.tools.libraries === null) return skip("mypy comes from PyPI, which cannot be reached");
      const env = { ...environment(), MYPYPATH: "" };
      const mypy = ["-m", "mypy", "--strict", "--cache-dir", path.join(ROOT, ".cache/python/mypy")];
      await succeed(scene.python, [...mypy, "--config-file", "pyproject.toml"], { cwd: SOURCE, env });
      const program = path.join(scene.folder, "program.py");
      writeFileSync(
        program,
        'from sluice_client import GateDecision, gate, pipeline\nwith pipeline("p").run() as run:\n    run.records("load", 1)\n' +
          'decision: GateDecision = gate("p", on_unreachable="block").require()\nrun.records("load", "many")\n',
      );
      const { out } = await execute(scene.python, [...mypy, "--python-executable", scene.python, program], {
        cwd: scene.folder,
        env,
      });
      expect(out).toContain('program.py:5: error: Argument 2 to "records" of "Evidence" has incompatible type "str"');
      expect(out).toContain("Found 1 error in 1 file");
    },
    PATIENCE,
  );

  test(
    "prints what a call costs",
    async () => {
      const printed = await succeed(scene.python, [path.join(SOURCE, "bench/call_cost.py")], { env: environment() });
      const cost = JSON.parse(printed) as { sdk_ns: number; json_ns: number };
      expect(cost.sdk_ns).toBeGreaterThan(0);
      expect(cost.json_ns).toBeGreaterThan(0);
    },
    PATIENCE,
  );
});
