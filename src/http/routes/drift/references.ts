import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { ListOf } from "../../../contract/answers.ts";
import { ActivatedAnswer, ReferenceAnswer } from "../../../contract/drift/drift-answers.ts";
import { ReferenceBody } from "../../../contract/drift/histogram-bodies.ts";
import { FreeText, Name, RunId } from "../../../contract/fields.ts";
import { ReferenceQuery, ReferencesQuery } from "../../../contract/formats.ts";
import { cleanText } from "../../../domain/words/text.ts";
import { SluiceError } from "../../../errors.ts";
import { readPromotion, readReference } from "../../../intake/reference.ts";
import type { Reader } from "../../../ports.ts";
import {
  type Activated,
  activateVersion,
  type Feature,
  promoteHistogram,
  putReference,
  type ReferenceDeps,
  removeReference,
} from "../../../service/drift/change-reference.ts";
import { verdictAnswer } from "../../../service/drift/verdict-answer.ts";
import type { NewNames } from "../../../service/new-names/new-names.ts";
import { type Caller, requirePipeline } from "../../access/auth.ts";
import { referenceAnswer } from "../../answers/reference-answer.ts";
import { sendNothing } from "../../answers/send.ts";
import { DOCUMENT_TYPES, readDocument, refuseWithoutFormat, takeExpositions } from "../../bodies/foreign-documents.ts";
import { decodeCursor, page } from "../../parameters/cursor.ts";
import type { TypedApp } from "../../server/typed-app.ts";

export interface ReferenceRoutesDeps extends ReferenceDeps {
  names: NewNames;
  reader: Reader;
}

const FeatureParams = Type.Object({ pipeline_name: Name, feature_name: Name });
const VersionParams = Type.Object({ ...FeatureParams.properties, version: Type.String() });
const PromoteBody = Type.Object(
  { run_id: Type.Optional(RunId), note: Type.Optional(FreeText) },
  { additionalProperties: false },
);
const PipelineParams = Type.Object({ pipeline_name: Name });
const PIPELINE = "/v1/references/:pipeline_name";
const FEATURE = `${PIPELINE}/:feature_name`;
const AnyDocument = Type.Unknown({ title: "With ?format=: a document of that format" });
/** A page holds whole histograms, of up to some thousand names each. */
const MOST_VERSIONS = 20;
const VersionsQuery = Type.Object(
  {
    limit: Type.Integer({
      minimum: 1,
      maximum: MOST_VERSIONS,
      default: MOST_VERSIONS,
      description: `a whole number from 1 to ${MOST_VERSIONS}`,
    }),
    cursor: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
/** Of a reference that can be made coarser without error: few rows a bin are hard to tell from noise. */
const MOST_BINS_OF_A_REFERENCE = 32;

const response = { 200: ActivatedAnswer };

const write = <P, M>(summary: string, params: P, more: M, documents = false) => ({
  config: { role: "reference" as const, documents },
  schema: { tags: ["drift"], summary, params, ...more },
});

export function referenceRoutes(app: TypedApp, deps: ReferenceRoutesDeps): void {
  const { reader } = deps;
  // Whoever reports builds histograms on the reference's edges, so `report` may read its own pipelines' too.
  const read = <P, M>(summary: string, params: P, more: M) => ({
    config: { role: ["read", "report", "reference"] as const },
    schema: { tags: ["drift"], summary, params, ...more },
  });

  putRoutes(app, deps);

  app.post(
    `${FEATURE}/promote`,
    write("Make the histogram of a run (or the latest one) the reference", FeatureParams, {
      body: PromoteBody,
      response,
    }),
    async (request) => {
      const feature = featureOf(request);
      const { run_id, note } = readPromotion(request.body ?? {});
      return activated(deps, feature, await promoteHistogram(deps, feature, run_id, note));
    },
  );

  app.post(
    `${FEATURE}/versions/:version/activate`,
    write("Go back to a stored version", VersionParams, { response }),
    async (request) => {
      const feature = featureOf(request);
      const { version } = request.params;
      return activated(deps, feature, await activateVersion(deps, feature, cleanText(version)));
    },
  );

  app.delete(
    FEATURE,
    {
      config: { role: "reference" },
      schema: {
        tags: ["drift"],
        summary: "Remove the reference; its versions and verdicts stay",
        params: FeatureParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await removeReference(deps, featureOf(request));
      return sendNothing(reply);
    },
  );

  app.get(
    PIPELINE,
    read("The active references of a pipeline", PipelineParams, {
      response: { 200: ListOf(ReferenceAnswer) },
    }),
    async (request) => {
      const { pipeline_name } = request.params;
      requirePipeline(request.caller, pipeline_name);
      const rows = await reader.listReferences(pipeline_name);
      return { items: rows.map((row) => referenceAnswer(pipeline_name, row)), next_cursor: null };
    },
  );

  app.get(
    FEATURE,
    read("The active reference of a feature", FeatureParams, { response: { 200: ReferenceAnswer } }),
    async (request) => {
      const { pipeline_name, feature_name } = featureOf(request);
      const active = await reader.findReference(pipeline_name, feature_name, null);
      if (active !== null) return referenceAnswer(pipeline_name, active);
      throw new SluiceError("not_found", `feature_name: ${JSON.stringify(feature_name)} has no reference`);
    },
  );

  app.get(
    `${FEATURE}/versions`,
    read("Every version of a feature's reference, newest first", FeatureParams, {
      querystring: VersionsQuery,
      response: { 200: ListOf(ReferenceAnswer) },
    }),
    async (request) => {
      const { pipeline_name, feature_name } = featureOf(request);
      const { limit, cursor } = request.query;
      const place = decodeCursor(cursor, ["time", "key"]);
      const after = place && { created_at: place[0], reference_id: place[1] };
      const rows = await reader.listVersions({ pipeline_name, feature_name, after, limit: limit + 1 });
      const { items, next_cursor } = page(rows, limit, (last) => [last.created_at, last.reference_id]);
      return { items: items.map((row) => referenceAnswer(pipeline_name, row)), next_cursor };
    },
  );
}

function putRoutes(app: TypedApp, deps: ReferenceRoutesDeps): void {
  takeExpositions(app);
  const document = {
    consumes: DOCUMENT_TYPES,
    querystring: ReferenceQuery,
    body: Type.Union([ReferenceBody, AnyDocument]),
    response,
  };
  app.put(
    FEATURE,
    write("Store a reference and make it the active one", FeatureParams, document, true),
    async (request) => {
      const feature = featureOf(request);
      const { histogram, note } = readReference(referenceBodyOf(request, request.query, feature));
      admitFeatures(request, deps, feature.pipeline_name, [feature.feature_name]);
      return activated(deps, feature, await putReference(deps, feature, histogram, note));
    },
  );

  const all = {
    consumes: DOCUMENT_TYPES,
    querystring: ReferencesQuery,
    body: AnyDocument,
    response: { 200: ListOf(ActivatedAnswer) },
  };
  app.put(
    PIPELINE,
    write("Store a reference for each feature of a document", PipelineParams, all, true),
    async (request) => {
      const { pipeline_name } = request.params;
      requirePipeline(request.caller, pipeline_name);
      const { format, note, ...query } = request.query;
      const features = readDocument(request, { format, ...query }, null, MOST_BINS_OF_A_REFERENCE);
      // All are read before one is stored. What is stored when the store goes away stays: sent again, it is the same version.
      const references = [...features].map(([feature_name, input]) => {
        return { feature: { pipeline_name, feature_name }, ...readReference({ ...input, note }) };
      });
      admitFeatures(request, deps, pipeline_name, [...features.keys()]);
      const items = [];
      for (const { feature, histogram, note } of references) {
        items.push(await activated(deps, feature, await putReference(deps, feature, histogram, note)));
      }
      return { items, next_cursor: null };
    },
  );
}

function admitFeatures(
  { caller }: FastifyRequest,
  { names }: ReferenceRoutesDeps,
  pipeline_name: string,
  feature_names: readonly string[],
): void {
  const [refused] = names.admit(caller.scope, [{ pipeline_name, kind: "feature", names: feature_names }]) ?? [];
  if (refused != null) throw refused;
}

function referenceBodyOf(request: FastifyRequest, asked: ReferenceQuery, { feature_name }: Feature): unknown {
  const { format, note, ...query } = asked;
  if (format !== undefined) {
    const features = readDocument(request, { format, ...query }, feature_name, MOST_BINS_OF_A_REFERENCE);
    return { ...features.get(feature_name), note };
  }
  refuseWithoutFormat(asked);
  return request.body;
}

function featureOf({ caller, params }: { caller: Caller; params: Feature }): Feature {
  const { pipeline_name, feature_name } = params;
  requirePipeline(caller, pipeline_name);
  return { pipeline_name, feature_name };
}

async function activated({ reader }: ReferenceRoutesDeps, feature: Feature, { reference, verdict }: Activated) {
  const row = await reader.findReference(feature.pipeline_name, feature.feature_name, reference.version);
  return { ...referenceAnswer(feature.pipeline_name, row!), verdict: verdict && verdictAnswer(verdict) };
}
