import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { ALERTS, ROOT } from "./shipped-rules.ts";

const RUNBOOKS = path.join(ROOT, "docs/runbooks");
const read = (file: string) => readFileSync(path.join(RUNBOOKS, file), "utf8");
const NAMES = ALERTS.map(({ alert }) => alert);

test("each alert has its page, and each page its alert", () => {
  const pages = readdirSync(RUNBOOKS).filter((file) => file !== "README.md");
  expect(pages.sort()).toEqual(NAMES.map((name) => `${name}.md`).sort());
});

test.each(ALERTS)("the page of $alert shows the rule as it is, and answers what is asked at night", (rule) => {
  const page = read(`${rule.alert}.md`);
  const headings = page.split("\n").filter((line) => line.startsWith("#"));
  expect(headings).toEqual([
    `# ${rule.alert}`,
    "## What it means",
    "## Look at",
    "## Do",
    "## Silence it",
    "## The gate",
  ]);
  expect(page).toContain(`\`\`\`promql\n${rule.expr.trimEnd()}\n\`\`\``);
  expect(page).toContain(`**${rule.labels.severity}**`);
  expect(page).toContain(rule.for === undefined ? "fires at once" : `fires after ${rule.for}`);
  if (rule.keep_firing_for) expect(page).toContain(`stays ${rule.keep_firing_for} longer`);
  if (rule.labels.gate) expect(page).toContain(`\`gate: ${rule.labels.gate}\``);
});

test("the index lists each page once, in the order of the rules", () => {
  const listed = [...read("README.md").matchAll(/^\| \[(\w+)\]\(\1\.md\) \| (\w+) \|/gm)];
  const pipelines = NAMES.filter((name) => !/^(Sluice|Watchdog)/.test(name));
  const agent = NAMES.filter((name) => /^(Sluice|Watchdog)/.test(name));
  expect(listed.map(([, name]) => name)).toEqual([...pipelines, ...agent]);
  for (const [, name, severity] of listed) {
    expect(ALERTS.find(({ alert }) => alert === name)!.labels.severity).toBe(severity);
  }
});

test("no link on the pages leads nowhere", () => {
  for (const file of readdirSync(RUNBOOKS)) {
    for (const [, target] of read(file).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      expect(() => readdirSync(path.dirname(path.join(RUNBOOKS, target!)))).not.toThrow();
      const there = readdirSync(path.dirname(path.join(RUNBOOKS, target!)));
      expect(there, `${file} → ${target}`).toContain(path.basename(target!));
    }
  }
});
