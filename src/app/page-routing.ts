import type { FastifyInstance } from "fastify";
import { type Config, describeConfig } from "../config.ts";
import { configRoute } from "../http/routes/agent/config.ts";
import { homeRoute } from "../http/routes/agent/home.ts";

/** The page, and what it alone asks. */
export function pageRouting(routes: FastifyInstance, config: Config): void {
  homeRoute(routes);
  configRoute(routes, () => describeConfig(config));
}
