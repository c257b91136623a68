import type { Losses } from "../../losses/losses.ts";
import { lineWithLost, takeBackLost } from "../../losses/say-lost.ts";
import type { AgentContract } from "./agent-contract.ts";
import type { Posted } from "./post-reports.ts";

export interface FittingDeps {
  post: (lines: string[]) => Promise<Posted>;
  contract: AgentContract;
  losses: Losses;
}

/** `reduced`: reports that went without a field that the agent does not know. */
export type Fitted = Posted & { reduced: number };

/**
 * Sends lines as this agent can take them: ends of runs with what was lost meanwhile, and without fields that the agent does not
 * know. Where it turns out only now that it does not know them, they are left out and sent again once. The lines that come
 * back are the ones given.
 */
export async function postFitting(lines: readonly string[], deps: FittingDeps): Promise<Fitted> {
  const { contract, losses } = deps;
  const given = new Map<string, string>();
  const amended = new Set<string>();
  let reduced = 0;
  const outgoing = lines.map((line) => {
    const whole = lineWithLost(line, losses);
    const fit = contract.fit(whole);
    if (fit !== whole) reduced++;
    else if (whole !== line) amended.add(whole);
    if (fit !== line) given.set(fit, line);
    return fit;
  });
  const posted = await sendFitting(outgoing, deps);
  for (const line of posted.again?.lines ?? []) if (amended.has(line)) takeBackLost(line, losses);
  const back = (line: string) => given.get(line) ?? line;
  return {
    ...posted,
    refused: posted.refused.map(({ line, refusal }) => ({ line: back(line), refusal })),
    unusable: posted.unusable.map((part) => ({ ...part, line: back(part.line) })),
    again: posted.again && { ...posted.again, lines: posted.again.lines.map(back) },
    reduced: posted.reduced + reduced,
  };
}

async function sendFitting(lines: string[], { post, contract }: FittingDeps): Promise<Fitted> {
  const first = await post(lines);
  contract.answered(first.contract);
  const shorter = new Map<string, string>();
  for (const { line, refusal } of first.refused) {
    const without = refusal.code === "invalid_report" ? contract.fallback(line) : null;
    if (without !== null) shorter.set(without, line);
  }
  if (shorter.size === 0) return { ...first, reduced: 0 };
  const second = await post([...shorter.keys()]);
  contract.answered(second.contract);
  if (second.accepted + second.duplicates > 0) contract.isOldest();
  const whole = (line: string) => shorter.get(line) ?? line;
  const sentAgain = new Set(shorter.values());
  const later = (second.again?.lines ?? []).map(whole);
  return {
    accepted: first.accepted + second.accepted,
    duplicates: first.duplicates + second.duplicates,
    refused: [
      ...first.refused.filter(({ line }) => !sentAgain.has(line)),
      ...second.refused.map(({ line, refusal }) => ({ line: whole(line), refusal })),
    ],
    unusable: [...first.unusable, ...second.unusable.map((part) => ({ ...part, line: whole(part.line) }))],
    again:
      first.again === null && second.again === null
        ? null
        : { ...(first.again ?? second.again)!, lines: [...(first.again?.lines ?? []), ...later] },
    contract: second.contract ?? first.contract,
    reduced: second.accepted + second.duplicates,
  };
}
