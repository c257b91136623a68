import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

export const ROOT = path.resolve(import.meta.dirname, "../..");

export interface AlertRule {
  alert: string;
  expr: string;
  for?: string;
  keep_firing_for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export interface RecordingRule {
  record: string;
  expr: string;
  labels?: Record<string, string>;
}

interface RuleFile {
  groups: { name: string; rules: (AlertRule | RecordingRule)[] }[];
}

/** Every rule of rules/*.yaml, with the group it is in. */
export const RULES = readdirSync(path.join(ROOT, "rules")).flatMap((file) => {
  const { groups } = parse(readFileSync(path.join(ROOT, "rules", file), "utf8")) as RuleFile;
  return groups.flatMap(({ name, rules }) => rules.map((rule) => ({ group: name, rule })));
});

export const ALERTS = RULES.flatMap(({ rule }) => ("alert" in rule ? [rule] : []));
export const RECORDS = RULES.flatMap(({ rule }) => ("record" in rule ? [rule] : []));

/** A shipped alert; throws where there is none of that name. */
export function alertNamed(name: string): AlertRule {
  const found = ALERTS.find(({ alert }) => alert === name);
  if (found === undefined) throw new Error(`rules/ has no alert ${name}`);
  return found;
}
