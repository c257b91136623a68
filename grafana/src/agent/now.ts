import { BigValueTextMode } from "@grafana/grafana-foundation-sdk/common";
import { MappingType, type ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import { COLOURS } from "../lib/colours.ts";
import { count, stat } from "../lib/panels.ts";
import { now, own } from "../lib/sources.ts";
import { NO_DATA } from "../lib/states.ts";

function yesOrNo(no: string, yes: string): ValueMapping[] {
  const options = {
    "0": { text: no, color: COLOURS.act, index: 0 },
    "1": { text: yes, color: COLOURS.good, index: 1 },
  };
  return [{ type: MappingType.ValueToText, options }, NO_DATA];
}

export const agentUp = stat({
  title: "Scraped",
  description: "Does Prometheus reach the agent? Down: nothing below is current.",
  targets: [now(`min(${own("up")})`, "agent")],
  unit: "none",
}).mappings(yesOrNo("down", "up"));

export const agents = stat({
  title: "Agents",
  description: "Agents that work on the database, as they hear of each other. More than Prometheus scrapes: add them.",
  targets: [now(`max(${own("sluice_agents")})`, "agents")],
  unit: "none",
}).decimals(0);

export const storeUp = stat({
  title: "Store",
  description: "Does Postgres answer the agent? While it is down reports are refused with 503, and clients keep them.",
  targets: [now(`min(${own("sluice_store_up")})`, "store")],
  unit: "none",
}).mappings(yesOrNo("down", "up"));

export const configuration = stat({
  title: "Configuration",
  description:
    "Was the configuration right when it was last read? Wrong: the one before it still holds; the log says why.",
  targets: [now(`min(${own("sluice_config_last_reload_successful")})`, "configuration")],
  unit: "none",
}).mappings(yesOrNo("wrong", "right"));

export const queueNow = stat({
  title: "Reports waiting",
  description:
    "Reports that wait for their commit now. Reports arrive faster than they are stored if this keeps growing.",
  targets: [now(`sum(${own("sluice_queue_reports")})`, "waiting")],
  unit: "short",
}).decimals(0);

export const noticesWaiting = stat({
  title: "Notices waiting",
  description: "Notices that have not been delivered yet.",
  targets: [now(`sum(${own("sluice_notices_pending")})`, "waiting")],
  unit: "short",
  empty: "no channel",
}).decimals(0);

export const dead = count({
  title: "Notices given up",
  description:
    "Notices in this time range that could not be delivered at all: somebody was not told. The page lists them with the reason.",
  targets: [now(`round(sum(increase(${own("sluice_notices_total", 'outcome="dead"')}[$__range])))`, "given up")],
  some: COLOURS.act,
  empty: "no channel",
});

export const version = stat({
  title: "Version",
  description: "Which version of the agent runs.",
  targets: [now(`count by (version) (${own("sluice_build_info")})`, "{{version}}")],
  unit: "none",
}).textMode(BigValueTextMode.Name);
