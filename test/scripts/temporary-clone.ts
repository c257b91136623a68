import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach } from "vitest";

const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder with these files, by path from it; gone after the test. */
export function temporaryClone(files: Record<string, string>): string {
  const root = mkdtempSync(path.join(tmpdir(), "sluice-clone-"));
  made.push(root);
  for (const [file, text] of Object.entries(files)) write(root, file, text);
  return root;
}

export function write(root: string, file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}
