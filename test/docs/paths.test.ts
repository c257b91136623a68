import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
// Untracked files count too: what is written now is there before it is committed.
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root })
  .toString()
  .split("\n");

/** Paths of sources that a text names, such as `service/commit/submission.ts`; one with `<name>` in it is a pattern. */
function pathsIn(text: string): string[] {
  return [...text.matchAll(/(?<![\w./@>-])(?:[\w.-]+\/)*[\w.-]+\.(?:ts|tsx|mjs|sql)\b(?![\w/])/g)].map(([path]) =>
    path.replace(/^(?:\.\.?\/)+/, ""),
  );
}

/** The last folders and the name are enough to find a file. */
function isThere(path: string, all: readonly string[]): boolean {
  return all.some((file) => file === path || file.endsWith(`/${path}`));
}

function missingIn(texts: readonly { file: string; text: string }[], all: readonly string[]): string[] {
  return texts.flatMap(({ file, text }) =>
    pathsIn(text)
      .filter((path) => !isThere(path, all))
      .map((path) => `${file} names ${path}, which is not there`),
  );
}

const read = (file: string) => readFileSync(`${root}${file}`, "utf8");
const commentsIn = (text: string) => (text.match(/^\s*(?:\/\/|\/?\*).*$/gm) ?? []).join("\n");

describe("a path of a source", () => {
  test("that CONTRIBUTING or a page of docs names is there", () => {
    const pages = files.filter((file) => file === "CONTRIBUTING.md" || /^docs\/.*\.md$/.test(file));
    expect(pages.length).toBeGreaterThan(30);
    expect(
      missingIn(
        pages.map((file) => ({ file, text: read(file) })),
        files,
      ),
    ).toEqual([]);
  });

  test("that a comment of src names is there", () => {
    const sources = files.filter((file) => /^src\/.*\.tsx?$/.test(file));
    expect(
      missingIn(
        sources.map((file) => ({ file, text: commentsIn(read(file)) })),
        files,
      ),
    ).toEqual([]);
  });

  test("is found by its end, and missed where it has moved", () => {
    const all = ["src/service/gate/gate-views.ts"];
    expect(missingIn([{ file: "a.md", text: "see `service/gate/gate-views.ts` and gate-views.ts" }], all)).toEqual([]);
    expect(missingIn([{ file: "a.md", text: "see `service/gate-views.ts`" }], all)).toEqual([
      "a.md names service/gate-views.ts, which is not there",
    ]);
  });
});
