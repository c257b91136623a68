import { expect, test } from "vitest";
import { missingMessage } from "../../scripts/lib/apt.mjs";
import { closingLine, summarize } from "../../scripts/lib/test-summary.mjs";

const report = (numPassedTests: number, numFailedTests: number, testResults: unknown[] = []) => ({
  numPassedTests,
  numFailedTests,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults,
});

test("the closing line holds vitest's numbers, and skipped ones only where there are any", () => {
  expect(closingLine(summarize(report(41, 1)))).toBe("41 passed, 1 failed");
  expect(closingLine(summarize({ ...report(41, 0), numPendingTests: 2, numTodoTests: 1 }))).toBe(
    "41 passed, 0 failed, 3 skipped",
  );
});

test("a test file that could not be loaded counts as failed, a failed test only once", () => {
  const unloaded = { status: "failed", assertionResults: [] };
  const failed = { status: "failed", assertionResults: [{ status: "passed" }, { status: "failed" }] };
  const passed = { status: "passed", assertionResults: [{ status: "passed" }] };
  expect(closingLine(summarize(report(2, 1, [unloaded, failed, passed])))).toBe("2 passed, 2 failed");
});

test("missing programs are named, with the one line that installs them on Debian", () => {
  const needs = [
    { package: "postgresql", what: "PostgreSQL 15", present: () => false },
    { package: "prometheus", what: "Prometheus", present: () => false },
  ];
  expect(missingMessage(needs, { debian: true })).toBe(
    [
      "the tests need programs that are not installed:",
      "  - PostgreSQL 15",
      "  - Prometheus",
      "install them with:",
      "  sudo apt-get update && sudo apt-get install -y --no-install-recommends postgresql prometheus",
    ].join("\n"),
  );
  expect(missingMessage(needs, { debian: false })).not.toContain("apt-get");
  expect(missingMessage(needs, { debian: true, user: "the benches need" })).toMatch(/^the benches need programs/);
  expect(missingMessage([], { debian: true })).toBeUndefined();
});
