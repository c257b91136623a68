import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fetchPackages } from "../../examples/flights/packages.mjs";
import { freePort } from "../../scripts/lib/free-port.mjs";
import { run } from "../../scripts/lib/run.mjs";

const ROOT = path.resolve(import.meta.dirname, "../..");
const DEMO = path.join(ROOT, "examples/flights/demo.mjs");
const PACKAGES = path.join(ROOT, ".cache/demo/packages");

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** A directory for the demo, and real agents that are built and run as a user's. The data set is fetched once for all. */
export class DemoWorkspace {
  readonly root: string;
  readonly packages: Awaited<ReturnType<typeof fetchPackages>>;
  readonly #stops: (() => Promise<void>)[] = [];

  private constructor(root: string, packages: Awaited<ReturnType<typeof fetchPackages>>) {
    this.root = root;
    this.packages = packages;
  }

  static async create(): Promise<DemoWorkspace> {
    const packages = await fetchPackages(PACKAGES, { say: () => {} });
    const code = await run(process.execPath, [path.join(ROOT, "scripts/build.mjs")], { stdio: "ignore" });
    if (code !== 0) throw new Error(`npm run build failed with exit code ${code}`);
    const root = await mkdtemp(path.join(tmpdir(), "sluice-demo-"));
    // As root the embedded server runs as another user, who has to get through.
    await chmod(root, 0o755);
    return new DemoWorkspace(root, packages);
  }

  /** A directory for `--dir` with the packages in it. */
  async directory(name: string): Promise<string> {
    const directory = path.join(this.root, name);
    await mkdir(directory);
    await symlink(PACKAGES, path.join(directory, "packages"));
    return directory;
  }

  /** Runs the demo to its end, as it is where nothing is set but this. */
  demo(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const child = spawn(process.execPath, [DEMO, ...args], {
      cwd: this.root,
      env: { ...plainEnvironment(), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#stops.push(async () => void child.kill("SIGKILL"));
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
  }

  /** Starts the built agent; resolves to its address once it is ready. */
  async startAgent(): Promise<string> {
    const port = await freePort();
    const config = path.join(this.root, "sluice.yaml");
    const gate = await readFile(path.join(ROOT, "examples/flights/sluice.yaml"), "utf8");
    await writeFile(config, `${gate}\nmetrics:\n  birth_hold: 0s\n`);
    const child = spawn(process.execPath, [path.join(ROOT, "dist/main.js"), "serve"], {
      cwd: this.root,
      env: {
        ...plainEnvironment(),
        SLUICE_CONFIG: config,
        SLUICE_LISTEN: `127.0.0.1:${port}`,
        SLUICE_DATA_DIR: path.join(this.root, "agent"),
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
    this.#stops.push(async () => {
      child.kill("SIGTERM");
      await ended;
    });
    const url = `http://127.0.0.1:${port}`;
    while (!(await isReady(url))) {
      if (child.exitCode !== null) throw new Error(`the agent ended before it was ready:\n${said}`);
      await sleep(50);
    }
    return url;
  }

  async dispose(): Promise<void> {
    for (const stop of this.#stops.splice(0)) await stop();
    await rm(this.root, { recursive: true, force: true });
  }
}

export async function isReady(url: string): Promise<boolean> {
  return (await fetch(`${url}/readyz`).catch(() => null))?.status === 200;
}

function plainEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(SLUICE_|DATABASE_URL|REDIS_URL|FORCE_COLOR|NO_COLOR)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
