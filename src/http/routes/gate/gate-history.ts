import Type from "typebox";
import { ListOf } from "../../../contract/answers.ts";
import { compileCheck } from "../../../contract/check.ts";
import { Time } from "../../../contract/fields.ts";
import { EvaluateBody, GateAnswer, PolicyAnswer, TransitionAnswer } from "../../../contract/gate.ts";
import { DEFAULT_POLICY } from "../../../domain/gate/policy/policy.ts";
import { mergePolicy } from "../../../domain/gate/policy/resolve-policy.ts";
import { SluiceError } from "../../../errors.ts";
import { readOverlay } from "../../../intake/policy.ts";
import type { GateReader } from "../../../ports.ts";
import { evaluatePolicy } from "../../../service/gate/answer/read-gate.ts";
import { replayGate } from "../../../service/gate/answer/replay-gate.ts";
import { type Caller, maySee, requirePipeline } from "../../access/auth.ts";
import { gateAnswer, transitionAnswer } from "../../answers/gate-answer.ts";
import { readBody, readTime } from "../../bodies/read-body.ts";
import { decodeCursor, page } from "../../parameters/cursor.ts";
import { timeParameter } from "../../parameters/query.ts";
import type { TypedApp } from "../../server/typed-app.ts";
import { paging } from "../runs/runs.ts";
import { GATE_READERS, type GateRoutesDeps, PipelineParams } from "./gates.ts";

export interface GateHistoryDeps extends GateRoutesDeps {
  reader: Pick<GateReader, "gateEvidence" | "latestEvidence" | "gateHistory" | "decisionAt" | "readPolicy">;
}

interface EvaluateRequest {
  policy?: object;
  run_id?: string;
  while_running?: boolean;
  at?: string | number;
}

/** Bytes. Its lists are bounded too, and so is the work of holding them against a run. */
const LONGEST_POLICY = 1024 * 1024;

const checkEvaluate = compileCheck(EvaluateBody);

/** What a policy is tried on says what its upstreams say: to whom may ask them. */
function requireUpstream(caller: Caller, pipeline_name: string, upstream: string): void {
  requirePipeline(caller, upstream);
  if (upstream !== pipeline_name) return;
  const message = `${JSON.stringify(upstream)} given; a pipeline cannot depend on itself`;
  throw new SluiceError("invalid_body", `policy.depends_on: ${message}`, {
    errors: [{ path: "policy.depends_on", message }],
  });
}

/** What gates said, and what they would say. */
export function gateHistoryRoutes(app: TypedApp, deps: GateHistoryDeps): void {
  app.get(
    "/v1/gates/:pipeline_name/history",
    {
      config: { role: GATE_READERS },
      schema: {
        tags: ["gates"],
        summary: "Every new decision about the latest run with its reasons, evidence and policy, newest first",
        params: PipelineParams,
        querystring: Type.Object(
          { since: Type.Optional(Time), until: Type.Optional(Time), ...paging },
          { additionalProperties: false },
        ),
        response: { 200: ListOf(TransitionAnswer) },
      },
    },
    async (request) => {
      const { pipeline_name } = request.params;
      requirePipeline(request.caller, pipeline_name);
      const { query } = request;
      const after = decodeCursor(query.cursor, ["time", "key"]);
      const rows = await deps.reader.gateHistory({
        pipeline_name,
        since: timeParameter("since", query.since),
        until: timeParameter("until", query.until),
        after: after && { at: after[0], revision: after[1] },
        limit: query.limit + 1,
      });
      const { items, next_cursor } = page(rows, query.limit, (last) => [last.at, last.revision]);
      return { items: items.map((row) => transitionAnswer(pipeline_name, row)), next_cursor };
    },
  );

  app.post(
    "/v1/gates/:pipeline_name/evaluate",
    {
      config: { role: GATE_READERS, body_bytes: LONGEST_POLICY },
      schema: {
        tags: ["gates"],
        summary: "What this policy would say, or would have said at a past moment; nothing is stored",
        description:
          "With `at` the decision that stood then is made again: by its evidence, alerts and override and by the clock of that " +
          "moment, without upstreams, as it stands in the history.",
        params: PipelineParams,
        body: EvaluateBody,
        response: { 200: GateAnswer },
      },
    },
    async (request) => {
      const { pipeline_name } = request.params;
      requirePipeline(request.caller, pipeline_name);
      const body = readBody<EvaluateRequest>(checkEvaluate, request.body);
      const policy =
        body.policy === undefined
          ? deps.policies.of(pipeline_name).policy
          : mergePolicy(DEFAULT_POLICY, readOverlay(body.policy, "policy"));
      for (const upstream of policy.depends_on) requireUpstream(request.caller, pipeline_name, upstream);
      const { run_id = null, while_running = false } = body;
      const question = { pipeline_name, run_id, consumer: null, while_running };
      const at = readTime("at", body.at);
      const answer =
        at === null ? await evaluatePolicy(deps, policy, question) : await replayGate(deps, policy, question, at);
      return gateAnswer(answer, { ...deps, depends_on: () => policy.depends_on });
    },
  );

  app.get(
    "/v1/gate-policies/:policy_version",
    {
      config: { role: GATE_READERS },
      schema: {
        tags: ["gates"],
        summary: "A policy that decisions were made by",
        params: Type.Object({ policy_version: Type.String({ maxLength: 64 }) }),
        response: { 200: PolicyAnswer },
      },
    },
    async (request) => {
      const { policy_version } = request.params;
      const policy = await deps.reader.readPolicy(policy_version);
      const isSeen = policy?.depends_on.every((upstream) => maySee(request.caller, upstream));
      if (policy !== null && isSeen) return { policy_version, policy };
      throw new SluiceError("not_found", `policy_version: no decision was made by ${JSON.stringify(policy_version)}`);
    },
  );
}
