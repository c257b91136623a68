import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { afterAll } from "vitest";

const root = path.resolve(import.meta.dirname, "../../..");

/** A temporary directory for the file that calls this. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), "sluice-client-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** The client as one file that a program of its own can import. */
export async function bundleClient(directory: string): Promise<string> {
  const outfile = path.join(directory, "client.mjs");
  await build({
    absWorkingDir: root,
    entryPoints: ["src/client/index.ts"],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node18",
    logLevel: "warning",
  });
  return outfile;
}
