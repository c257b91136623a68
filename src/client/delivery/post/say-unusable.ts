import type { Unusable } from "./post-reports.ts";

/** Parts that are named: whoever has more of them has heard enough. */
const MOST_SAID = 100;

/** Says each part once. */
export function sayUnusable(warn: (message: string) => void): (parts: readonly Unusable[]) => void {
  const said = new Set<string>();
  return (parts) => {
    for (const { item, code, detail } of parts) {
      const key = JSON.stringify([code, item]);
      if (said.has(key) || said.size === MOST_SAID) continue;
      said.add(key);
      warn(unusableText({ item, code, detail }));
    }
  };
}

export function unusableText({ item, code, detail }: Omit<Unusable, "line">): string {
  return `the agent could not use ${item} (${code}: ${detail}); the gate of its run says so`;
}
