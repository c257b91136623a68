import Type from "typebox";
import { ListOf, QualityRowAnswer } from "../../../contract/answers.ts";
import { Name, Time } from "../../../contract/fields.ts";
import { formatTime } from "../../../domain/words/time.ts";
import type { QualityRow, Reader } from "../../../ports.ts";
import { allowedPatterns, requirePipeline } from "../../access/auth.ts";
import { CSV_TYPE, toCsv } from "../../answers/csv.ts";
import { sendText } from "../../answers/send.ts";
import { decodeCursor, page } from "../../parameters/cursor.ts";
import { acceptsCsv, timeParameter } from "../../parameters/query.ts";
import type { TypedApp } from "../../server/typed-app.ts";
import { paging } from "../runs/runs.ts";

export function qualityRoutes(app: TypedApp, { reader }: { reader: Reader }): void {
  app.get(
    "/v1/quality",
    {
      config: { role: "read" },
      schema: {
        tags: ["sla"],
        summary: "The rows of data_quality_sla, newest first: the audit (JSON or CSV)",
        querystring: Type.Object(
          {
            pipeline_name: Type.Optional(Name),
            check_name: Type.Optional(Name),
            since: Type.Optional(Time),
            until: Type.Optional(Time),
            ...paging,
          },
          { additionalProperties: false },
        ),
        response: { 200: ListOf(QualityRowAnswer) },
      },
    },
    async (request, reply) => {
      const { query } = request;
      if (query.pipeline_name !== undefined) requirePipeline(request.caller, query.pipeline_name);
      const after = decodeCursor(query.cursor, ["time", "key"]);
      const rows = await reader.listQuality({
        pipeline_name: query.pipeline_name ?? null,
        allowed: allowedPatterns(request.caller),
        check_name: query.check_name ?? null,
        since: timeParameter("since", query.since),
        until: timeParameter("until", query.until),
        after: after && { checked_at: after[0], result_id: after[1] },
        limit: query.limit + 1,
      });
      const { items, next_cursor } = page(rows, query.limit, (last) => [last.checked_at, last.result_id]);
      if (!acceptsCsv(request)) return { items: items.map(answerOf), next_cursor };
      if (next_cursor !== null) reply.header("x-next-cursor", next_cursor);
      return sendText(reply, CSV_TYPE, toCsv(COLUMNS, items.map(answerOf)));
    },
  );
}

function answerOf({ result_id: _, ...row }: QualityRow) {
  return { ...row, checked_at: formatTime(row.checked_at), recorded_at: formatTime(row.recorded_at) };
}

type Answer = ReturnType<typeof answerOf>;

const COLUMNS = [
  ["pipeline_name", (row: Answer) => row.pipeline_name],
  ["check_name", (row: Answer) => row.check_name],
  ["score", (row: Answer) => row.score],
  ["threshold", (row: Answer) => row.threshold],
  ["passed", (row: Answer) => row.passed],
  ["checked_at", (row: Answer) => row.checked_at],
  ["recorded_at", (row: Answer) => row.recorded_at],
  ["run_id", (row: Answer) => row.run_id],
  ["attempt", (row: Answer) => row.attempt],
  ["severity", (row: Answer) => row.severity],
  ["excluded", (row: Answer) => row.excluded],
] as const;
