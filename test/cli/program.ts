import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** src/main.ts bundled as it is shipped, but with an agent that starts at once. */
export async function bundleProgram(): Promise<{ main: string; directory: string; remove(): Promise<void> }> {
  const directory = await mkdtemp(path.join(tmpdir(), "sluice-cli-"));
  const main = path.join(directory, "bundle", "main.mjs");
  await build({
    entryPoints: { main: file("../../src/main.ts") },
    outdir: path.dirname(main),
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    mainFields: ["module", "main"],
    banner: { js: 'import { createRequire as __r } from "node:module"; const require = __r(import.meta.url);' },
    logLevel: "warning",
    plugins: [
      {
        name: "stub",
        setup: ({ onResolve }) => onResolve({ filter: /\/app\.ts$/ }, () => ({ path: file("./stub-app.ts") })),
      },
    ],
  });
  return { main, directory, remove: () => rm(directory, { recursive: true }) };
}

/** A running program and what it has said so far. */
export class Program {
  out = "";
  err = "";
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  readonly #child: ChildProcess;

  /** It sees these variables alone. */
  constructor(main: string, args: string[], directory: string, env: Record<string, string> = {}) {
    this.#child = spawn(process.execPath, [main, ...args], { cwd: directory, env: { PATH: process.env.PATH, ...env } });
    this.#child.stdout!.on("data", (data) => {
      this.out += data;
    });
    this.#child.stderr!.on("data", (data) => {
      this.err += data;
    });
    this.ended = new Promise((resolve) => this.#child.on("close", (code, signal) => resolve(code ?? signal ?? "")));
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves when it has said this, or has ended. */
  async says(text: string | RegExp): Promise<void> {
    const said = () =>
      typeof text === "string" ? (this.out + this.err).includes(text) : text.test(this.out + this.err);
    let over = false;
    void this.ended.then(() => {
      over = true;
    });
    while (!said() && !over) await new Promise((resolve) => setTimeout(resolve, 10));
    if (!said()) throw new Error(`it ended without saying ${text}:\n${this.out}${this.err}`);
  }
}
