import { rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { startAgent, type TestAgent, testServer } from "../../support/agent.ts";
import { killLeftOvers, succeed } from "./execute.ts";
import { buildWheel, installWheel, type PythonTools, pythonTools, SOURCE, workspace } from "./python-tools.ts";

/** An environment with the client in it, and an agent to report to. Complete from the first test on. */
export interface Scene {
  readonly folder: string;
  readonly tools: PythonTools;
  readonly python: string;
  /** null: none could be built here, and the client is taken from the tree. */
  readonly wheel: string | null;
  readonly agent: TestAgent;
  environment(): NodeJS.ProcessEnv;
}

export const PATIENCE = 600_000;

/** For the file that calls this; gone after its last test. */
export async function pythonScene(): Promise<Scene> {
  const server = await testServer();
  const folder = workspace();
  const scene = { folder, wheel: null as string | null } as { -readonly [K in keyof Scene]: Scene[K] };
  scene.environment = () => {
    const paths = [scene.tools.libraries, scene.wheel === null ? path.join(SOURCE, "src") : null];
    return {
      PYTHONPATH: paths.filter((one) => one !== null).join(path.delimiter),
      PYTHONDONTWRITEBYTECODE: "1",
      SLUICE_URL: `http://127.0.0.1:${scene.agent.port}`,
      SLUICE_API_KEY: "",
      SLUICE_SPOOL_DIR: path.join(folder, "spool"),
    };
  };
  beforeAll(async () => {
    scene.tools = await pythonTools();
    const { builder } = scene.tools;
    if (builder === null) {
      process.stderr.write(
        "python: the wheel was left out (neither PyPI nor python3-wheel is there); running python/src\n",
      );
      await succeed("python3", ["-m", "venv", "--without-pip", path.join(folder, "venv")]);
      scene.python = path.join(folder, "venv/bin/python");
    } else {
      scene.wheel = await buildWheel(builder, folder);
      scene.python = await installWheel(builder, scene.wheel, folder);
    }
    scene.agent = await startAgent(server);
  }, PATIENCE);
  afterAll(async () => {
    killLeftOvers();
    await scene.agent?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return scene;
}
