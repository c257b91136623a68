// npm run rules: writes rules/ again as a PrometheusRule for the Prometheus Operator.
import { readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse, stringify } from "yaml";
import { root } from "./lib/root.mjs";

export const PLACE = "deploy/kubernetes/alerts/prometheus-rule.yaml";

const HELP = `npm run rules -- [options]

  --runbooks URL     where the runbooks are, instead of Prometheus' own /user/runbooks
  --dashboards URL   Grafana, instead of http://localhost:3000
  --agent URL        the agent, instead of http://localhost:9877
  --out FILE         instead of ${PLACE}; - is standard output`;

const LINKS = {
  runbooks: "{{ $externalURL }}/user/runbooks",
  dashboards: "http://localhost:3000",
  agent: "http://localhost:9877",
};

/** The manifest with every group of rules/, with these links in place of the shipped ones (`{dashboards: URL}`). */
export function prometheusRule(clone, links = {}) {
  const files = readdirSync(join(clone, "rules")).filter((name) => name.endsWith(".yaml"));
  const groups = files
    .sort()
    .flatMap((name) => parse(moved(readFileSync(join(clone, "rules", name), "utf8"), links)).groups);
  const manifest = {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: "sluice", labels: { "app.kubernetes.io/name": "sluice" } },
    spec: { groups },
  };
  return `# Made from rules/ by npm run rules; change it there.\n${stringify(manifest, { lineWidth: 0 })}`;
}

function moved(text, links) {
  return Object.entries(links).reduce(
    (moving, [what, url]) => moving.replaceAll(LINKS[what], url.replace(/\/$/, "")),
    text,
  );
}

function main() {
  const option = { type: "string" };
  const { values } = parseArgs({
    options: {
      runbooks: option,
      dashboards: option,
      agent: option,
      out: option,
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  const { help, out = join(root, PLACE), ...links } = values;
  if (help) return void process.stdout.write(`${HELP}\n`);
  const text = prometheusRule(root, links);
  if (out === "-") process.stdout.write(text);
  else writeFileSync(out, text);
}

if (realpathSync(process.argv[1]) === import.meta.filename) main();
