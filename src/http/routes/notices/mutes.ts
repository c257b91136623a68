import Type from "typebox";
import { ListOf } from "../../../contract/answers.ts";
import { compileCheck } from "../../../contract/check.ts";
import { ActorQuery, MuteAnswer, MuteBody } from "../../../contract/gate.ts";
import { REASON_CODES } from "../../../domain/gate/reason.ts";
import { nfc } from "../../../domain/words/nfc.ts";
import { cleanText, saidText } from "../../../domain/words/text.ts";
import { DAY, formatTime } from "../../../domain/words/time.ts";
import { SluiceError } from "../../../errors.ts";
import type { Clock, GateReader, Mute, MuteStore } from "../../../ports.ts";
import { actorOf } from "../../access/actor.ts";
import { type Caller, maySee, mayUseGlob } from "../../access/auth.ts";
import { sendNothing } from "../../answers/send.ts";
import { readBody, readExpiry } from "../../bodies/read-body.ts";
import type { TypedApp } from "../../server/typed-app.ts";
import { UUID } from "../gate/gates.ts";

export interface MuteRoutesDeps {
  mutes: MuteStore;
  reader: Pick<GateReader, "listMutes">;
  clock: Clock;
  newId: () => string;
}

const LONGEST_MUTE = 30 * DAY;
const MOST_MUTES = 1000;

interface NewMute {
  pipeline_name?: string;
  code?: string;
  reason: string;
  actor: string;
  expires_in?: string;
  expires_at?: string | number;
}

const checkMute = compileCheck(MuteBody);

/** Mutes keep notices from being sent; decisions stay as they are. */
export function muteRoutes(app: TypedApp, { mutes, reader, clock, newId }: MuteRoutesDeps): void {
  app.post(
    "/v1/mutes",
    {
      config: { role: "operate" },
      schema: { tags: ["gates"], summary: "Send no notices for a time", body: MuteBody, response: { 201: MuteAnswer } },
    },
    async (request, reply) => {
      const body = readBody<NewMute>(checkMute, request.body);
      const { code = null } = body;
      const pipeline_name = body.pipeline_name === undefined ? null : nfc(body.pipeline_name);
      if (code !== null && !(REASON_CODES as readonly string[]).includes(code)) {
        const message = `${JSON.stringify(code)} given; must be one of ${REASON_CODES.join(", ")}`;
        throw new SluiceError("invalid_body", `code: ${message}`, { errors: [{ path: "code", message }] });
      }
      requirePattern(request.caller, pipeline_name);
      const created_at = clock.now();
      await requireRoom(reader, created_at);
      const mute: Mute = {
        mute_id: newId(),
        pipeline_name,
        code,
        reason: saidText(body.reason),
        actor: cleanText(body.actor),
        created_at,
        expires_at: readExpiry(body, created_at, LONGEST_MUTE),
      };
      await mutes.addMute(mute, request.caller.scope || null);
      return reply.code(201).send(muteAnswer(mute));
    },
  );

  app.get(
    "/v1/mutes",
    {
      config: { role: ["read", "operate"] },
      schema: {
        tags: ["gates"],
        summary: "The mutes that hold now, newest first",
        response: { 200: ListOf(MuteAnswer) },
      },
    },
    async (request) => {
      const held = await reader.listMutes(clock.now());
      const seen = held.filter(
        ({ pipeline_name }) =>
          pipeline_name === null || maySee(request.caller, pipeline_name) || mayUseGlob(request.caller, pipeline_name),
      );
      return { items: seen.map(muteAnswer), next_cursor: null };
    },
  );

  app.delete(
    "/v1/mutes/:mute_id",
    {
      config: { role: "operate" },
      schema: {
        tags: ["gates"],
        summary: "End a mute before its time",
        params: Type.Object({
          mute_id: Type.String({ pattern: UUID, description: "the mute_id of an answer" }),
        }),
        querystring: ActorQuery,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { mute_id } = request.params;
      const mute = (await reader.listMutes(clock.now())).find((one) => one.mute_id === mute_id);
      if (mute !== undefined) requirePattern(request.caller, mute.pipeline_name);
      if (mute === undefined || !(await mutes.endMute(mute_id, actorOf(request), clock.now()))) {
        throw new SluiceError("not_found", `mute_id: ${JSON.stringify(mute_id)} is no mute that holds now`);
      }
      return sendNothing(reply);
    },
  );
}

/** Each trouble is held against all of them. */
async function requireRoom(reader: MuteRoutesDeps["reader"], now: number): Promise<void> {
  if ((await reader.listMutes(now)).length < MOST_MUTES) return;
  throw new SluiceError("limit_reached", `${MOST_MUTES} mutes hold now; end one with DELETE /v1/mutes/{mute_id} first`);
}

/** A mute is a glob: a key for some pipelines mutes no more than it may touch. */
function requirePattern(caller: Caller, pipeline_name: string | null): void {
  if (mayUseGlob(caller, pipeline_name)) return;
  const given = pipeline_name === null ? "missing" : `${JSON.stringify(pipeline_name)} given`;
  const wanted = "the name of one of its pipelines, or one of these as it is written";
  const own = caller.pipelines!.join(", ");
  throw new SluiceError("forbidden", `pipeline_name: ${given}; this API key is for ${own}: must be ${wanted}`);
}

function muteAnswer({ created_at, expires_at, ...mute }: Mute) {
  return { ...mute, created_at: formatTime(created_at), expires_at: formatTime(expires_at) };
}
