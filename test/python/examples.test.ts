import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { execute, succeed } from "./support/execute.ts";
import { ROOT } from "./support/python-tools.ts";
import { PATIENCE, pythonScene } from "./support/scene.ts";

const scene = await pythonScene();
const LEFT_OUT = "pandas and Pydantic come from PyPI, which cannot be reached";

describe.each(["docs/clients/python.md", "python/README.md", "README.md"])("%s", (file) => {
  const text = readFileSync(path.join(ROOT, file), "utf8");
  const snippets = [...text.matchAll(/^```python\n(.*?)^```$/gms)].map(([, code]) => code!);

  test("has snippets", () => expect(snippets.length).toBeGreaterThan(0));

  test.concurrent.for(snippets.map((code, i) => [i + 1, code] as const))(
    "snippet %i runs as printed",
    { timeout: PATIENCE },
    async ([, code], { skip, expect }) => {
      const needs = /^import (pandas|pandera)|^from pydantic/m.test(code);
      if (needs && scene.tools.libraries === null) return skip(LEFT_OUT);
      const environment = scene.environment();
      // A document names the agent's usual address.
      const program = code.replaceAll("http://127.0.0.1:9877", environment.SLUICE_URL!);
      const { code: exit, err } = await execute(scene.python, ["-c", program], { cwd: scene.folder, env: environment });
      expect(exit, err).toBe(0);
      // What the client has to say against its use, or against what was sent.
      expect(err).not.toMatch(/given; must be|refused|dropped|Traceback/);
    },
  );
});

describe("examples/python-pandas", () => {
  test(
    "publishes a good day, and the gate stops a broken one with the reasons",
    async ({ skip }) => {
      if (scene.tools.libraries === null) return skip(LEFT_OUT);
      const directory = path.join(scene.folder, "pandas");
      mkdirSync(directory);
      const execution = { cwd: directory, env: scene.environment() };
      const program = path.join(ROOT, "examples/python-pandas/orders_daily.py");
      expect(await succeed(scene.python, [program, "reference"], execution)).toMatch(/^country: version \w+$/m);
      const good = await succeed(scene.python, [program, "run", "2026-11-20"], execution);
      expect(good).toMatch(/^2026-11-20: \d+ orders published$/m);
      const broken = await execute(scene.python, [program, "run", "2026-11-21", "--broken"], execution);
      expect(broken.code).toBe(1);
      expect(broken.out).not.toContain("published");
      for (const code of ["records_below_minimum", "quality_below_threshold", "feature_drifted: amount"]) {
        expect(broken.err).toContain(code);
      }
      expect(broken.err).not.toContain("feature_drifted: age");
    },
    PATIENCE,
  );
});
