import type { FastifyInstance } from "fastify";
import { SluiceError } from "../errors.ts";

/** By API key, else by address. Routes that ask for no key are free: whoever is over the limit must still be seen to be healthy. */
export async function limitRate(app: FastifyInstance, max: number): Promise<void> {
  // Loaded only where a limit is set.
  const { default: rateLimit } = await import("@fastify/rate-limit");
  await app.register(rateLimit, {
    max,
    timeWindow: "1 minute",
    hook: "preParsing",
    allowList: (request) => request.routeOptions.config.role === "none",
    keyGenerator: (request) => request.caller?.scope || request.ip,
    errorResponseBuilder: (_request, { max: most, ttl }) =>
      new SluiceError("rate_limited", `more than ${most} requests a minute; send it again later`, {
        retry_after: Math.ceil(ttl / 1000),
      }),
  });
}
