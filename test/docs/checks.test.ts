import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { POLICY_KEYS } from "../../src/contract/gate-policy.ts";
import { CHECKS } from "../../src/domain/gate/checks/index.ts";
import { REASON_CODES } from "../../src/domain/gate/reason.ts";
import { load } from "../config/load.ts";
import { EXAMPLES } from "./check-examples.ts";

const root = new URL("../../", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, root), "utf8");

/** Where the reasons of each page come from. */
const SOURCES: Record<string, string> = {
  ...Object.fromEntries(Object.keys(CHECKS).map((name) => [name, `src/domain/gate/checks/${name}.ts`])),
  upstream: "src/domain/gate/checks/upstream.ts",
  override: "src/domain/gate/apply-override.ts",
  "cut-off": "src/domain/gate/cut-off.ts",
};
const pages = readdirSync(new URL("docs/checks/", root))
  .filter((file) => file.endsWith(".md") && file !== "README.md")
  .map((file) => file.replace(".md", ""));
const page = (name: string) => read(`docs/checks/${name}.md`);
const index = read("docs/checks/README.md");

const producedBy = (name: string) => REASON_CODES.filter((code) => read(SOURCES[name]!).includes(`"${code}"`));
/** The first cells of a page's tables. */
const firstCells = (text: string) => [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell]) => cell!);
const section = (text: string, title: string) =>
  text.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? "";

describe("docs/checks", () => {
  test("has a page for each check and each source of reasons, and no other", () => {
    expect(pages.sort()).toEqual(Object.keys(SOURCES).sort());
    expect(Object.keys(EXAMPLES).sort()).toEqual(Object.keys(SOURCES).sort());
    const listed = [...index.matchAll(/^\| \[([a-z-]+)\]\(([a-z-]+)\.md\) \|/gm)];
    expect(listed.map(([, name]) => name).sort()).toEqual(Object.keys(SOURCES).sort());
    expect(listed.filter(([, name, link]) => name !== link)).toEqual([]);
  });

  test.each(Object.keys(SOURCES))("%s: the page has the codes that the source gives, and no others", (name) => {
    expect(firstCells(section(page(name), "Reasons")).sort()).toEqual([...producedBy(name)].sort());
    expect(producedBy(name)).not.toEqual([]);
  });

  test.each(Object.keys(SOURCES))("%s: the answer on the page is what the check says", (name) => {
    const [, json = ""] = /```json\n([^`]*)\n```/.exec(page(name)) ?? [];
    const { decision, allowed, reasons } = EXAMPLES[name]!;
    expect(JSON.parse(json)).toEqual({ decision, allowed, reasons });
  });

  test.each(Object.keys(SOURCES))("%s: the page says what to do at 3 a.m.", (name) => {
    expect(section(page(name), "At 3 a.m.").split("\n- ").length).toBeGreaterThan(2);
  });

  test("the pages together name every key of a policy, and only keys that there are", () => {
    const named = pages.flatMap((name) => firstCells(section(page(name), "Policy")));
    expect(named.sort()).toEqual(keysOf(POLICY_KEYS).sort());
  });

  test("the index lists the closed list of codes in its order, each with the pages that give it", () => {
    const rows = [...section(index, "Reason codes").matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(([, code, from]) => [
      code,
      from,
    ]);
    const expected = REASON_CODES.map(
      (code) => [code, Object.keys(SOURCES).filter((name) => producedBy(name).includes(code))] as const,
    );
    const links = (from: string) => [...from.matchAll(/\[([a-z-]+)\]\(\1\.md\)/g)].map(([, name]) => name!);
    expect(rows.map(([code, from]) => [code, links(from!).sort()])).toEqual(
      expected.map(([code, names]) => [code, [...names].sort()]),
    );
    const unused = rows.filter(([, from]) => links(from!).length === 0);
    expect(unused.filter(([, from]) => !from!.startsWith("nothing yet: "))).toEqual([]);
  });
});

test("docs/gate.md names each code that there is, with the page that gives it, and says what to do", () => {
  const rows = section(read("docs/gate.md"), "Closed, at 3 a.m.")
    .split("\n")
    .filter((line) => line.startsWith("| [`"));
  const named = rows.flatMap((row) => [...row.matchAll(/\[`(\w+)`\]\(checks\/([a-z-]+)\.md\)/g)]);
  const given = REASON_CODES.filter((code) => Object.keys(SOURCES).some((name) => producedBy(name).includes(code)));
  expect(named.map(([, code]) => code!).sort()).toEqual([...given].sort());
  expect(named.filter(([, code, name]) => !(producedBy(name!) as string[]).includes(code!))).toEqual([]);
});

test.each(["gate-policy.md", ...pages.map((name) => `checks/${name}.md`)])(
  "every piece of sluice.yaml in %s is valid by itself",
  (file) => {
    const pieces = [...read(`docs/${file}`).matchAll(/```yaml\n([^`]*)```/g)].map(([, text]) => text!);
    for (const text of pieces) expect(() => load({}, { "sluice.yaml": text })).not.toThrow();
    if (file === "gate-policy.md") expect(pieces.length).toBeGreaterThan(6);
  },
);

function keysOf(keys: object, path: string[] = []): string[] {
  return Object.entries(keys).flatMap(([key, below]) => {
    const leaf = "description" in below || "type" in below;
    return leaf ? [[...path, key].join(".")] : keysOf(below, [...path, key]);
  });
}
