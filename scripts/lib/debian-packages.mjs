import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

const POSTGRES_HOME = "/usr/lib/postgresql";
const POSTGRES_MINIMUM = 15;

/** The programs that the tests use beside node_modules. `package` is the name in Debian. */
export const NEEDS = [
  {
    package: "postgresql",
    what: `PostgreSQL ${POSTGRES_MINIMUM} or newer (server programs in ${POSTGRES_HOME}/<major>/bin)`,
    present: () => postgresMajors().some((major) => major >= POSTGRES_MINIMUM),
  },
  {
    package: "prometheus",
    what: "Prometheus (the programs prometheus and promtool)",
    present: () => onPath("prometheus") && onPath("promtool"),
  },
  {
    package: "prometheus-alertmanager",
    what: "Alertmanager (the programs alertmanager, or prometheus-alertmanager, and amtool)",
    present: () => (onPath("alertmanager") || onPath("prometheus-alertmanager")) && onPath("amtool"),
  },
  {
    package: "pgbouncer",
    what: "PgBouncer (the program pgbouncer)",
    present: () => existsSync("/usr/sbin/pgbouncer") || onPath("pgbouncer"),
  },
  {
    package: "haproxy",
    what: "HAProxy (the program haproxy)",
    present: () => existsSync("/usr/sbin/haproxy") || onPath("haproxy"),
  },
  {
    package: "chromium",
    what: "Chromium (the program chromium)",
    present: () => onPath("chromium"),
  },
  {
    package: "python3-venv",
    what: "Python 3.9 or newer with venv and pip (the program python3)",
    present: () => onPath("python3") && pythonMakesEnvironments(),
  },
];

export function missing(needs = NEEDS) {
  return needs.filter((need) => !need.present());
}

export function postgresMajors() {
  if (!existsSync(POSTGRES_HOME)) return [];
  return readdirSync(POSTGRES_HOME)
    .filter((major) => existsSync(join(POSTGRES_HOME, major, "bin", "initdb")))
    .map(Number);
}

function pythonMakesEnvironments() {
  return spawnSync("python3", ["-c", "import venv, ensurepip"], { stdio: "ignore" }).status === 0;
}

function onPath(program) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}
