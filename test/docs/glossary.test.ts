import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { FAMILIES } from "../../src/adapters/metrics/names.ts";
import { FEATURE_KINDS } from "../../src/client/histogram/feature.ts";
import { ROLES } from "../../src/config/keys/access/api-key-schema.ts";
import { ReferenceAnswer, Verdict } from "../../src/contract/drift/drift-answers.ts";
import { EFFECTS, UNKNOWN_EFFECTS } from "../../src/contract/gate-policy.ts";
import { NoticeAnswer } from "../../src/contract/notice.ts";
import { CHECK_SEVERITIES, REPORT_KINDS, RunBody } from "../../src/contract/reports.ts";
import { NAME_KINDS } from "../../src/domain/commit/kinds/kind.ts";
import { DECISIONS } from "../../src/domain/gate/decision.ts";
import { ALERT_GATES } from "../../src/domain/gate/gate-alert.ts";
import { isGroup } from "../../src/domain/gate/policy/key-kinds.ts";
import { POLICY_KEYS } from "../../src/domain/gate/policy/policy-keys.ts";
import { REASON_CODES, SEVERITIES } from "../../src/domain/gate/reason.ts";
import { NOTICE_SEVERITIES } from "../../src/domain/notices/trouble.ts";
import { SLA_KINDS } from "../../src/domain/sla/sla.ts";
import { kindOfValues } from "../../src/histogram/kind-of-values.ts";

const GLOSSARY = "docs/glossary.md";
const text = readFileSync(GLOSSARY, "utf8");
const MIGRATIONS = "src/adapters/postgres/migrations";

/** The cells of the rows below a heading, up to the next heading of any level. */
function rowsBelow(heading: string): string[][] {
  const [, after = ""] = text.split(`\n${heading}\n`);
  const [section = ""] = after.split(/^#+ /m);
  const lines = section.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| ---"));
  return lines.slice(1).map((line) => line.slice(2, -2).split(" | "));
}

function quoted(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word!);
}

/** All that stands in backquotes, taken apart into words. */
const words = new Set(quoted(text).flatMap((said) => said.match(/[a-z][a-z0-9_]*/g) ?? []));
const without = (list: readonly string[]) => list.filter((word) => !words.has(word));

describe("docs/glossary.md", () => {
  test("shows each scale with the values that the code has, the strictest first", () => {
    const scales = Object.fromEntries(rowsBelow("## Five scales").map(([name, values]) => [name, quoted(values!)]));
    expect(scales).toEqual({
      "policy effect": [...EFFECTS],
      "effect on the unknown": ["block", "unknown", "warn", "off"],
      "finding severity": [...SEVERITIES],
      "check severity": [...CHECK_SEVERITIES],
      "notice severity": [...NOTICE_SEVERITIES],
      "alert gate": [...ALERT_GATES],
    });
    expect(scales["effect on the unknown"]!.toSorted()).toEqual([...UNKNOWN_EFFECTS].sort());
  });

  test("says of each scale where it stands, who sets it and what it does", () => {
    for (const row of rowsBelow("## Five scales")) {
      expect(row, row[0]).toHaveLength(5);
      for (const cell of row) expect(cell.length, row[0]).toBeGreaterThan(7);
    }
  });

  test("lists the decisions and the reason codes, and no others", () => {
    const first = (rows: string[][]) => rows.flatMap(([cell]) => quoted(cell!));
    expect(first(rowsBelow("### Decisions"))).toEqual([...DECISIONS]);
    expect(first(rowsBelow("### Reason codes")).sort()).toEqual([...REASON_CODES].sort());
  });

  test("lists the kinds of reports, and no others", () => {
    const kinds = rowsBelow("## What is reported").flatMap(([cell]) => quoted(cell!));
    expect(kinds).toEqual([...REPORT_KINDS]);
  });

  test("tells the kinds apart, each with the values that the code has", () => {
    const keys = Object.values(POLICY_KEYS).flatMap((key) => (isGroup(key) ? Object.values(key.keys) : [key]));
    const noticeKinds = NoticeAnswer.properties.kind as unknown as { description: string };
    const kinds = Object.fromEntries(
      rowsBelow("## Kinds").map(([name, values]) => [name!.split(":")[0], quoted(values!)]),
    );
    expect(kinds).toEqual({
      "report kind": [...REPORT_KINDS],
      "SLA kind": [...SLA_KINDS],
      "kind of a column": [...FEATURE_KINDS],
      "kind of a feature": ReferenceAnswer.properties.kind.enum,
      "kind of values": [1, "", true].map((value) => kindOfValues([value])),
      "kind of a name": [...NAME_KINDS],
      "notice kind": noticeKinds.description.match(/\b(?!or\b)[a-z]+\b/g),
      "kind of a policy key": [...new Set(keys.map(({ kind }) => kind))],
      "kind of a badge": ["gate", "sla"],
    });
  });

  test("knows every word that an answer, a role or an SLA has a closed list of", () => {
    const verdicts = Verdict.properties.verdict.enum;
    const statuses = RunBody.properties.status.enum;
    expect(without([...verdicts, ...statuses, ...ROLES, ...SLA_KINDS])).toEqual([]);
  });

  test("knows every table of the database", () => {
    const sql = readdirSync(MIGRATIONS).map((file) => readFileSync(`${MIGRATIONS}/${file}`, "utf8"));
    const tables = [...sql.join("\n").matchAll(/^CREATE TABLE (\w+)/gm)].map(([, table]) => table!);
    expect(tables.length).toBeGreaterThan(30);
    expect(without(tables)).toEqual([]);
  });

  test("knows every label of the metrics", () => {
    const labels = new Set(Object.values(FAMILIES).flatMap(({ labels }) => [...labels]));
    expect(labels.size).toBeGreaterThan(8);
    expect(without([...labels])).toEqual([]);
  });

  test("defines a word once in a group", () => {
    const groups = text.split(/^#+ /m).slice(1);
    const twice = groups.flatMap((group) => {
      const terms = [...group.matchAll(/^\| (?!---)([^|]+?) \|/gm)].map(([, term]) => term!);
      return terms.filter((term, index) => terms.indexOf(term) !== index);
    });
    expect(twice).toEqual([]);
  });
});
