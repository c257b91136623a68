import type { Digest, DigestPeriod, DigestSla } from "../../domain/notices/digest.ts";
import { type SlaCount, slaRate } from "../../domain/sla/sla.ts";
import { DAY, startOfDay } from "../../domain/words/time.ts";
import type { DigestReader, Reader } from "../../ports.ts";
import { type SlaTargets, slaOfAll } from "../sla/read-sla.ts";

export interface DigestDeps {
  reader: Pick<Reader, "slaCounts" | "listPipelines"> & DigestReader;
  targets: () => SlaTargets;
  teamOf: (pipeline_name: string) => string | null;
}

export interface DigestRequest {
  period: DigestPeriod;
  /** null: all pipelines. */
  team: string | null;
  /** The time that it covers, milliseconds: from the last one to this, however long that was. */
  from: number;
  to: number;
  /** Regular expressions of the pipelines that may be seen; null: all. */
  allowed: string[] | null;
}

/** The length of a digest that is asked for outside its schedule. */
export const DIGEST_LENGTH: Record<DigestPeriod, number> = { day: DAY, week: 7 * DAY };
/** A pipeline without a report for this many periods before counts as gone, not as silent. */
const REMEMBERED = 4;
/** Days in the small picture of a pipeline. */
const DAYS_SHOWN = 7;
/** Items of each list that a digest keeps; its totals count them all. */
const KEPT = 50;
const MOST = 10_000;

/** How a team's pipelines did in [from, to). */
export async function readDigest(
  deps: DigestDeps,
  { period, team, from, to, allowed }: DigestRequest,
): Promise<Digest> {
  const ours = <T extends { pipeline_name: string }>(rows: readonly T[]) =>
    team === null ? [...rows] : rows.filter(({ pipeline_name }) => deps.teamOf(pipeline_name) === team);
  const [pipelines, found] = await Promise.all([
    deps.reader.listPipelines({ allowed, after: null, limit: MOST }),
    deps.reader.digestRows({ from, to, silent_since: from - REMEMBERED * (to - from), allowed, limit: MOST }),
  ]);
  const sla = await slaLines(
    deps,
    ours(pipelines).map(({ pipeline_name }) => pipeline_name),
    from,
    to,
  );
  const lists = {
    features: ours(found.features),
    blocked: ours(found.blocked),
    overrides: ours(found.overrides),
    silent: ours(found.silent),
  };
  return {
    period,
    team,
    from,
    to,
    sla: sla.slice(0, KEPT),
    features: lists.features.slice(0, KEPT),
    blocked: lists.blocked.slice(0, KEPT),
    overrides: lists.overrides.slice(0, KEPT),
    silent: lists.silent.slice(0, KEPT),
    totals: {
      sla: sla.length,
      breaching: sla.filter(({ state }) => state === "breaching").length,
      features: lists.features.length,
      blocked: lists.blocked.length,
      overrides: lists.overrides.length,
      silent: lists.silent.length,
    },
  };
}

async function slaLines(
  { reader, targets }: DigestDeps,
  names: readonly string[],
  from: number,
  to: number,
): Promise<DigestSla[]> {
  const kind = "quality";
  const firstDay = startOfDay(to) - (DAYS_SHOWN - 1) * DAY;
  const request = { kind, from, to, check_name: null, by_day: false } as const;
  const [reports, byDay] = await Promise.all([
    slaOfAll({ reader: reader as Reader, targets }, request, names),
    reader.slaCounts({
      kind,
      from: firstDay,
      to,
      pipeline_names: null,
      subject: null,
      by_subject: false,
      by_day: true,
    }),
  ]);
  const days = new Map<string, SlaCount>(byDay.map((row) => [`${row.day} ${row.pipeline_name}`, row]));
  const lines = reports.map(({ pipeline_name, total, passed, rate, target, state }) => ({
    pipeline_name,
    total,
    passed,
    rate,
    target,
    state,
    days: Array.from({ length: DAYS_SHOWN }, (_, i) => {
      const count = days.get(`${firstDay + i * DAY} ${pipeline_name}`);
      return count === undefined ? null : slaRate(count);
    }),
  }));
  const rank = { breaching: 0, ok: 1, no_data: 2 } as const;
  return lines.sort(
    (a, b) =>
      rank[a.state] - rank[b.state] ||
      (a.rate ?? 0) - a.target - ((b.rate ?? 0) - b.target) ||
      (a.pipeline_name < b.pipeline_name ? -1 : 1),
  );
}
