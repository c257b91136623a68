import type { FastifyInstance } from "fastify";

/** Pipelines that were renamed are asked for by their old names too. */
export function addAliases(app: FastifyInstance, aliases: Readonly<Record<string, string>>): void {
  if (Object.keys(aliases).length === 0) return;
  const newNames = new Map(Object.entries(aliases));
  app.addHook("preHandler", async (request) => {
    for (const place of [request.params, request.query] as { pipeline_name?: string }[]) {
      const new_name = place?.pipeline_name === undefined ? undefined : newNames.get(place.pipeline_name);
      if (new_name !== undefined) place.pipeline_name = new_name;
    }
  });
}
