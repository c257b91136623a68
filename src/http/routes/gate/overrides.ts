import Type from "typebox";
import { ListOf } from "../../../contract/answers.ts";
import { compileCheck } from "../../../contract/check.ts";
import { Name, RunId } from "../../../contract/fields.ts";
import {
  ActorQuery,
  InvalidateBody,
  InvalidatedAnswer,
  OverrideAnswer,
  OverrideBody,
  OverrideRowAnswer,
} from "../../../contract/gate.ts";
import { nfc } from "../../../domain/words/nfc.ts";
import { cleanText, saidText } from "../../../domain/words/text.ts";
import { DAY } from "../../../domain/words/time.ts";
import type { GateReader } from "../../../ports.ts";
import { addOverride, endOverride, invalidateRun, type OperateDeps } from "../../../service/gate/operate-gates.ts";
import { actorOf } from "../../access/actor.ts";
import { requirePipeline } from "../../access/auth.ts";
import { overrideAnswer, overrideRowAnswer } from "../../answers/gate-answer.ts";
import { sendNothing } from "../../answers/send.ts";
import { readBody, readExpiry } from "../../bodies/read-body.ts";
import { decodeCursor, page } from "../../parameters/cursor.ts";
import type { TypedApp } from "../../server/typed-app.ts";
import { paging } from "../runs/runs.ts";
import { GATE_READERS, PipelineParams, UUID } from "./gates.ts";

export interface OverrideRoutesDeps extends OperateDeps {
  reader: Pick<GateReader, "listOverrides">;
}

/** However sure somebody is, the evidence gets the word again after this. */
const LONGEST_OVERRIDE = 7 * DAY;

const checkOverride = compileCheck(OverrideBody);
const checkInvalidate = compileCheck(InvalidateBody);

interface NewOverride {
  decision: "pass" | "block";
  reason: string;
  actor: string;
  run_id?: string;
  expires_in?: string;
  expires_at?: string | number;
}

export function overrideRoutes(app: TypedApp, deps: OverrideRoutesDeps): void {
  const url = "/v1/gates/:pipeline_name/overrides";
  app.post(
    url,
    {
      config: { role: "operate" },
      schema: {
        tags: ["gates"],
        summary: "Open or close a gate in place of the evidence, for at most 7 days",
        params: PipelineParams,
        body: OverrideBody,
        response: { 201: OverrideAnswer },
      },
    },
    async (request, reply) => {
      const { pipeline_name } = request.params;
      requirePipeline(request.caller, pipeline_name);
      const body = readBody<NewOverride>(checkOverride, request.body);
      const { decision } = body;
      const run_id = body.run_id === undefined ? null : nfc(body.run_id);
      const expires_at = readExpiry(body, deps.clock.now(), LONGEST_OVERRIDE);
      const asked = { decision, run_id, expires_at, reason: saidText(body.reason), actor: cleanText(body.actor) };
      const override = await addOverride(deps, pipeline_name, asked, request.caller.scope || null);
      return reply.code(201).send(overrideAnswer(override));
    },
  );

  app.get(
    url,
    {
      config: { role: GATE_READERS },
      schema: {
        tags: ["gates"],
        summary: "Every override there was, newest first",
        params: PipelineParams,
        querystring: Type.Object(paging, { additionalProperties: false }),
        response: { 200: ListOf(OverrideRowAnswer) },
      },
    },
    async (request) => {
      const { pipeline_name } = request.params;
      requirePipeline(request.caller, pipeline_name);
      const { limit, cursor } = request.query;
      const after = decodeCursor(cursor, ["time", "name"]);
      const rows = await deps.reader.listOverrides(pipeline_name, after && { at: after[0], id: after[1] }, limit + 1);
      const { items, next_cursor } = page(rows, limit, (last) => [last.created_at, last.override_id]);
      return { items: items.map(overrideRowAnswer), next_cursor };
    },
  );

  app.delete(
    `${url}/:override_id`,
    {
      config: { role: "operate" },
      schema: {
        tags: ["gates"],
        summary: "End an override before its time",
        params: Type.Object({
          pipeline_name: Name,
          override_id: Type.String({ pattern: UUID, description: "the override_id of an answer" }),
        }),
        querystring: ActorQuery,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { pipeline_name, override_id } = request.params;
      requirePipeline(request.caller, pipeline_name);
      await endOverride(deps, pipeline_name, override_id, actorOf(request));
      return sendNothing(reply);
    },
  );

  app.post(
    "/v1/runs/:pipeline_name/:run_id/invalidate",
    {
      config: { role: "operate" },
      schema: {
        tags: ["runs"],
        summary: "Take a bad run out of baselines and SLA, and close its gate",
        params: Type.Object({ pipeline_name: Name, run_id: RunId }),
        body: InvalidateBody,
        response: { 200: InvalidatedAnswer },
      },
    },
    async (request) => {
      const { pipeline_name, run_id } = request.params;
      requirePipeline(request.caller, pipeline_name);
      const { actor, reason } = readBody<{ actor: string; reason: string }>(checkInvalidate, request.body);
      const by = { actor: cleanText(actor), reason: saidText(reason) };
      return { pipeline_name, run_id, ...(await invalidateRun(deps, pipeline_name, run_id, by)) };
    },
  );
}
