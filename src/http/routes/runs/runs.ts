import Type from "typebox";
import { ListOf, RunAnswer, RunDetailAnswer } from "../../../contract/answers.ts";
import { Name, RunId, Time } from "../../../contract/fields.ts";
import { formatTime } from "../../../domain/words/time.ts";
import { SluiceError } from "../../../errors.ts";
import type { Reader, RunDetail, RunRow } from "../../../ports.ts";
import { allowedPatterns, requirePipeline } from "../../access/auth.ts";
import { whenOrNull } from "../../answers/when-or-null.ts";
import { decodeCursor, page } from "../../parameters/cursor.ts";
import { timeParameter } from "../../parameters/query.ts";
import type { TypedApp } from "../../server/typed-app.ts";

const STATUSES = ["started", "success", "failed", "skipped", "cancelled", "retrying", "unknown"];

export const paging = {
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: "a whole number from 1 to 1000" }),
  cursor: Type.Optional(Type.String()),
};

export function runRoutes(app: TypedApp, { reader }: { reader: Reader }): void {
  app.get(
    "/v1/runs",
    {
      config: { role: "read" },
      schema: {
        tags: ["runs"],
        summary: "Runs, latest first",
        querystring: Type.Object(
          {
            pipeline_name: Type.Optional(Name),
            status: Type.Optional(Type.Enum(STATUSES, { description: `one of ${STATUSES.join(", ")}` })),
            since: Type.Optional(Time),
            ...paging,
          },
          { additionalProperties: false },
        ),
        response: { 200: ListOf(RunAnswer) },
      },
    },
    async (request) => {
      const { query } = request;
      if (query.pipeline_name !== undefined) requirePipeline(request.caller, query.pipeline_name);
      const after = decodeCursor(query.cursor, ["time", "key"]);
      const rows = await reader.listRuns({
        pipeline_name: query.pipeline_name ?? null,
        allowed: allowedPatterns(request.caller),
        status: query.status ?? null,
        since: timeParameter("since", query.since),
        after: after && { run_order: after[0], run_key: after[1] },
        limit: query.limit + 1,
      });
      const { items, next_cursor } = page(rows, query.limit, (last) => [last.run_order, last.run_key]);
      return { items: items.map(runAnswer), next_cursor };
    },
  );

  app.get(
    "/v1/runs/:pipeline_name/:run_id",
    {
      config: { role: "read" },
      schema: {
        tags: ["runs"],
        summary: "A run with everything that was reported in it",
        params: Type.Object({ pipeline_name: Name, run_id: RunId }),
        response: { 200: RunDetailAnswer },
      },
    },
    async (request) => {
      const { pipeline_name, run_id } = request.params;
      requirePipeline(request.caller, pipeline_name);
      const run = await reader.readRun(pipeline_name, run_id);
      if (run !== null) return runDetailAnswer(run);
      throw new SluiceError(
        "not_found",
        `run_id: nothing was reported of run ${JSON.stringify(run_id)} of ${JSON.stringify(pipeline_name)}`,
      );
    },
  );
}

function runAnswer(run: RunRow) {
  const { run_key: _key, run_order: _order, ...rest } = run;
  return {
    ...rest,
    started_at: whenOrNull(run.started_at),
    finished_at: whenOrNull(run.finished_at),
    data_interval_start: whenOrNull(run.data_interval_start),
    data_interval_end: whenOrNull(run.data_interval_end),
  };
}

export function runDetailAnswer({ attempts, stages, checks, rejected, ...run }: RunDetail) {
  return {
    ...runAnswer(run),
    attempts: attempts.map((attempt) => ({
      ...attempt,
      started_at: whenOrNull(attempt.started_at),
      finished_at: whenOrNull(attempt.finished_at),
    })),
    stages,
    checks: checks.map((check) => ({ ...check, checked_at: formatTime(check.checked_at) })),
    rejected: rejected.map((one) => ({ ...one, at: formatTime(one.at) })),
  };
}
