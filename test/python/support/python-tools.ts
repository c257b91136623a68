import { createHash, randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { withLock } from "../../../scripts/lib/lock.mjs";
import { execute, succeed } from "./execute.ts";

export const ROOT = path.resolve(import.meta.dirname, "../../..");
export const SOURCE = path.join(ROOT, "python");
const CACHE = path.join(ROOT, ".cache/python");
const REQUIREMENTS = path.join(SOURCE, "tests/requirements.txt");
const PIP = ["-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet"];
/** So that a machine without a network finds out soon. */
const IMPATIENT = ["--timeout", "10", "--retries", "1"];

export interface PythonTools {
  /** Of an environment that holds setuptools and wheel; null where neither PyPI nor the system has them. */
  builder: string | null;
  /** A folder with numpy, pandas, Polars, Pydantic, Pandera and mypy; null where PyPI cannot be reached. */
  libraries: string | null;
}

/** Made once for a Python and a list of requirements, then kept in .cache. */
export async function pythonTools(): Promise<PythonTools> {
  const version = await succeed("python3", ["-c", "import sys; print(sys.executable, sys.version)"]);
  const key = createHash("sha256").update(version).update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 16);
  const environment = path.join(CACHE, `tools-${key}`);
  const builder = await once(environment, makeBuilder);
  const python = path.join(environment, "bin/python");
  const libraries = path.join(CACHE, `libraries-${key}`);
  const installed = await once(libraries, async (folder) => {
    const pip = builder ? python : "python3";
    const args = [...PIP, "install", ...IMPATIENT, "--target", folder, "--requirement", REQUIREMENTS];
    return (await execute(pip, args)).code === 0;
  });
  return { builder: builder ? python : null, libraries: installed ? libraries : null };
}

/** A folder appears whole or not at all; of two tests that want it at once, one waits. A failure is not kept. */
async function once(folder: string, make: (folder: string) => Promise<boolean>): Promise<boolean> {
  const complete = () => existsSync(path.join(folder, ".complete"));
  if (complete()) return true;
  return withLock(`${folder}.lock`, async () => {
    if (complete()) return true;
    const fresh = `${folder}.${randomUUID()}`;
    try {
      if (!(await make(fresh))) return false;
      writeFileSync(path.join(fresh, ".complete"), "");
      renameSync(fresh, folder);
      return true;
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  });
}

/** From PyPI; else with what Debian's python3-wheel and python3-setuptools put beside Python. */
async function makeBuilder(folder: string): Promise<boolean> {
  const python = path.join(folder, "bin/python");
  await succeed("python3", ["-m", "venv", folder]);
  if ((await execute(python, [...PIP, "install", ...IMPATIENT, "setuptools>=70", "wheel"])).code === 0) return true;
  await succeed("python3", ["-m", "venv", "--clear", "--system-site-packages", folder]);
  return (await execute(python, ["-c", "import setuptools.build_meta, wheel"])).code === 0;
}

/** Builds the wheel without a network, from a copy, so that nothing is left in the tree. */
export async function buildWheel(builder: string, folder: string): Promise<string> {
  const copy = path.join(folder, "source");
  cpSync(SOURCE, copy, { recursive: true, filter: (file) => !/\/(build|[^/]*\.egg-info|__pycache__)$/.test(file) });
  const wheels = path.join(folder, "wheels");
  await succeed(builder, [...PIP, "wheel", "--no-index", "--no-deps", "--no-build-isolation", "-w", wheels, copy]);
  const [wheel, ...others] = readdirSync(wheels);
  if (wheel === undefined || others.length > 0) throw new Error(`one wheel expected, ${1 + others.length} made`);
  return path.join(wheels, wheel);
}

/** An empty environment with this wheel; returns its Python. */
export async function installWheel(builder: string, wheel: string, folder: string): Promise<string> {
  const environment = path.join(folder, "venv");
  await succeed("python3", ["-m", "venv", "--without-pip", environment]);
  const python = path.join(environment, "bin/python");
  await succeed(builder, [
    "-m",
    "pip",
    "--python",
    python,
    ...PIP.slice(2),
    "install",
    "--no-index",
    "--no-deps",
    wheel,
  ]);
  return python;
}

export const workspace = () => {
  const folder = path.join(tmpdir(), `sluice-python-${randomUUID()}`);
  mkdirSync(folder, { mode: 0o755 });
  return folder;
};
