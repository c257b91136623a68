import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ensureDebianPackages } from "../../scripts/lib/apt.mjs";
import { say } from "./figures.ts";

/** What benches need from Debian beside Node: the package, and what tells that it is there. */
const PACKAGES = {
  wrk: () => onPath("wrk"),
  postgresql: () => existsSync("/usr/lib/postgresql") && readdirSync("/usr/lib/postgresql").length > 0,
  "prometheus-pushgateway": () => onPath("prometheus-pushgateway"),
  influxdb: () => onPath("influxd"),
  "etcd-server": () => onPath("etcd"),
  haproxy: () => onPath("haproxy"),
} as const;

export type Package = keyof typeof PACKAGES;

/** Installs what is missing where apt and root allow it, else ends the bench with the command that does. */
export async function need(...packages: Package[]): Promise<void> {
  const trouble = await missingAfterInstall(packages);
  if (trouble === null) return;
  process.stderr.write(`${trouble}\n`);
  process.exit(3);
}

/** The same for what a bench can do without: null when all is there, else what is missing and how to install it. */
export async function missingAfterInstall(packages: readonly Package[]): Promise<string | null> {
  const needs = packages.map((name) => ({ package: name, what: `Debian's ${name}`, present: PACKAGES[name] }));
  try {
    await ensureDebianPackages({ say, needs, user: "the benches need" });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

function onPath(program: string): boolean {
  const folders = (process.env.PATH ?? "").split(delimiter).concat("/usr/sbin");
  return folders.some((folder) => folder !== "" && existsSync(join(folder, program)));
}
