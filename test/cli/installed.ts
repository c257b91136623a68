import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { build } from "../../scripts/lib/build.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface Installed {
  /** Of the built program. */
  main: string;
  /** Holds `sluice`, for PATH. */
  bin: string;
  /** A directory of its own to work in. */
  directory: string;
  /** What a shell needs: PATH with sluice on it, a home and a spool of its own, and nothing of this process. */
  env: Record<string, string>;
}

/** The program as it is shipped, on a PATH; its directory is gone after the last test of the file that calls this. */
export async function installed(): Promise<Installed> {
  await build(ROOT);
  const root = await mkdtemp(path.join(tmpdir(), "sluice-cli-"));
  afterAll(() => rm(root, { recursive: true, force: true }));
  const [bin, directory, home] = ["bin", "work", "home"].map((name) => path.join(root, name)) as [
    string,
    string,
    string,
  ];
  for (const place of [bin, directory, home]) await mkdir(place);
  const main = path.join(ROOT, "dist", "main.js");
  const shim = `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`;
  await writeFile(path.join(bin, "sluice"), shim, { mode: 0o755 });
  const env = {
    PATH: `${bin}:/usr/bin:/bin`,
    HOME: home,
    LC_ALL: "C.UTF-8",
    SLUICE_FLUSH_DEADLINE: "60s",
  };
  return { main, bin, directory, env };
}
