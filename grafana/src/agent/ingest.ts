import { COLOURS } from "../lib/colours.ts";
import { fixed, lines } from "../lib/panels.ts";
import { own, range } from "../lib/sources.ts";

const KINDS = 'kind=~"$kind"';
const perSecond = (metric: string, matchers = "") => `rate(${own(metric, matchers)}[$__rate_interval])`;
const quantile = (q: number, metric: string, by = "") =>
  `histogram_quantile(${q}, sum by (${by}le) (${perSecond(`${metric}_bucket`)}))`;

export const reports = lines({
  title: "Reports accepted",
  description: "Reports stored each second, by kind.",
  targets: [range(`sum by (kind) (${perSecond("sluice_reports_total", `${KINDS}, outcome="accepted"`)})`, "{{kind}}")],
  unit: "cps",
});

export const unaccepted = lines({
  title: "Reports not accepted",
  description: "Rejected: wrong, the answer says what. Duplicate: sent again, changed nothing, harmless.",
  targets: [
    range(`sum by (kind) (${perSecond("sluice_reports_total", `${KINDS}, outcome="rejected"`)})`, "{{kind}} rejected"),
    range(`sum(${perSecond("sluice_reports_total", `${KINDS}, outcome="duplicate"`)})`, "duplicate"),
  ],
  unit: "cps",
}).overrideByName("duplicate", fixed(COLOURS.quiet));

export const queue = lines({
  title: "Reports waiting for their commit",
  description: "Short peaks are batches gathering. A climb: the store is slower than what arrives.",
  targets: [range(`sum by (instance) (${own("sluice_queue_reports")})`, "{{instance}}")],
  unit: "short",
});

export const commitLatency = lines({
  title: "Commit latency",
  description: "How long the store takes to commit a batch; reports wait at least that long for their answer.",
  targets: [
    range(quantile(0.99, "sluice_commit_duration_seconds"), "p99"),
    range(quantile(0.5, "sluice_commit_duration_seconds"), "p50"),
  ],
  unit: "s",
});

export const commits = lines({
  title: "Commits",
  description: "Batches committed each second.",
  targets: [range(`sum(${perSecond("sluice_commit_duration_seconds_count")})`, "commits")],
  unit: "cps",
});

export const commitSize = lines({
  title: "Reports in a commit",
  description: "Mean size of a batch. It grows with the load: while one commit is in flight the next batch gathers.",
  targets: [
    range(
      `sum(${perSecond("sluice_commit_reports_sum")}) / (sum(${perSecond("sluice_commit_reports_count")}) > 0)`,
      "reports",
    ),
  ],
  unit: "short",
});

export const httpLatency = lines({
  title: "HTTP latency, p99 by route",
  description: "One in a hundred requests takes longer. A gate that is waited for counts its wait.",
  targets: [range(quantile(0.99, "sluice_http_request_duration_seconds", "route, "), "{{route}}")],
  unit: "s",
});

export const httpErrors = lines({
  title: "HTTP answers by status",
  description:
    "503: the store is away, clients keep their reports. 4xx: the request was wrong. 423: a closed gate, as asked.",
  targets: [range(`sum by (status) (${perSecond("sluice_http_request_duration_seconds_count")})`, "{{status}}")],
  unit: "reqps",
}).overrideByRegexp("/^5/", fixed(COLOURS.act));
