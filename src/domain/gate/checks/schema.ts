import type { ColumnChange } from "../../schema/compare-schemas.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { SchemaChangeGroup, SchemaEvidence } from "../evidence/schema-evidence.ts";
import { columnSubject } from "../evidence/schema-evidence.ts";
import type { GatePolicy } from "../policy/policy.ts";
import type { Effect } from "../policy/rules.ts";
import { type CheckResult, type Reason, SEVERITIES, type Severity } from "../reason.ts";
import { countText } from "../wording.ts";
import { retypedFeatures } from "./drift.ts";
import { gentler, severityOf } from "./parts/severity.ts";

/** Columns that are not as they were declared, accepted or learned. */
export function checkSchema(evidence: Evidence, policy: GatePolicy): CheckResult {
  const { schemas = [], pipeline_name } = evidence;
  // Said already: a stored reference counts as declared.
  const said = retypedFeatures(evidence, policy);
  const reasons = schemas.flatMap((schema) => reasonsOn(schema, pipeline_name, policy.schema));
  return {
    reasons: reasons.filter(({ subject }) => subject === null || !said.has(subject)),
    valid_until: null,
    judged: schemas.some(({ baseline }) => baseline !== null),
  };
}

function reasonsOn(schema: SchemaEvidence, pipeline_name: string, policy: GatePolicy["schema"]): Reason[] {
  const { dataset, changes } = schema;
  const say = (text: string) =>
    dataset === pipeline_name ? `${text[0]!.toUpperCase()}${text.slice(1)}` : `${dataset}: ${text}`;
  const found = changes.flatMap((group) => {
    const effect = effectOf(group, policy);
    return effect === "off" ? [] : [{ group, severity: severityOf(effect) }];
  });
  const named = found.flatMap(({ group, severity }) =>
    group.columns.map((change): Reason => {
      const subject = columnSubject(dataset, change.column, pipeline_name);
      return reason(severity, subject, say(sentence(change)));
    }),
  );
  const more = found.filter(({ group }) => group.count > group.columns.length);
  if (more.length === 0) return named;
  const counts = more.map(({ group: { change, count, columns } }) => `${countText(count - columns.length)} ${change}`);
  return [...named, reason(gravest(more), dataset, say(`more columns changed: ${counts.join(", ")}`))];
}

function effectOf({ change, fixed }: SchemaChangeGroup, policy: GatePolicy["schema"]): Effect {
  if (change === "added" || fixed) return policy[change];
  return gentler(policy[change], policy.learned);
}

function gravest(found: readonly { severity: Severity }[]): Severity {
  return SEVERITIES.find((severity) => found.some((one) => one.severity === severity))!;
}

function reason(severity: Severity, subject: string, detail: string): Reason {
  return { code: "schema_changed", severity, subject, observed: null, threshold: null, detail };
}

function sentence({ change, column, renamed_to, was, is, source }: ColumnChange): string {
  const name = nameText(column);
  const since = source === "learned" ? "the runs before had it" : `it was ${source}`;
  const as = source === "learned" ? "in the runs before it was" : `it was ${source} as`;
  switch (change) {
    case "removed":
      return `column ${name} (${was ?? "?"}) is gone; ${since}`;
    case "renamed":
      return `column ${name} is gone and ${nameText(renamed_to ?? "")} came, probably the same renamed; ${since}`;
    case "retyped":
      return `column ${name} is ${is} now; ${as} ${was}`;
    case "added":
      return `column ${name} (${is ?? "?"}) is new`;
  }
}

/** A name may be empty, or end in a blank. */
function nameText(name: string): string {
  return name === name.trim() && name !== "" ? name : JSON.stringify(name);
}
