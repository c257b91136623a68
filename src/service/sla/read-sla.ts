import { ruleFor } from "../../domain/gate/names.ts";
import {
  errorBudget,
  type SlaCount,
  type SlaKind,
  type SlaState,
  type Span,
  slaRate,
  slaState,
} from "../../domain/sla/sla.ts";
import type { Reader, SlaRow } from "../../ports.ts";

export interface SlaTargets {
  /** Percent. */
  target: number;
  targets: readonly { pipeline_name: string; kind?: SlaKind; target: number }[];
}

/** The most specific glob wins; with one glob for a kind and for all kinds, the one for the kind. */
export function targetFor({ target, targets }: SlaTargets, pipeline_name: string, kind: SlaKind): number {
  return ruleFor(targetsOf(targets, kind), (t) => t.pipeline_name, pipeline_name)?.target ?? target;
}

const byKind = new WeakMap<SlaTargets["targets"], Map<SlaKind, SlaTargets["targets"]>>();

/** One target a glob, that of the kind where there are two. Cached by the list, which must not change. */
function targetsOf(targets: SlaTargets["targets"], kind: SlaKind): SlaTargets["targets"] {
  const kinds = byKind.get(targets) ?? new Map<SlaKind, SlaTargets["targets"]>();
  byKind.set(targets, kinds);
  let known = kinds.get(kind);
  if (known === undefined) {
    const byGlob = new Map<string, SlaTargets["targets"][number]>();
    for (const one of targets) {
      const general = one.kind === undefined;
      if (one.kind === kind || (general && !byGlob.has(one.pipeline_name))) byGlob.set(one.pipeline_name, one);
    }
    known = [...byGlob.values()];
    kinds.set(kind, known);
  }
  return known;
}

export interface SlaReport extends SlaCount {
  pipeline_name: string;
  kind: SlaKind;
  from: number;
  to: number;
  rate: number | null;
  state: SlaState;
  target: number;
  error_budget: { total: number; remaining: number };
  /** Results before this time were counted by another rule; absent: the rule is the same in the whole window. */
  meaning_since?: number;
}

export interface PipelineSla extends SlaReport {
  checks: (SlaCount & { check_name: string; rate: number | null; state: SlaState })[];
  days: (SlaCount & { day: number; rate: number | null; state: SlaState })[] | null;
}

export interface SlaRequest extends Span {
  kind: SlaKind;
  check_name: string | null;
  by_day: boolean;
}

export interface SlaDeps {
  reader: Reader;
  /** Those that hold now. */
  targets: () => SlaTargets;
}

/** One report for each of `names`, in their order; a pipeline without results in the window is `no_data`. */
export async function slaOfAll(deps: SlaDeps, request: SlaRequest, names: readonly string[]): Promise<SlaReport[]> {
  const query = { ...request, pipeline_names: names, subject: request.check_name, by_subject: false, by_day: false };
  const [rows, meaning] = await Promise.all([deps.reader.slaCounts(query), meaningOf(deps, request)]);
  const counts = new Map(rows.map((row) => [row.pipeline_name, row]));
  return names.map((name) => ({ ...slaReport(deps, request, name, counts.get(name) ?? NO_DATA), ...meaning }));
}

export async function slaOfPipeline(deps: SlaDeps, request: SlaRequest, pipeline_name: string): Promise<PipelineSla> {
  const query = {
    ...request,
    pipeline_names: [pipeline_name],
    subject: request.check_name,
    by_subject: true,
    by_day: request.by_day,
  };
  const [rows, meaning] = await Promise.all([deps.reader.slaCounts(query), meaningOf(deps, request)]);
  const report = { ...slaReport(deps, request, pipeline_name, sum(rows)), ...meaning };
  const judge = (count: SlaCount) => ({ ...count, rate: slaRate(count), state: slaState(count, report.target) });
  return {
    ...report,
    checks: groups(rows, (row) => row.subject ?? "").map(([check_name, same]) => ({ check_name, ...judge(sum(same)) })),
    days: request.by_day ? groups(rows, (row) => row.day!).map(([day, same]) => ({ day, ...judge(sum(same)) })) : null,
  };
}

async function meaningOf({ reader }: SlaDeps, { kind, from }: SlaRequest): Promise<Pick<SlaReport, "meaning_since">> {
  const meaning_since = kind === "run" ? await reader.runMeaningSince() : null;
  return meaning_since !== null && from < meaning_since ? { meaning_since } : {};
}

const NO_DATA: SlaCount = { total: 0, passed: 0, excluded: 0 };

function slaReport(
  { targets }: SlaDeps,
  { kind, from, to }: SlaRequest,
  pipeline_name: string,
  row: SlaCount,
): SlaReport {
  const count = { total: row.total, passed: row.passed, excluded: row.excluded };
  const target = targetFor(targets(), pipeline_name, kind);
  return {
    pipeline_name,
    kind,
    from,
    to,
    ...count,
    rate: slaRate(count),
    state: slaState(count, target),
    target,
    error_budget: errorBudget(count, target),
  };
}

function sum(rows: readonly SlaCount[]): SlaCount {
  const add = (a: SlaCount, b: SlaCount) => ({
    total: a.total + b.total,
    passed: a.passed + b.passed,
    excluded: a.excluded + b.excluded,
  });
  return rows.reduce(add, NO_DATA);
}

function groups<K>(rows: readonly SlaRow[], keyOf: (row: SlaRow) => K): [K, SlaRow[]][] {
  const byKey = new Map<K, SlaRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [row]);
    else same.push(row);
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
