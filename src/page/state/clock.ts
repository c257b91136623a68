import { signal } from "@preact/signals";

const STEP_MS = 10_000;

/** Milliseconds, moving every ten seconds, so that "3 min ago" stays true. */
export const now = signal(Date.now());

export function startClock(): void {
  setInterval(() => {
    now.value = Date.now();
  }, STEP_MS);
  document.addEventListener("visibilitychange", () => {
    now.value = Date.now();
  });
}
