import { signal } from "@preact/signals";

/** Milliseconds; null: the agent answers. */
export const silentSince = signal<number | null>(null);
/** How changes arrive: told by the agent, asked for, or not (yet). */
export const live = signal<"connecting" | "live" | "polling">("connecting");
/** Rises when the agent is back, so that whatever is shown is asked for again. */
export const generation = signal(0);
/** Milliseconds; null: nothing yet. */
export const lastAnswerAt = signal<number | null>(null);

export function agentAnswered(): void {
  lastAnswerAt.value = Date.now();
  if (silentSince.value === null) return;
  silentSince.value = null;
  generation.value++;
}

export function agentSilent(): void {
  silentSince.value ??= Date.now();
}
