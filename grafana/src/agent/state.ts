import { COLOURS } from "../lib/colours.ts";
import { fixed, lines, timeline } from "../lib/panels.ts";
import { own, range } from "../lib/sources.ts";
import { codeMappings, GATE, LEASE } from "../lib/states.ts";

const ended = (metric: string, by: string, matchers = "") =>
  `sum by (${by}) (increase(${own(metric, matchers)}[$__rate_interval]))`;

export const gates = lines({
  title: "Gate decisions",
  description: "How often gates changed to each decision.",
  targets: [range(ended("gate_decisions_total", "decision"), "{{decision}}")],
  unit: "short",
})
  .overrideByName("pass", fixed(GATE.pass.color))
  .overrideByName("warn", fixed(GATE.warn.color))
  .overrideByName("block", fixed(GATE.block.color))
  .overrideByName("pending", fixed(GATE.pending.color))
  .overrideByName("unknown", fixed(GATE.unknown.color));

export const waiters = lines({
  title: "Requests waiting for a gate",
  description: "Steps that asked with `wait` and are held until their gate is decided.",
  targets: [range(`sum by (instance) (${own("sluice_gate_waiters")})`, "{{instance}}")],
  unit: "short",
});

export const notices = lines({
  title: "Notices",
  description: "By channel: sent, tried again, and given up (dead).",
  targets: [range(ended("sluice_notices_total", "channel, outcome"), "{{channel}} {{outcome}}")],
  unit: "short",
  empty: "No channel is configured",
}).overrideByRegexp("/dead$/", fixed(COLOURS.act));

export const oldestNotice = lines({
  title: "Oldest notice waiting",
  description: "How long the oldest notice has been waiting. Minutes: Slack or the mail server does not answer.",
  targets: [range(`max(${own("sluice_notices_oldest_pending_seconds")})`, "oldest")],
  unit: "s",
  empty: "No channel is configured",
});

export const lease = timeline({
  title: "Lease",
  description:
    "Which agent shows the metrics of pipelines, decides what time decides, and plans what people are told. Nobody for minutes: nothing on the other dashboards is current.",
  targets: [range(`max by (instance) (${own("sluice_lease_held")})`, "{{instance}}")],
  mappings: codeMappings(LEASE),
});

export const series = lines({
  title: "Time series",
  description: "Series of pipelines on /metrics; past the cap of the configuration new ones are folded or left out.",
  targets: [range(`sum by (instance) (${own("sluice_series")})`, "{{instance}}")],
  unit: "short",
});

export const dropped = lines({
  title: "Time series without room",
  description:
    "Series that found no room under the cap, by family. Anything here: raise the cap, or look for a label gone wild.",
  targets: [range(`${ended("sluice_series_dropped_total", "family")} > 0`, "{{family}}")],
  unit: "short",
  empty: "Every series found room",
}).overrideByRegexp("/.*/", fixed(COLOURS.act));

export const observeFailures = lines({
  title: "Changes not shown",
  description:
    "Committed changes that could not be shown as metrics. They are stored; a restart shows them. Report it as a bug.",
  targets: [range(ended("sluice_observe_failures_total", "instance"), "{{instance}}")],
  unit: "short",
});

export const scrapes = lines({
  title: "Scrape duration, p99",
  description: "How long it takes until Prometheus has read /metrics to its end.",
  targets: [
    range(
      `histogram_quantile(0.99, sum by (le) (rate(${own("sluice_scrape_duration_seconds_bucket")}[$__rate_interval])))`,
      "p99",
    ),
  ],
  unit: "s",
});

export const cpu = lines({
  title: "CPU",
  description: "Cores in use by the agent itself.",
  targets: [range(`sum by (instance) (rate(${own("process_cpu_seconds_total")}[$__rate_interval]))`, "{{instance}}")],
  unit: "none",
});

export const memory = lines({
  title: "Memory",
  description: "Resident memory, and the JavaScript heap in it. Resident memory that only climbs is a leak.",
  targets: [
    range(`sum by (instance) (${own("process_resident_memory_bytes")})`, "{{instance}} resident"),
    range(`sum by (instance) (${own("nodejs_heap_size_used_bytes")})`, "{{instance}} heap"),
  ],
  unit: "bytes",
});

export const files = lines({
  title: "Open files",
  description: "File descriptors in use, connections among them.",
  targets: [range(`sum by (instance) (${own("process_open_fds")})`, "{{instance}}")],
  unit: "short",
});
