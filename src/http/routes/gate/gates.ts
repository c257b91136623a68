import type { FastifyReply } from "fastify";
import Type from "typebox";
import { ListOf } from "../../../contract/answers.ts";
import { compileCheck, show } from "../../../contract/check.ts";
import { Name, RunId } from "../../../contract/fields.ts";
import { GateAnswer as GateAnswerSchema } from "../../../contract/gate.ts";
import { DECISIONS } from "../../../domain/gate/assess.ts";
import { SluiceError } from "../../../errors.ts";
import { type ListGatesDeps, readListed } from "../../../service/gate/answer/list-gates.ts";
import { type GateRequest, readGate } from "../../../service/gate/answer/read-gate.ts";
import { waitForGate } from "../../../service/gate/answer/wait-for-gate.ts";
import type { GateAnswer } from "../../../service/gate/gate-views.ts";
import { type Caller, maySee, requirePipeline } from "../../access/auth.ts";
import { type GateSurroundings, gateAnswer, reasonsText } from "../../answers/gate-answer.ts";
import { gateBodies, JSON_TYPE } from "../../answers/gate-body.ts";
import { sendText } from "../../answers/send.ts";
import { decodeCursor, page } from "../../parameters/cursor.ts";
import type { TypedApp } from "../../server/typed-app.ts";
import { untilGone } from "../../server/until-gone.ts";
import { paging } from "../runs/runs.ts";

export interface GateRoutesDeps extends ListGatesDeps, GateSurroundings {}

export const PipelineParams = Type.Object({ pipeline_name: Name });
export const UUID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$";
/** Who reports may ask what it led to. */
export const GATE_READERS = ["read", "report", "operate"] as const;

/** The longest a request waits for a decision. */
const LONGEST_WAIT_SECONDS = 300;

const question = Type.Object(
  {
    run_id: Type.Optional(Type.String({ description: "the run it is about; the latest without it" })),
    wait: Type.Optional(
      Type.String({
        pattern: "^\\d{1,4}[sm]?$",
        description: `how long to wait while the decision is pending: 30s, 5m; at most ${LONGEST_WAIT_SECONDS}s`,
      }),
    ),
    while_running: Type.Optional(
      Type.Boolean({
        description: "true or false: decide on the evidence so far; the task that asks is a part of the run",
      }),
    ),
    consumer: Type.Optional(Name),
  },
  { additionalProperties: false },
);

interface GateQuestion {
  caller: Caller;
  params: { pipeline_name: string };
  query: Type.Static<typeof question>;
}

const TEXT = { produces: ["text/plain"] };

const checkRunId = compileCheck(RunId);

export function gateRoutes(app: TypedApp, deps: GateRoutesDeps): void {
  const route = <A extends object>(summary: string, answers: A) => ({
    config: { role: GATE_READERS },
    schema: { tags: ["gates"], summary, params: PipelineParams, querystring: question, ...answers },
  });

  const bodyOf = gateBodies(deps);

  app.get(
    "/v1/gates",
    {
      config: { role: "read" },
      schema: {
        tags: ["gates"],
        summary: "What every gate says about the latest run, by name",
        querystring: Type.Object(
          {
            decision: Type.Optional(Type.Enum([...DECISIONS], { description: `one of ${DECISIONS.join(", ")}` })),
            ...paging,
          },
          { additionalProperties: false },
        ),
        response: { 200: ListOf(GateAnswerSchema) },
      },
    },
    async (request) => {
      const { decision, limit, cursor } = request.query;
      const after = decodeCursor(cursor, ["name"])?.[0] ?? null;
      const rows = await readListed(deps, {
        after,
        limit: limit + 1,
        decision: decision ?? null,
        maySee: (name) => maySee(request.caller, name),
      });
      const { items, next_cursor } = page(rows, limit, (last) => [last.pipeline_name]);
      return { items: items.map((item) => gateAnswer(item, deps)), next_cursor };
    },
  );

  app.get(
    "/v1/gates/:pipeline_name",
    route("May the next step run? Always 200; `allowed` says", { response: { 200: GateAnswerSchema } }),
    async (request, reply) => {
      const answer = await ask(deps, request, reply);
      return sendText(reply, JSON_TYPE, bodyOf(answer));
    },
  );

  app.get(
    "/v1/gates/:pipeline_name/check",
    route("The same with a status: 200 allowed, 423 not, for `curl -fsS … && next-step`", {
      response: { 200: GateAnswerSchema, 423: GateAnswerSchema },
    }),
    async (request, reply) => {
      const answer = await ask(deps, request, reply);
      return sendText(reply.code(answer.allowed ? 200 : 423), JSON_TYPE, bodyOf(answer));
    },
  );

  app.get("/v1/gates/:pipeline_name/reasons.txt", route("The same for a terminal", TEXT), async (request, reply) => {
    const text = reasonsText(await ask(deps, request, reply));
    return sendText(reply, "text/plain; charset=utf-8", text);
  });
}

function ask(
  deps: GateRoutesDeps,
  { caller, params, query }: GateQuestion,
  reply: FastifyReply,
): GateAnswer | Promise<GateAnswer> {
  const { pipeline_name } = params;
  requirePipeline(caller, pipeline_name);
  const { run_id, wait, while_running = false, consumer = null } = query;
  const asked: GateRequest = { pipeline_name, run_id: readRunId(run_id), consumer, while_running };
  const seconds = waitSeconds(wait);
  if (seconds === 0) return readGate(deps, asked);
  reply.request.held = true;
  return waitForGate(deps, asked, seconds * 1000, untilGone(reply));
}

/** In a query a + is a space: Airflow's ids end with an offset such as +00:00. */
function readRunId(text: string | undefined): string | null {
  if (text === undefined) return null;
  const run_id = text.replaceAll(" ", "+");
  const errors = checkRunId(run_id);
  if (errors === null) return run_id;
  throw new SluiceError("invalid_query", `run_id: ${errors[0]!.message}`, {
    errors: errors.map(({ message }) => ({ path: "run_id", message })),
  });
}

function waitSeconds(text: string | undefined): number {
  if (text === undefined) return 0;
  const seconds = Number.parseInt(text, 10) * (text.endsWith("m") ? 60 : 1);
  if (seconds <= LONGEST_WAIT_SECONDS) return seconds;
  throw new SluiceError(
    "invalid_query",
    `wait: ${show(text)} given; must be at most ${LONGEST_WAIT_SECONDS}s; ask again after it`,
  );
}
