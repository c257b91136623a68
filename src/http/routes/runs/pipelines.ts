import Type from "typebox";
import { ListOf, PipelineAnswer, PipelineDetailAnswer } from "../../../contract/answers.ts";
import { Name } from "../../../contract/fields.ts";
import { DAY, formatTime } from "../../../domain/words/time.ts";
import type { PipelineSummary } from "../../../ports.ts";
import { slaOfPipeline } from "../../../service/sla/read-sla.ts";
import { allowedPatterns, requirePipeline } from "../../access/auth.ts";
import { whenOrNull } from "../../answers/when-or-null.ts";
import { decodeCursor, page } from "../../parameters/cursor.ts";
import type { TypedApp } from "../../server/typed-app.ts";
import { noPipeline, pipelineSlaAnswer, type SlaRoutesDeps } from "../sla/sla.ts";
import { type ArchiveRoutesDeps, archiveRoutes } from "./archive.ts";
import { paging, runDetailAnswer } from "./runs.ts";

export interface PipelineRoutesDeps extends SlaRoutesDeps {
  archive: ArchiveRoutesDeps["archive"];
}

export function pipelineRoutes(app: TypedApp, deps: PipelineRoutesDeps): void {
  const { reader } = deps;
  archiveRoutes(app, deps);
  app.get(
    "/v1/pipelines",
    {
      config: { role: "read" },
      schema: {
        tags: ["pipelines"],
        summary: "Pipelines, by name",
        querystring: Type.Object(paging, { additionalProperties: false }),
        response: { 200: ListOf(PipelineAnswer) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const after = decodeCursor(cursor, ["name"])?.[0] ?? null;
      const rows = await reader.listPipelines({ allowed: allowedPatterns(request.caller), after, limit: limit + 1 });
      const { items, next_cursor } = page(rows, limit, (last) => [last.pipeline_name]);
      return { items: items.map(pipelineAnswer), next_cursor };
    },
  );

  app.get(
    "/v1/pipelines/:pipeline_name",
    {
      config: { role: "read" },
      schema: {
        tags: ["pipelines"],
        summary: "A pipeline: its last run with counts and scores, its freshness and its SLA of 30 days",
        params: Type.Object({ pipeline_name: Name }),
        response: { 200: PipelineDetailAnswer },
      },
    },
    async (request) => {
      const { pipeline_name } = request.params;
      requirePipeline(request.caller, pipeline_name);
      const pipeline = await reader.readPipeline(pipeline_name);
      if (pipeline === null) throw noPipeline(pipeline_name);
      const to = deps.clock.now();
      const window = { from: to - 30 * DAY, to, kind: "quality" as const, check_name: null, by_day: false };
      const [run, sla] = await Promise.all([
        pipeline.last_run === null ? null : reader.readRun(pipeline_name, pipeline.last_run.run_id),
        slaOfPipeline(deps, window, pipeline_name),
      ]);
      return {
        ...pipelineAnswer(pipeline),
        last_run: run === null ? null : runDetailAnswer(run),
        datasets: pipeline.datasets.map(({ dataset, data_through }) => ({
          dataset,
          data_through: formatTime(data_through),
        })),
        sla: pipelineSlaAnswer(sla),
      };
    },
  );
}

function pipelineAnswer({ pipeline_name, born_at, last_success_at, last_failure_at, last_run }: PipelineSummary) {
  return {
    pipeline_name,
    born_at: formatTime(born_at),
    last_success_at: whenOrNull(last_success_at),
    last_failure_at: whenOrNull(last_failure_at),
    last_run: last_run && {
      pipeline_name,
      ...last_run,
      started_at: whenOrNull(last_run.started_at),
      finished_at: whenOrNull(last_run.finished_at),
    },
  };
}
