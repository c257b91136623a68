import { readFileSync } from "node:fs";
import { parse } from "yaml";

export interface Relabeling {
  source_labels: string[];
  regex: string;
  target_label: string;
  replacement: string;
}

export interface ScrapeConfig {
  job_name: string;
  metric_relabel_configs: Relabeling[];
}

/** The scrape configuration of docs/metrics.md, of these targets. */
export function documentedScrape(targets: string[]): ScrapeConfig {
  const page = readFileSync(new URL("../../../docs/metrics.md", import.meta.url), "utf8");
  const [, block] = /```yaml\n(scrape_configs:[\s\S]*?)```/.exec(page)!;
  const { scrape_configs } = parse(block!) as { scrape_configs: [ScrapeConfig] };
  return { ...scrape_configs[0], ...{ scrape_interval: "1s", static_configs: [{ targets }] } };
}
