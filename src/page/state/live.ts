import { type EventMessage, readEvents } from "../api/events.ts";
import { AgentProblem } from "../api/problem.ts";
import { askStream } from "../api/request.ts";
import type { ShownGate } from "../api/types.ts";
import { agentAnswered, generation, live, silentSince } from "./connection.ts";
import { gateChanged, gates, gatesComplete, loadGates } from "./gates.ts";

/** The agent says something every 15 s, if only that it is there. */
const SILENCE_MS = 40_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
const POLL_MS = 10_000;

type Listener = (event: EventMessage) => void;
const listeners = new Set<Listener>();

/** Tells of every run, verdict and gate; answers how to stop. */
export function onEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The last event that was told; null: none, or by an agent that names none. */
let lastEventId: string | null = null;

/** Follows the agent until `stop` is aborted: over breaks, restarts, and where it tells nothing, by asking. */
export async function followAgent(stop: AbortSignal): Promise<void> {
  let pause = FIRST_PAUSE_MS;
  lastEventId = null;
  while (!stop.aborted) {
    const began = Date.now();
    try {
      // That it ended is no silence yet: another agent may answer, or this one again.
      await listen(stop);
    } catch (error) {
      if (stop.aborted) return;
      if (error instanceof AgentProblem && error.status !== 503) {
        live.value = "polling";
        if (error.status !== 401) await poll(stop);
        return;
      }
    }
    if (stop.aborted) return;
    live.value = "connecting";
    if (Date.now() - began > LONGEST_PAUSE_MS) pause = FIRST_PAUSE_MS;
    await rest(pause, stop);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

async function listen(stop: AbortSignal): Promise<void> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    let goesOn = lastEventId !== null;
    const stream = await askStream("/v1/events", lastEventId, AbortSignal.any([stop, silence.signal]));
    live.value = "live";
    // What changed between the last answer and this stream would otherwise be missed.
    if (!goesOn) readAgain();
    for await (const event of readEvents(stream)) {
      // An agent of an older version knows nothing of the past, and does not say so.
      if (goesOn && event.id === null) readAgain();
      goesOn = false;
      lastEventId = event.id ?? lastEventId;
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      agentAnswered();
      take(event);
    }
  } finally {
    clearTimeout(timer);
  }
}

function readAgain(): void {
  if (gatesComplete.peek()) generation.value++;
}

function take(event: EventMessage): void {
  if (event.type === "alive") return;
  if (event.type === "reset") {
    generation.value++;
    return;
  }
  if (event.type === "gate") gateChanged(event.data as unknown as ShownGate);
  else if (!gates.peek()?.has(String(event.data.pipeline_name))) soonLoadGates();
  for (const listener of listeners) listener(event);
}

let soon: ReturnType<typeof setTimeout> | null = null;

/** A pipeline that is not on the board yet. */
function soonLoadGates(): void {
  if (soon !== null) return;
  soon = setTimeout(() => {
    soon = null;
    loadGates().catch(() => {});
  }, 300);
}

async function poll(stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await rest(POLL_MS, stop);
    if (document.visibilityState === "visible" && !stop.aborted) generation.value++;
  }
}

/** Ends early when the network is back or the page is looked at again. */
function rest(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      for (const name of ["online", "visibilitychange"]) removeEventListener(name, early, true);
      stop.removeEventListener("abort", end);
      resolve();
    };
    const early = () => {
      if (silentSince.value !== null) end();
    };
    const timer = setTimeout(end, ms);
    for (const name of ["online", "visibilitychange"]) addEventListener(name, early, true);
    stop.addEventListener("abort", end);
  });
}
