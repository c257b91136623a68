import { computed, signal } from "@preact/signals";
import { askJson, url } from "../api/request.ts";
import type { List, ShownGate } from "../api/types.ts";

/** By pipeline; null: not asked yet. */
export const gates = signal<ReadonlyMap<string, ShownGate> | null>(null);
/** Whether all of them are here: the agent hands them out in parts. */
export const gatesComplete = signal(false);

const PART = 1000;

export async function loadGates(signal?: AbortSignal): Promise<void> {
  const loaded = new Map<string, ShownGate>();
  const meanwhile: ShownGate[] = [];
  arriving.add(meanwhile);
  try {
    await loadParts(loaded, signal);
  } finally {
    arriving.delete(meanwhile);
  }
  gates.value = withChanges(loaded, meanwhile);
  gatesComplete.value = true;
}

async function loadParts(loaded: Map<string, ShownGate>, signal?: AbortSignal): Promise<void> {
  let cursor: string | undefined;
  do {
    const path = url(["gates"], { limit: PART, cursor });
    const { items, next_cursor } = await askJson<List<ShownGate>>(path, signal === undefined ? {} : { signal });
    for (const gate of items) loaded.set(gate.pipeline_name, gate);
    cursor = next_cursor ?? undefined;
    // What is there is shown at once; a board that was complete before is not made shorter meanwhile.
    if (!gatesComplete.peek()) gates.value = new Map(loaded);
  } while (cursor !== undefined);
}

/** What is told while the parts are fetched is newer than they are; one list for each loading that is under way. */
const arriving = new Set<ShownGate[]>();
let waiting: ShownGate[] = [];

/** Many may come at once; they are shown together, in the next frame. */
export function gateChanged(gate: ShownGate): void {
  for (const list of arriving) list.push(gate);
  waiting.push(gate);
  if (waiting.length === 1) setTimeout(showWaiting, 50);
}

function showWaiting(): void {
  const changed = waiting;
  waiting = [];
  if (gates.value !== null) gates.value = withChanges(gates.value, changed);
}

function withChanges(
  known: ReadonlyMap<string, ShownGate>,
  changed: readonly ShownGate[],
): ReadonlyMap<string, ShownGate> {
  const next = new Map(known);
  for (const gate of changed) next.set(gate.pipeline_name, gate);
  return next;
}

/** By pipeline: those that name it in `depends_on`. */
export const downstreams = computed<ReadonlyMap<string, string[]>>(() => {
  const found = new Map<string, string[]>();
  for (const { pipeline_name, depends_on } of gates.value?.values() ?? []) {
    for (const upstream of depends_on) found.set(upstream, [...(found.get(upstream) ?? []), pipeline_name]);
  }
  return found;
});
