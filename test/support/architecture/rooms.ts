/** A room is a folder of src, or a file directly in it; `config` is both. What runs in a browser is a room of its own. */
export function roomOf(file: string): string {
  if (file.startsWith("src/page/")) return "page";
  const [, first = ""] = file.split("/");
  return first.replace(/\.ts$/, "");
}

/** What a file may import of ours, beside its own room and `errors`. `types`: only with `import type`. */
interface Permission {
  all?: boolean;
  rooms?: readonly string[];
  types?: readonly string[];
}

export const MAY_IMPORT: Readonly<Record<string, Permission>> = {
  errors: {},
  version: {},
  contract: {},
  histogram: {},
  domain: { rooms: ["histogram"] },
  ports: { rooms: ["domain", "histogram"] },
  config: { rooms: ["contract", "domain"] },
  service: { rooms: ["domain", "histogram", "ports"] },
  adapters: { rooms: ["domain", "histogram", "ports"], types: ["config"] },
  intake: { rooms: ["domain", "histogram", "contract"] },
  http: { rooms: ["service", "intake", "contract", "domain", "histogram"], types: ["ports"] },
  page: { types: ["contract"] },
  client: { rooms: ["histogram"], types: ["contract"] },
  // `sluice config check` reads the configuration itself.
  cli: { rooms: ["client", "config", "domain", "histogram", "version"] },
  app: { all: true },
  main: { rooms: ["app", "cli", "config"] },
};

/** Files with more freedom than their room. */
export const ALSO_MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "src/cli/agent/serve.ts": ["app"],
  "src/cli/agent/migrate.ts": ["app"],
  "src/cli/doctor/database.ts": ["adapters"],
  "src/cli/doctor/embedded-postgres.ts": ["adapters"],
};

/** Rooms that may use no package but these (a prefix ending in `/` stands for all below). Others may use any. */
export const MAY_USE_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  contract: ["typebox", "ajv"],
  // The client carries along whatever it imports.
  histogram: [],
  domain: ["@stdlib/", "simple-statistics"],
  ports: [],
  // What a browser gets; typebox for types alone, which are gone there.
  page: ["preact", "@preact/signals", "uplot", "typebox"],
  client: ["node:"],
};

/**
 * Packages that `import()` may name. The bundle keeps the named exports of an ES module; of a CommonJS package it keeps
 * only `default`, although the same line works from source. Load a file of ours lazily that imports such a package.
 */
export const LAZY_PACKAGES = [
  "@opentelemetry/api",
  "@opentelemetry/exporter-trace-otlp-http",
  "@opentelemetry/resources",
  "@opentelemetry/sdk-metrics",
  "@opentelemetry/sdk-trace-base",
  "node-cron",
  // CommonJS, of which `default` alone is used.
  "@fastify/rate-limit",
  "@fastify/swagger-ui",
];

/** Rooms in which the same input gives the same output. */
export const PURE_ROOMS = ["contract", "histogram", "domain"];

/** Who may read the environment. */
export const READS_ENVIRONMENT = ["client", "config", "main"];

/** Folders that may hold more loose files than MOST_LOOSE_FILES, and why. */
export const CROWDED_WITH_REASON: Readonly<Record<string, string>> = {
  "src/domain/gate/checks": "one check a file, and the table of them",
};

/** Short files that one file of their folder imports, and why they stand alone. */
export const SHORT_WITH_REASON: Readonly<Record<string, string>> = {
  "src/app/name-limits.ts": "app.ts is nothing but wiring",
  "src/app/notices/notice-settings.ts": "from configuration to settings, beside the wiring",
  "src/client/delivery/batches.ts": "the courier is as long as a file may be",
  "src/client/spool/folder.ts": "a test imports it",
  "src/service/drift/in-slices.ts": "a test imports it",
};

/** Files that put `\u0000` between names themselves, and why. */
export const JOINS_BY_HAND: Readonly<Record<string, string>> = {
  "src/domain/words/key.ts": "the one place",
  "src/http/bodies/canonical.ts": "what is hashed, and must stay as it was",
};

/** What imports nothing outside itself but `errors`: the ground that every wing of its floor stands on. */
export const GROUND = ["src/contract", "src/histogram", "src/domain/words"];
