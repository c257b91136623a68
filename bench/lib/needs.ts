import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** What a bench needs from Debian beside Node. */
const PACKAGES = {
  wrk: () => onPath("wrk"),
  "prometheus-pushgateway": () => onPath("prometheus-pushgateway"),
  postgresql: () => existsSync("/usr/lib/postgresql") && readdirSync("/usr/lib/postgresql").length > 0,
} as const;

export type Package = keyof typeof PACKAGES;

/** Ends the bench with the command that installs what is missing. */
export function need(...packages: Package[]): void {
  const missing = packages.filter((name) => !PACKAGES[name]());
  if (missing.length === 0) return;
  process.stderr.write(`this bench needs Debian packages that are not installed; install them with:\n`);
  process.stderr.write(`  apt-get install -y --no-install-recommends ${missing.join(" ")}\n`);
  process.exit(3);
}

function onPath(program: string): boolean {
  const folders = (process.env.PATH ?? "").split(delimiter).concat("/usr/sbin");
  return folders.some((folder) => folder !== "" && existsSync(join(folder, program)));
}
