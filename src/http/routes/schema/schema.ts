import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { ListOf } from "../../../contract/answers.ts";
import { compileCheck } from "../../../contract/check.ts";
import { Name } from "../../../contract/fields.ts";
import { DeclaredSchemaBody } from "../../../contract/reports.ts";
import { AcceptSchemaBody, ForgetSchemaQuery, SchemaAnswer, ShownSchemasQuery } from "../../../contract/schema.ts";
import { compareSchemas } from "../../../domain/schema/compare-schemas.ts";
import { expectedColumns } from "../../../domain/schema/schema.ts";
import { nfc } from "../../../domain/words/nfc.ts";
import { cleanText } from "../../../domain/words/text.ts";
import { formatTime } from "../../../domain/words/time.ts";
import { SluiceError } from "../../../errors.ts";
import { readDeclaredSchema } from "../../../intake/declared-schema.ts";
import type { SchemaReader, SchemaRow } from "../../../ports.ts";
import type { NewNames } from "../../../service/new-names/new-names.ts";
import { acceptSchema, type Dataset, declareSchema, forgetSchema } from "../../../service/schema/change-baseline.ts";
import type { ChangeDeps } from "../../../service/under-locks/change-under-locks.ts";
import { actorOf } from "../../access/actor.ts";
import { type Caller, requirePipeline } from "../../access/auth.ts";
import { sendNothing } from "../../answers/send.ts";
import { readBody } from "../../bodies/read-body.ts";
import type { TypedApp } from "../../server/typed-app.ts";

export interface SchemaRoutesDeps extends ChangeDeps {
  reader: SchemaReader;
  names: NewNames;
}

const PipelineParams = Type.Object({ pipeline_name: Name });
const URL = "/v1/schema/:pipeline_name";
const checkAccept = compileCheck(AcceptSchemaBody);

export function schemaRoutes(app: TypedApp, deps: SchemaRoutesDeps): void {
  app.get(
    URL,
    {
      config: { role: ["read", "report", "reference"] },
      schema: {
        tags: ["schema"],
        summary: "The newest schema of each dataset, what it is held against, and how it differs",
        params: PipelineParams,
        querystring: ShownSchemasQuery,
        response: { 200: ListOf(SchemaAnswer) },
      },
    },
    async (request) => {
      const { pipeline_name } = request.params;
      requirePipeline(request.caller, pipeline_name);
      const { dataset } = request.query;
      const rows = await deps.reader.readSchemas(pipeline_name, dataset === undefined ? null : nfc(dataset));
      return { items: rows.map((row) => schemaAnswer(pipeline_name, row)), next_cursor: null };
    },
  );

  app.post(
    `${URL}/accept`,
    {
      config: { role: "operate" },
      schema: {
        tags: ["schema"],
        summary: "Accept the schema of a run: later ones are held against it, and its own gate is decided again",
        params: PipelineParams,
        body: AcceptSchemaBody,
        response: { 200: SchemaAnswer },
      },
    },
    async (request) => {
      const body = readBody<AcceptSchemaBody>(checkAccept, request.body);
      const of = datasetOf(request, body.dataset);
      await acceptSchema(deps, of, { run_id: nfc(body.run_id), actor: cleanText(body.actor) });
      return answerFor(deps, of);
    },
  );

  app.put(
    URL,
    {
      config: { role: ["reference", "operate"] },
      schema: {
        tags: ["schema"],
        summary: "Declare the schema that a dataset has to have",
        params: PipelineParams,
        body: DeclaredSchemaBody,
        response: { 200: SchemaAnswer },
      },
    },
    async (request) => {
      const { dataset, schema, actor } = readDeclaredSchema(request.body);
      const of = datasetOf(request, dataset);
      const named = [{ pipeline_name: of.pipeline_name, kind: "dataset" as const, names: [of.dataset] }];
      const [refused] = deps.names.admit(request.caller.scope, named) ?? [];
      if (refused != null) throw refused;
      await declareSchema(deps, of, { schema, actor });
      return answerFor(deps, of);
    },
  );

  app.delete(
    URL,
    {
      config: { role: ["reference", "operate"] },
      schema: {
        tags: ["schema"],
        summary: "End what was declared or accepted of a dataset: what was learned holds",
        params: PipelineParams,
        querystring: ForgetSchemaQuery,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await forgetSchema(deps, datasetOf(request, request.query.dataset), actorOf(request));
      return sendNothing(reply);
    },
  );
}

/** A dataset without a name has that of its pipeline. */
function datasetOf(
  {
    caller,
    params: { pipeline_name },
  }: Pick<FastifyRequest, "caller"> & { caller: Caller; params: { pipeline_name: string } },
  dataset: string | undefined,
): Dataset {
  requirePipeline(caller, pipeline_name);
  return { pipeline_name, dataset: nfc(dataset ?? pipeline_name) };
}

async function answerFor({ reader }: SchemaRoutesDeps, { pipeline_name, dataset }: Dataset) {
  const [row] = await reader.readSchemas(pipeline_name, dataset);
  if (row === undefined)
    throw new SluiceError("not_found", `dataset: ${JSON.stringify(dataset)} has no schema any more`);
  return schemaAnswer(pipeline_name, row);
}

function schemaAnswer(pipeline_name: string, { dataset, latest, baselines, set }: SchemaRow) {
  const [first] = baselines;
  const baseline = first && {
    source: first.source,
    run_id: set?.run_id ?? null,
    actor: set?.actor ?? null,
    set_at: set === null ? null : formatTime(set.set_at),
    ...expectedColumns(baselines),
  };
  return {
    pipeline_name,
    dataset,
    baseline: baseline ?? null,
    latest: latest && { ...latest, at: formatTime(latest.at), columns: [...latest.columns] },
    diff: latest === null || first === undefined ? null : compareSchemas(latest, baselines),
  };
}
