import type { FastifyInstance, FastifyRequest } from "fastify";
import { SluiceError } from "../../errors.ts";

/** By owner: the API key, else the address. Routes that ask for no key have a limit of their own (KeylessRate). */
export async function limitRate(
  app: FastifyInstance,
  max: number,
  ownerOf: (request: FastifyRequest) => string,
): Promise<void> {
  // Loaded only where a limit is set.
  const { default: rateLimit } = await import("@fastify/rate-limit");
  await app.register(rateLimit, {
    max,
    timeWindow: "1 minute",
    hook: "preParsing",
    allowList: (request) => request.routeOptions.config.role === "none",
    keyGenerator: ownerOf,
    errorResponseBuilder: (_request, { max: most, ttl }) =>
      new SluiceError("rate_limited", `more than ${most} requests a minute; send it again later`, {
        retry_after: Math.ceil(ttl / 1000),
      }),
  });
}
