import { DigestAnswer, DigestQuery } from "../../../contract/digest.ts";
import { type Digest, digestTitle } from "../../../domain/notices/digest.ts";
import { formatTime } from "../../../domain/words/time.ts";
import { SluiceError } from "../../../errors.ts";
import type { Clock } from "../../../ports.ts";
import { DIGEST_LENGTH, type DigestDeps, readDigest } from "../../../service/notices/read-digest.ts";
import { allowedPatterns } from "../../access/auth.ts";
import { sendText } from "../../answers/send.ts";
import type { TypedApp } from "../../server/typed-app.ts";

export interface DigestRouteDeps extends DigestDeps {
  clock: Clock;
  /** Names of the configured teams. */
  teams: () => readonly string[];
  /** As a mail shows it. */
  show: { html: (digest: Digest, now: number) => string; text: (digest: Digest, now: number) => string };
}

/** The page is made here from names that others chose: it runs nothing and asks for nothing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";

export function digestRoute(app: TypedApp, deps: DigestRouteDeps): void {
  app.get(
    "/v1/digest",
    {
      config: { role: "read" },
      schema: {
        tags: ["notices"],
        summary: "How pipelines did in the day or week before now (JSON, HTML or text)",
        querystring: DigestQuery,
        response: { 200: DigestAnswer },
      },
    },
    async (request, reply) => {
      const { period, team = null } = request.query;
      const teams = deps.teams();
      if (team !== null && !teams.includes(team)) {
        const known = teams.length === 0 ? "none is configured" : `must be one of ${teams.join(", ")}`;
        throw new SluiceError("invalid_query", `team: ${JSON.stringify(team)} given; ${known}`);
      }
      const allowed = allowedPatterns(request.caller);
      const now = deps.clock.now();
      const digest = await readDigest(deps, { period, team, from: now - DIGEST_LENGTH[period], to: now, allowed });
      const accepted = request.headers.accept ?? "";
      if (/\btext\/html\b/.test(accepted)) {
        reply.header("content-security-policy", POLICY);
        return sendText(reply, "text/html; charset=utf-8", deps.show.html(digest, now));
      }
      if (!/\btext\/plain\b/.test(accepted)) return digestAnswer(digest);
      return sendText(reply, "text/plain; charset=utf-8", deps.show.text(digest, now));
    },
  );
}

function digestAnswer(digest: Digest) {
  const { period, team, from, to, totals, sla, features, blocked, overrides, silent } = digest;
  const at = <T extends { at: number }>(row: T) => ({ ...row, at: formatTime(row.at) });
  return {
    period,
    team,
    from: formatTime(from),
    to: formatTime(to),
    title: digestTitle(digest),
    totals,
    sla,
    features: features.map(at),
    blocked: blocked.map(at),
    overrides: overrides.map((row) => ({
      ...row,
      created_at: formatTime(row.created_at),
      expires_at: formatTime(row.expires_at),
    })),
    silent: silent.map((row) => ({ ...row, last_run_at: formatTime(row.last_run_at) })),
  };
}
