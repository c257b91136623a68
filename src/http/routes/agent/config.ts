import type { FastifyInstance } from "fastify";
import Type from "typebox";

/** `describe`: the configuration in force, secrets hidden. */
export function configRoute(app: FastifyInstance, describe: () => object): void {
  app.get(
    "/v1/config",
    {
      config: { role: "admin" },
      schema: {
        tags: ["config"],
        summary: "The configuration that the agent started with, secrets hidden",
        response: { 200: Type.Object({}) },
      },
    },
    async () => describe(),
  );
}
