import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard } from "./lib/board.ts";
import { agentUrl, choice, datasource, instance, job, pipelineName } from "./lib/variables.ts";
import { budgetLeft, budgetOverTime, checkRates, ratesNow, ratesOverTime } from "./sla/rates.ts";
import { calendar, days, totals } from "./sla/stored.ts";

const KINDS = ["quality", "run", "drift", "freshness", "volume", "latency"];

export function sla(agent_url: string): Dashboard {
  return dashboard({
    uid: "sluice-sla",
    title: "Sluice / SLA",
    description: "What share of the results passed, against the target, and how much of the error budget is left.",
    from: "now-30d",
    refresh: "5m",
    variables: [
      datasource(),
      job(),
      instance(),
      pipelineName(),
      choice("window", "Window", "How far back the exported rates look.", ["30d", "7d"]),
      choice("kind", "Kind", "What is counted in the calendar and the table.", KINDS),
      agentUrl(agent_url),
    ],
    sections: [
      {
        strips: [
          {
            height: 9,
            panels: [
              [12, ratesNow],
              [12, budgetLeft],
            ],
          },
          {
            height: 8,
            panels: [
              [12, ratesOverTime],
              [12, budgetOverTime],
            ],
          },
        ],
      },
      {
        title: "By day and by check",
        strips: [
          { height: 9, panels: [[24, calendar]] },
          {
            height: 9,
            panels: [
              [12, days],
              [12, checkRates],
            ],
          },
          { height: 10, panels: [[24, totals]] },
        ],
      },
    ],
  });
}
