import { computed, signal } from "@preact/signals";
import type { Whoami } from "../api/types.ts";

const KEY = "sluice_api_key";

/** Kept as long as the tab: whoever comes after finds none. */
export const apiKey = signal<string | null>(sessionStorage.getItem(KEY));
export const whoami = signal<Whoami | null>(null);
/** Why the agent wants a key, when it does. */
export const keyWanted = signal<{ detail: string | null } | null>(null);

export function signedOut(detail: string | null): void {
  sessionStorage.removeItem(KEY);
  apiKey.value = null;
  whoami.value = null;
  keyWanted.value = { detail };
}

export function useKey(key: string): void {
  apiKey.value = key;
  keyWanted.value = null;
}

/** Only a key that the agent knows is kept. */
export function signedIn(answer: Whoami): void {
  if (apiKey.value !== null) sessionStorage.setItem(KEY, apiKey.value);
  whoami.value = answer;
  keyWanted.value = null;
}

const has = (...roles: string[]) =>
  computed(() => whoami.value?.roles.some((role) => role === "admin" || roles.includes(role)) ?? false);

export const mayRead = has("read");
export const mayOperate = has("operate");
export const mayAdminister = has("admin");
