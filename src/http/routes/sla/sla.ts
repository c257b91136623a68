import Type from "typebox";
import { ListOf, PipelineSlaAnswer, SlaAnswer } from "../../../contract/answers.ts";
import { Name, Time } from "../../../contract/fields.ts";
import { SLA_KINDS } from "../../../domain/sla/sla.ts";
import { DAY, formatTime } from "../../../domain/words/time.ts";
import { SluiceError } from "../../../errors.ts";
import type { Clock, Reader } from "../../../ports.ts";
import {
  type PipelineSla,
  type SlaReport,
  type SlaRequest,
  type SlaTargets,
  slaOfAll,
  slaOfPipeline,
} from "../../../service/sla/read-sla.ts";
import { allowedPatterns, type Caller, requirePipeline } from "../../access/auth.ts";
import { CSV_TYPE, toCsv } from "../../answers/csv.ts";
import { sendText } from "../../answers/send.ts";
import { decodeCursor, page } from "../../parameters/cursor.ts";
import { acceptsCsv, timeParameter } from "../../parameters/query.ts";
import type { TypedApp } from "../../server/typed-app.ts";

export interface SlaRoutesDeps {
  reader: Reader;
  targets: () => SlaTargets;
  clock: Clock;
}

const window = {
  days: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 3660, description: "a whole number of days from 1 to 3660; default 30" }),
  ),
  since: Type.Optional(Time),
  until: Type.Optional(Time),
  kind: Type.Optional(Type.Enum([...SLA_KINDS], { description: `one of ${SLA_KINDS.join(", ")}; default quality` })),
  check_name: Type.Optional(Name),
};

/** Of all pipelines, or of one. */
type WindowQuery = Type.Static<Type.TObject<typeof window>> & { group_by?: "day" };

export function slaRoutes(app: TypedApp, deps: SlaRoutesDeps): void {
  const query = <M extends Type.TProperties>(more: M) =>
    Type.Object({ ...window, ...more }, { additionalProperties: false });
  app.get(
    "/v1/sla",
    {
      config: { role: "read" },
      schema: {
        tags: ["sla"],
        summary: "SLA rates of all pipelines (JSON or CSV)",
        querystring: query({
          limit: Type.Integer({
            minimum: 1,
            maximum: 10_000,
            default: 1000,
            description: "a whole number from 1 to 10000",
          }),
          cursor: Type.Optional(Type.String()),
        }),
        response: { 200: ListOf(SlaAnswer) },
      },
    },
    async (request, reply) => {
      const { limit, cursor, ...rest } = request.query;
      const after = decodeCursor(cursor, ["name"])?.[0] ?? null;
      const pipelines = await deps.reader.listPipelines({
        allowed: allowedPatterns(request.caller),
        after,
        limit: limit + 1,
      });
      const names = page(pipelines, limit, (last) => [last.pipeline_name]);
      const slaRequest = requestOf(rest, deps.clock.now());
      const items = await slaOfAll(
        deps,
        slaRequest,
        names.items.map(({ pipeline_name }) => pipeline_name),
      );
      if (!acceptsCsv(request)) return { items: items.map(slaAnswer), next_cursor: names.next_cursor };
      if (names.next_cursor !== null) reply.header("x-next-cursor", names.next_cursor);
      return sendText(reply, CSV_TYPE, toCsv(SLA_COLUMNS, items));
    },
  );

  app.get(
    "/v1/sla/:pipeline_name",
    {
      config: { role: "read" },
      schema: {
        tags: ["sla"],
        summary: "SLA rate of a pipeline, by check and by day (JSON or CSV)",
        params: Type.Object({ pipeline_name: Name }),
        querystring: query({ group_by: Type.Optional(Type.Enum(["day"], { description: "day" })) }),
        response: { 200: PipelineSlaAnswer },
      },
    },
    async (request, reply) => {
      const pipeline_name = await knownPipeline(deps.reader, request);
      const sla = await slaOfPipeline(deps, requestOf(request.query, deps.clock.now()), pipeline_name);
      if (!acceptsCsv(request)) return pipelineSlaAnswer(sla);
      return sendText(
        reply,
        CSV_TYPE,
        sla.days === null ? toCsv(CHECK_COLUMNS, sla.checks) : toCsv(DAY_COLUMNS, sla.days),
      );
    },
  );
}

interface PipelineRequest {
  caller: Caller;
  params: { pipeline_name: string };
}

/** The pipeline of the path, where the caller may see it and it exists. */
export async function knownPipeline(reader: Reader, { caller, params }: PipelineRequest): Promise<string> {
  const { pipeline_name } = params;
  requirePipeline(caller, pipeline_name);
  if ((await reader.readPipeline(pipeline_name)) !== null) return pipeline_name;
  throw noPipeline(pipeline_name);
}

export function noPipeline(pipeline_name: string): SluiceError {
  return new SluiceError("not_found", `pipeline_name: nothing was ever reported of ${JSON.stringify(pipeline_name)}`);
}

function requestOf(query: WindowQuery, now: number): SlaRequest {
  const to = timeParameter("until", query.until) ?? now;
  const since = timeParameter("since", query.since);
  if (since !== null && query.days !== undefined) {
    throw new SluiceError("invalid_query", "days: given together with since; say one of them");
  }
  const from = since ?? to - (query.days ?? 30) * DAY;
  if (from >= to)
    throw new SluiceError(
      "invalid_query",
      `since: ${formatTime(from)} given; must be before until (${formatTime(to)})`,
    );
  return {
    from,
    to,
    kind: query.kind ?? "quality",
    check_name: query.check_name ?? null,
    by_day: query.group_by === "day",
  };
}

function slaAnswer({ from, to, meaning_since, ...rest }: SlaReport) {
  const { pipeline_name, kind, ...counts } = rest;
  const meaning = meaning_since === undefined ? {} : { meaning_since: formatTime(meaning_since) };
  return { pipeline_name, kind, from: formatTime(from), to: formatTime(to), ...counts, ...meaning };
}

export function pipelineSlaAnswer({ checks, days, ...report }: PipelineSla) {
  const answer = { ...slaAnswer(report), checks };
  if (days === null) return answer;
  return { ...answer, days: days.map(({ day, ...count }) => ({ day: dayText(day), ...count })) };
}

function dayText(day: number): string {
  return formatTime(day).slice(0, 10);
}

type Counts = { total: number; passed: number; excluded: number; rate: number | null; state: string };

const COUNT_COLUMNS = [
  ["total", (row: Counts) => row.total],
  ["passed", (row: Counts) => row.passed],
  ["excluded", (row: Counts) => row.excluded],
  ["rate", (row: Counts) => row.rate],
  ["state", (row: Counts) => row.state],
] as const;

const SLA_COLUMNS = [
  ["pipeline_name", (row: SlaReport) => row.pipeline_name],
  ["kind", (row: SlaReport) => row.kind],
  ["from", (row: SlaReport) => formatTime(row.from)],
  ["to", (row: SlaReport) => formatTime(row.to)],
  ...COUNT_COLUMNS,
  ["target", (row: SlaReport) => row.target],
] as const;

const CHECK_COLUMNS = [
  ["check_name", (row: Counts & { check_name: string }) => row.check_name],
  ...COUNT_COLUMNS,
] as const;

const DAY_COLUMNS = [["day", (row: Counts & { day: number }) => dayText(row.day)], ...COUNT_COLUMNS] as const;
