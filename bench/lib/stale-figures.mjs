import { execFileSync } from "node:child_process";

const COMMIT_PATH = [
  "src/service/commit",
  "src/service/under-locks",
  "src/service/gate",
  "src/domain/commit",
  "src/domain/runs",
  "src/domain/gate",
  "src/adapters/postgres/commit",
  "src/adapters/postgres/connection",
  "src/adapters/postgres/tables",
  "src/adapters/postgres/runs",
  "src/adapters/postgres/gate",
  "src/adapters/postgres/sla",
  "src/adapters/postgres/migrations",
];
const REPORT_REQUEST = [
  "src/http/server",
  "src/http/access",
  "src/http/bodies",
  "src/http/routes/commit",
  "src/intake/native",
];
const WRITE_PATH = [...COMMIT_PATH, ...REPORT_REQUEST];

/** The code whose change makes the figures of a bench old: by the first word of their rows. */
export const MEASURED = {
  S1: WRITE_PATH,
  S2: WRITE_PATH,
  S3: WRITE_PATH,
  S4: ["src/adapters/metrics"],
  S6: ["src/adapters/postgres/sla", "src/adapters/postgres/read", "src/adapters/postgres/migrations"],
  S7: ["src/adapters/postgres/sla", "src/adapters/postgres/read", "src/adapters/postgres/migrations"],
  S8: ["src/http/server", "src/http/access", "src/http/routes", "src/service/gate", ...COMMIT_PATH],
  S9: ["src/app", "src/main.ts", "src/cli", "src/adapters/postgres/embedded", "src/adapters/postgres/history"],
  S10: ["src/adapters/metrics", "src/service/gate", "src/app"],
  S11: ["src/client", "python/src"],
  S12: WRITE_PATH,
  S13: WRITE_PATH,
  S14: ["src/adapters/postgres", "src/app", "src/adapters/metrics"],
  waiting: ["src/service/gate", "src/http/routes", "src/adapters/postgres/gate"],
};

/**
 * The rows of the table below the heading *Figures*: what, and the commit in the last column (null: none).
 * @param {string} markdown
 * @returns {{ what: string; commit: string | null }[]}
 */
export function figureRows(markdown) {
  const section = markdown.split(/^## /m).find((part) => part.startsWith("Figures")) ?? "";
  const rows = section.split("\n").filter((line) => /^\| (S\d+|waiting)\b/.test(line));
  return rows.map((line) => {
    const cells = line.split("|").map((cell) => cell.trim());
    const commit = /^`?([0-9a-f]{7,40})`?$/.exec(cells.at(-2) ?? "");
    return { what: cells[1], commit: commit === null ? null : commit[1] };
  });
}

/**
 * A line for each row whose figures are older than the code that they are about.
 * @param {string} root A clone.
 * @param {string} markdown docs/benchmarks.md
 * @returns {string[]}
 */
export function staleFigures(root, markdown) {
  const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: "pipe" }).trim();
  return figureRows(markdown).flatMap(({ what, commit }) => {
    if (commit === null) return [`${what}: the row names no commit`];
    const paths = MEASURED[what.split(/[ ,]/)[0]];
    if (paths === undefined) return [`${what}: bench/lib/stale-figures.mjs does not say which code it measures`];
    let changes;
    try {
      changes = git("log", "--format=%h %s", `${commit}..HEAD`, "--", ...paths)
        .split("\n")
        .filter(Boolean);
    } catch {
      return [`${what}: there is no commit ${commit} here`];
    }
    if (changes.length === 0) return [];
    return [
      `${what}: measured on ${commit}; commits since that touch what it measures: ${changes.length}, the last: ${changes[0]}`,
    ];
  });
}
