import { randomBytes } from "node:crypto";
import type { OutgoingHttpHeaders } from "node:http";
import type { FastifyRequest } from "fastify";
import type { AgentEvent, AgentEvents } from "../../../service/after-commit/agent-events.ts";
import { runAnswer } from "../../../service/commit/run-answer.ts";
import type { ListGatesDeps } from "../../../service/gate/answer/list-gates.ts";
import { readGate } from "../../../service/gate/answer/read-gate.ts";
import { maySee } from "../../access/auth.ts";
import { type GateSurroundings, gateAnswer } from "../../answers/gate-answer.ts";
import { EventFeed } from "../../events/event-feed.ts";
import { type ListenerLimits, ListenerPlaces } from "../../events/listener-places.ts";
import type { TypedApp } from "../../server/typed-app.ts";

export interface EventRoutesDeps extends ListGatesDeps, GateSurroundings {
  agentEvents: AgentEvents;
  listeners: ListenerLimits & {
    /** Milliseconds that data may wait for a listener to take it. */
    timeout: number;
  };
}

/** Server-sent events: what was committed from now on, or after `Last-Event-ID`. Whoever missed some is told to read the lists again. */
export function eventsRoute(app: TypedApp, deps: EventRoutesDeps): { stop(): void } {
  const feed = new EventFeed({
    agentEvents: deps.agentEvents,
    dataOf: (event) => dataOf(event, deps),
    timeout: deps.listeners.timeout,
    now: () => deps.clock.now(),
    life: randomBytes(6).toString("hex"),
  });
  const places = new ListenerPlaces(deps.listeners);
  app.get(
    "/v1/events",
    {
      config: { role: "read" },
      schema: {
        tags: ["events"],
        summary: "Runs, drift verdicts and gates as they change (server-sent events)",
        description:
          "Each event has an id. Who comes back with it in `Last-Event-ID` is told what came after it where this agent still knows that, else the event `reset`: read the lists again.",
        produces: ["text/event-stream"],
      },
    },
    (request, reply) => {
      const giveBack = places.take(listenerKey(request));
      reply.hijack();
      request.held = true;
      const { raw } = reply;
      raw.writeHead(200, {
        ...(reply.getHeaders() as OutgoingHttpHeaders),
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      });
      const { caller } = request;
      feed.add(raw, {
        maySee: caller.pipelines === null ? null : (name) => maySee(caller, name),
        lastEventId: lastEventIdOf(request),
        onGone: giveBack,
      });
    },
  );
  return { stop: () => feed.stop() };
}

/** What an EventSource sends by itself when it comes back. */
function lastEventIdOf({ headers }: FastifyRequest): string | null {
  const given = headers["last-event-id"];
  return typeof given === "string" && given !== "" ? given : null;
}

/** By API key, else by address. */
function listenerKey({ caller, ip }: FastifyRequest): string {
  return caller.scope === "" ? ip : `key ${caller.scope}`;
}

function dataOf(event: AgentEvent, deps: EventRoutesDeps): object | Promise<object> {
  if (event.event === "run") return runAnswer(event.data);
  const { pipeline_name } = event;
  if (event.event === "verdict") {
    const { feature_name, verdict, psi, p_value, threshold, n_current } = event.data;
    return { pipeline_name, feature_name, verdict, psi, p_value, threshold, n_current };
  }
  return gateData(pipeline_name, deps);
}

async function gateData(pipeline_name: string, deps: EventRoutesDeps): Promise<object> {
  const question = { pipeline_name, run_id: null, consumer: null, while_running: false };
  return gateAnswer(await readGate(deps, question), deps);
}
