import Type from "typebox";
import type { TypedApp } from "../../server/typed-app.ts";

/** `describe`: the configuration in force, secrets hidden. */
export function configRoute(app: TypedApp, describe: () => object): void {
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
