import Type from "typebox";
import { ListOf } from "../../../contract/answers.ts";
import { ReadVerdictAnswer } from "../../../contract/drift/drift-answers.ts";
import { Name, Time } from "../../../contract/fields.ts";
import { formatTime } from "../../../domain/words/time.ts";
import type { Reader } from "../../../ports.ts";
import { type ReadVerdict, readVerdict, worstFirst } from "../../../service/drift/read-drift.ts";
import { decodeCursor, page } from "../../parameters/cursor.ts";
import { timeParameter } from "../../parameters/query.ts";
import type { TypedApp } from "../../server/typed-app.ts";
import { paging } from "../runs/runs.ts";
import { knownPipeline } from "../sla/sla.ts";

export function driftRoutes(app: TypedApp, { reader }: { reader: Reader }): void {
  app.get(
    "/v1/drift/:pipeline_name",
    {
      config: { role: "read" },
      schema: {
        tags: ["drift"],
        summary: "The newest verdict on each feature, worst first",
        params: Type.Object({ pipeline_name: Name }),
        response: { 200: ListOf(ReadVerdictAnswer) },
      },
    },
    async (request) => {
      const rows = await reader.latestDrift(await knownPipeline(reader, request));
      return { items: worstFirst(rows.map(readVerdict)).map(answerOf), next_cursor: null };
    },
  );

  app.get(
    "/v1/drift/:pipeline_name/:feature_name",
    {
      config: { role: "read" },
      schema: {
        tags: ["drift"],
        summary: "The verdicts on a feature, newest first, with bins for drawing",
        params: Type.Object({ pipeline_name: Name, feature_name: Name }),
        querystring: Type.Object({ since: Type.Optional(Time), ...paging }, { additionalProperties: false }),
        response: { 200: ListOf(ReadVerdictAnswer) },
      },
    },
    async (request) => {
      const pipeline_name = await knownPipeline(reader, request);
      const { feature_name } = request.params;
      const { query } = request;
      const after = decodeCursor(query.cursor, ["time", "key"]);
      const rows = await reader.driftHistory({
        pipeline_name,
        feature_name,
        since: timeParameter("since", query.since),
        after: after && { at: after[0], result_id: after[1] },
        limit: query.limit + 1,
      });
      const { items, next_cursor } = page(rows, query.limit, (last) => [last.at, last.result_id]);
      return { items: items.map((row) => answerOf(readVerdict(row))), next_cursor };
    },
  );
}

function answerOf({ at, ...verdict }: ReadVerdict) {
  return { ...verdict, at: formatTime(at) };
}
