import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

const FOLDER = "docs/adr";
const MOST_LINES = 60;
const SECTIONS = ["Context", "Decision", "Consequences", "Measured"];
const files = readdirSync(FOLDER)
  .filter((file) => file !== "README.md")
  .sort();
/** Where a test lies may change: the end of its path names it. */
const TESTS = readdirSync("test", { recursive: true }).map((path) => `test/${String(path)}`);
const read = (file: string) => readFileSync(join(FOLDER, file), "utf8");

interface Page {
  number: string;
  title: string;
  status: string;
  date: string;
  sections: Map<string, string>;
}

function parse(text: string): Page {
  const [, number, title, status, date, rest] =
    /^# (\d{4})\. (.+)\n\n- Status: (.+)\n- Date: (.+)\n\n(## [\s\S]+)$/.exec(text) ?? [];
  const sections = (rest ?? "").split(/^## /m).slice(1);
  const named = sections.map((part): [string, string] => {
    const end = part.indexOf("\n");
    return [part.slice(0, end), part.slice(end).trim()];
  });
  return { number: number!, title: title!, status: status!, date: date!, sections: new Map(named) };
}

describe("docs/adr", () => {
  test("is numbered from 0001 without gaps", () => {
    expect(files.length).toBeGreaterThan(12);
    const numbers = files.map((file) => /^(\d{4})-[a-z0-9]+(-[a-z0-9]+)*\.md$/.exec(file)?.[1]);
    expect(numbers).toEqual(files.map((_, i) => String(i + 1).padStart(4, "0")));
  });

  test.each(files)("%s has number, title, status, date and its sections, and is short", (file) => {
    const text = read(file);
    const { number, title, status, date, sections } = parse(text);
    expect(number, "first line: # NNNN. Title").toBe(file.slice(0, 4));
    expect(title).toMatch(/[^.]$/);
    expect(status).toMatch(/^(proposed|accepted|rejected|superseded by \[\d{4}\]\(\d{4}-[a-z0-9-]+\.md\))$/);
    expect(new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10)).toBe(date);
    expect([...sections.keys()]).toEqual(SECTIONS);
    for (const [name, body] of sections) expect(body.length, name).toBeGreaterThan(40);
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(MOST_LINES);
  });

  test.each(files)("%s names under Measured a figure or a test, and only files that there are", (file) => {
    const text = read(file);
    const measured = parse(text).sections.get("Measured")!;
    expect(measured).toMatch(/\d|\.test\.ts`|`sluice_/);
    const tests = [...text.matchAll(/`([\w./-]+\.test\.ts)`/g)].map(([, path]) => path!);
    expect(tests.filter((path) => !TESTS.some((known) => known.endsWith(`/${path}`)))).toEqual([]);
    const paths = [...text.matchAll(/`((?:scripts|docs|\.github|deploy)\/[\w./-]+)`/g)].map(([, path]) => path!);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
    const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path]) => path!);
    expect(links.filter((path) => !existsSync(join(FOLDER, dirname(file), path)))).toEqual([]);
  });

  test("README lists each with its title and status, and no other", () => {
    const listed = [...read("README.md").matchAll(/^\| \[(\d{4})\]\((\S+)\) \| (.+) \| (.+) \|$/gm)];
    expect(listed.map(([, ...row]) => row)).toEqual(
      files.map((file) => {
        const { number, title, status } = parse(read(file));
        return [number, file, title, status];
      }),
    );
  });

  test("the form that README shows is the one that is held", () => {
    const form = read("README.md");
    expect([...form.matchAll(/^ {4}## (\w+)/gm)].map(([, name]) => name)).toEqual(SECTIONS);
    expect(form).toContain(`at most ${MOST_LINES} lines`);
  });
});
