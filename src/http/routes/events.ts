import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { AgentEvent, EventHub } from "../../service/event-hub.ts";
import type { GateDeps } from "../../service/list-gates.ts";
import { readGate } from "../../service/read-gate.ts";
import { runAnswer } from "../../service/run-answer.ts";
import { maySee } from "../auth.ts";
import { type GateSurroundings, gateAnswer } from "../gate-answer.ts";

export interface EventRoutesDeps extends GateDeps, GateSurroundings {
  hub: EventHub;
}

/** Proxies close connections on which nothing is said. */
const HEARTBEAT_MS = 15_000;
/** Unsent bytes past which a listener is too slow and is let go; it comes back and reads what stands. */
const MOST_UNSENT_BYTES = 1_048_576;

/** Server-sent events: what was committed from now on. Whoever missed some reads the lists again. */
export function eventsRoute(app: FastifyInstance, deps: EventRoutesDeps): { stop(): void } {
  const open = new Set<ServerResponse>();
  app.get(
    "/v1/events",
    {
      config: { role: "read" },
      schema: {
        tags: ["events"],
        summary: "Runs, drift verdicts and gates as they change (server-sent events)",
        produces: ["text/event-stream"],
      },
    },
    (request, reply) => {
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        ...(reply.getHeaders() as OutgoingHttpHeaders),
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      });
      open.add(raw);
      follow(request, raw, deps)
        .finally(() => open.delete(raw))
        .catch(() => raw.destroy());
    },
  );
  return {
    stop() {
      for (const raw of open) raw.end();
    },
  };
}

function follow(request: FastifyRequest, raw: ServerResponse, deps: EventRoutesDeps): Promise<void> {
  const say = (text: string) => {
    if (raw.destroyed) return;
    raw.write(text);
    if (raw.writableLength > MOST_UNSENT_BYTES) raw.destroy();
  };
  // One after the other: no older word about a gate comes after a newer one.
  let said = Promise.resolve();
  const stopListening = deps.hub.listen((event) => {
    if (!maySee(request.caller, event.pipeline_name)) return;
    said = said
      .then(() => dataOf(event, deps))
      .then((data) => say(`event: ${event.event}\ndata: ${JSON.stringify(data)}\n\n`))
      // The store is away, so nobody knows what the gate says: whoever listens comes back and reads it.
      .catch(() => void raw.destroy());
  });
  const heartbeat = setInterval(() => say(": still here\n\n"), HEARTBEAT_MS);
  say(": connected\n\n");
  return new Promise((resolve) => {
    raw.once("close", () => {
      stopListening();
      clearInterval(heartbeat);
      resolve();
    });
  });
}

async function dataOf(event: AgentEvent, deps: EventRoutesDeps): Promise<object> {
  if (event.event === "run") return runAnswer(event.data);
  if (event.event === "verdict") {
    const { feature_name, verdict, psi, p_value, threshold, n_current } = event.data;
    return { pipeline_name: event.pipeline_name, feature_name, verdict, psi, p_value, threshold, n_current };
  }
  const { pipeline_name } = event;
  return gateAnswer(await readGate(deps, { pipeline_name, run_id: null, consumer: null, while_running: false }), deps);
}
