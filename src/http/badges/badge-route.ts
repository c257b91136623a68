import Type from "typebox";
import { Name } from "../../contract/fields.ts";
import { DAY } from "../../domain/words/time.ts";
import type { Clock, Reader } from "../../ports.ts";
import { type ReadGateDeps, readGate } from "../../service/gate/answer/read-gate.ts";
import { type SlaTargets, slaOfPipeline } from "../../service/sla/read-sla.ts";
import { requirePipeline } from "../access/auth.ts";
import type { TypedApp } from "../server/typed-app.ts";
import { BADGE_COLORS, badgeSvg } from "./badge-svg.ts";
import { gateBadge } from "./gate-badge.ts";
import { isolated, nameOnBadge } from "./name-on-badge.ts";
import { slaBadge } from "./sla-badge.ts";

export interface BadgeRouteDeps {
  gates: ReadGateDeps;
  reader: Reader;
  targets: () => SlaTargets;
  clock: Clock;
  /** Ask for an API key here too: a README sends none. */
  require_key: boolean;
}

const SLA_DAYS = 30;

export function badgeRoute(app: TypedApp, deps: BadgeRouteDeps): void {
  app.get(
    "/badge/:pipeline_name.svg",
    {
      config: { role: deps.require_key ? "read" : "none" },
      schema: {
        tags: ["gates"],
        summary: "The gate or the SLA of a pipeline as a picture, for READMEs and wikis",
        produces: ["image/svg+xml"],
        params: Type.Object({ pipeline_name: Name }),
        querystring: Type.Object(
          { kind: Type.Optional(Type.Enum(["gate", "sla"], { description: "gate (default) or sla" })) },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      const { pipeline_name } = request.params;
      const { kind = "gate" } = request.query;
      if (deps.require_key) requirePipeline(request.caller, pipeline_name);
      const svg = await badgeOf(deps, pipeline_name, kind);
      return (
        reply
          .header("content-type", "image/svg+xml; charset=utf-8")
          // Also in the caches in front of a README: a gate that has closed is not shown open.
          .header("cache-control", "no-cache")
          // It is made to be shown elsewhere.
          .header("cross-origin-resource-policy", "cross-origin")
          .send(svg)
      );
    },
  );
}

async function badgeOf(deps: BadgeRouteDeps, pipeline_name: string, kind: "gate" | "sla"): Promise<string> {
  if ((await deps.reader.readPipeline(pipeline_name)) === null) return missingBadge(pipeline_name);
  if (kind === "gate") {
    const question = { pipeline_name, run_id: null, consumer: null, while_running: false };
    const { decision, override } = await readGate(deps.gates, question);
    return gateBadge({ pipeline_name, decision, overridden: override !== null });
  }
  const to = deps.clock.now();
  const window = { from: to - SLA_DAYS * DAY, to, kind: "quality" as const, check_name: null, by_day: false };
  const { rate, target, state } = await slaOfPipeline(deps, window, pipeline_name);
  return slaBadge({ pipeline_name, days: SLA_DAYS, rate, target, state });
}

/** For a name that nobody has reported under: an image says it better than an error, which a README shows as a broken picture. */
export function missingBadge(pipeline_name: string): string {
  return badgeSvg({
    label: nameOnBadge(pipeline_name),
    message: "? no such pipeline",
    color: BADGE_COLORS.unknown,
    title: `${isolated(pipeline_name)}: no such pipeline has reported`,
  });
}
