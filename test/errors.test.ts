import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ERRORS, type ErrorCode, SluiceError } from "../src/errors.ts";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

/** The rows of the table: code, status. */
const documented = [...read("../docs/errors.md").matchAll(/^\| `(\w+)` \| (\d{3}) \| (.+?) \| (.+?) \|$/gm)].map(
  ([, code, status, when, what]) => ({ code: code!, status: Number(status), when: when!, what: what! }),
);

describe("docs/errors.md", () => {
  test("lists the codes of the table with their statuses, and no others", () => {
    const listed = documented.map(({ code, status }) => [code, status]);
    const table = Object.entries(ERRORS).map(([code, { status }]) => [code, status]);
    expect(listed.sort()).toEqual(table.sort());
    expect(new Set(documented.map(({ code }) => code)).size).toBe(documented.length);
  });

  test("says of each when it comes and what to do", () => {
    for (const { code, when, what } of documented) {
      expect(when.length, code).toBeGreaterThan(10);
      expect(what.length, code).toBeGreaterThan(10);
    }
  });

  test("shows an example that the agent would answer so", () => {
    const example = JSON.parse(/^ {4}(\{"type"[\s\S]*?\})\n\n/m.exec(read("../docs/errors.md"))![1]!) as Record<
      string,
      unknown
    >;
    const { status, title } = ERRORS[example.code as ErrorCode];
    expect(example).toMatchObject({ type: `/docs/errors#${example.code}`, status, title });
  });
});

describe("the table of errors", () => {
  test("has sentences for titles, and the statuses of HTTP errors", () => {
    for (const [code, { status, title }] of Object.entries(ERRORS)) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(title).toMatch(/^[A-Z].*[^.]$/);
    }
  });

  test("has no code that no test has been answered with", () => {
    // Each is asked for by name: expectProblem(answer, "code", …), or in what a batch or a raw answer says.
    const tests = readdirSync(new URL("./http", import.meta.url), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".test.ts"))
      .map((file) => read(`./http/${file}`))
      .join("\n");
    const untested = Object.keys(ERRORS).filter((code) => !new RegExp(`["']${code}["']`).test(tests));
    expect(untested).toEqual([]);
  });

  test("gives an error its status", () => {
    const cause = new Error("inner");
    const error = new SluiceError("queue_full", "wait", { retry_after: 3, cause });
    expect(error).toMatchObject({
      name: "SluiceError",
      code: "queue_full",
      status: 503,
      message: "wait",
      retry_after: 3,
    });
    expect(error.cause).toBe(cause);
    expect(error.errors).toBeUndefined();
  });
});
