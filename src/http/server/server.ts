import { randomBytes } from "node:crypto";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyContextConfig,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  type RouteOptions,
} from "fastify";
import { CONTRACT_HEADER, CONTRACT_VERSION } from "../../contract/version.ts";
import { SluiceError, shuttingDown } from "../../errors.ts";
import type { Log } from "../../ports.ts";
import { type Authenticator, type Caller, type Role, requireRole } from "../access/auth.ts";
import { clientAddress, connectionShare, shareOf, trusting } from "../access/client-address.ts";
import { refuseCrossSite } from "../access/cross-site.ts";
import { KeylessRate } from "../access/keyless-rate.ts";
import { limitRate } from "../access/rate-limit.ts";
import { requestIdentity } from "../access/request-identity.ts";
import { addBodyParsers } from "../bodies/bodies.ts";
import { limitBodies } from "../bodies/body-limits.ts";
import { compileParams, compileQuery } from "../parameters/query.ts";
import { answerBrokenRequest, MOST_HEADER_BYTES } from "./broken-request.ts";
import { limitConnections } from "./connection-limits.ts";
import { KnownPaths } from "./known-paths.ts";
import { PROBLEM_TYPE, problemOf, toSluiceError } from "./problem.ts";
import type { RouteTypes, TypedApp } from "./typed-app.ts";

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller;
    /** Its routeOptions, which Fastify makes anew for each who asks; null until its first hook. */
    route: FastifyRequest["routeOptions"] | null;
    /** It was asked to wait, so that its time says nothing of the agent's speed. */
    held: boolean;
  }
  interface FastifyContextConfig {
    /** Who may call it, one of these; "none": nobody has to say who they are. */
    role?: Role | readonly Role[] | "none";
    /** Answers before the store is open and the metrics are restored. */
    early?: boolean;
  }
}

export interface ServerOptions {
  authenticator: Authenticator;
  limits: {
    body_bytes: number;
    bodies_in_flight_bytes: number;
    requests_per_minute: number | null;
    keyless_requests_per_minute: number | null;
    connections: number;
    connections_per_address: number;
    /** Milliseconds. */
    request_timeout: number;
  };
  /** Addresses and networks whose X-Forwarded-For and X-Forwarded-Host are taken. */
  trusted_proxies: readonly string[];
  /** Hosts that browsers know the agent by, beside what they send as Host. */
  own_hosts: () => readonly string[];
  log: Log;
  ready: () => boolean;
  /** Whether it is about to stop. */
  leaving?: () => boolean;
  /** Whether it is in doubt that what is in memory is right; answers then wait for `confirm`, and where it fails there are none. */
  doubt?: { arises(): boolean; confirm(): Promise<void> };
  /** Told of every answer: route pattern, status, seconds. */
  onAnswer: (answer: { method: string; route: string; status: number; seconds: number }) => void;
}

/** A child for each request would cost microseconds; so would a factory that makes none, since Fastify looks at what it makes. */
function withoutChildren(log: FastifyBaseLogger): FastifyBaseLogger {
  const logger: FastifyBaseLogger = Object.assign(Object.create(log), { child: () => logger });
  return logger;
}

/** Unique over restarts as well: a prefix of the process, and a number. */
function requestIds(): () => string {
  const prefix = randomBytes(4).toString("hex");
  let count = 0;
  return () => `${prefix}-${(++count).toString(36)}`;
}

/** Slower answers than this get a line in the log. */
const SLOW_SECONDS = 1;

/** The server without its routes: what holds for each of them is said here once. */
export async function createServer(options: ServerOptions): Promise<TypedApp> {
  const { authenticator, limits, log } = options;
  const trusts = trusting(options.trusted_proxies);
  const addressShare = (request: FastifyRequest) => shareOf(clientAddress(request.raw, trusts));
  const ownerOf = (request: FastifyRequest) =>
    request.caller?.scope ? `key ${request.caller.scope}` : addressShare(request);
  const keylessRate =
    limits.keyless_requests_per_minute === null ? null : new KeylessRate(limits.keyless_requests_per_minute, Date.now);
  const app = Fastify({
    loggerInstance: withoutChildren(log as FastifyBaseLogger),
    genReqId: requestIds(),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.body_bytes,
    requestTimeout: limits.request_timeout,
    connectionTimeout: 0,
    keepAliveTimeout: 72_000,
    http: {
      headersTimeout: Math.min(10_000, limits.request_timeout),
      maxHeaderSize: MOST_HEADER_BYTES,
      // How often the two timeouts above are looked after.
      connectionsCheckingInterval: 1000,
    },
    routerOptions: { maxParamLength: 5000, caseSensitive: true },
    return503OnClosing: false,
    forceCloseConnections: "idle",
    frameworkErrors: (error, request, reply) => sendError(error, request as FastifyRequest, reply as FastifyReply),
    clientErrorHandler: answerBrokenRequest,
  });
  app.setValidatorCompiler(({ schema, httpPart }) => {
    if (httpPart === "querystring") return compileQuery(schema as object);
    if (httpPart === "params") return compileParams(schema as object);
    // Bodies are checked where they are read, in the same words for a single report and for an item of a batch.
    return () => true;
  });
  app.setSerializerCompiler(() => JSON.stringify);
  app.decorateRequest("caller");
  app.decorateRequest("held", false);
  app.decorateRequest("route", null);
  const paths = new KnownPaths();
  const routes: RouteOptions[] = [];
  app.addHook("onRoute", (route) => {
    paths.add(route.url, route.method);
    routes.push(route);
  });
  app.addHook("onReady", async () => {
    const open = routes.find(({ config }) => config?.role === undefined);
    if (open !== undefined) throw new Error(`${open.method} ${open.url} does not say who may call it`);
  });
  let closing = false;
  app.addHook("preClose", async () => {
    closing = true;
  });
  // Without promises: this is on the way of every request.
  app.addHook("onRequest", (request, reply, done) => {
    const route = request.routeOptions;
    const { config } = route;
    request.route = route;
    try {
      admit(request, reply, config);
    } catch (error) {
      return done(error as Error);
    }
    const { doubt } = options;
    if (doubt === undefined || config.early === true || !doubt.arises()) return done();
    doubt.confirm().then(() => done(), done);
  });
  if (limits.requests_per_minute !== null) await limitRate(app, limits.requests_per_minute, ownerOf);
  const { body_bytes: body, bodies_in_flight_bytes: in_flight } = limits;
  const releaseBody = limitBodies(app, { body, in_flight, ownerOf });
  addBodyParsers(app);
  const waitsAgain = limitConnections(app, { ...limits, shareOf: (socket) => connectionShare(socket, trusts) });
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    throw noRoute(request, reply);
  });
  // One hook for all: each more is on the way of every request.
  app.addHook("onResponse", (request, reply, done) => {
    releaseBody(request);
    waitsAgain(request);
    const seconds = reply.elapsedTime / 1000;
    const route = request.route?.url ?? "none";
    const { method } = request;
    options.onAnswer({ method, route, status: reply.statusCode, seconds });
    if (seconds > SLOW_SECONDS && !request.held && reply.statusCode < 400) {
      log.warn({ ...requestIdentity(request), seconds, status: reply.statusCode }, "slow request");
    }
    done();
  });
  return app.withTypeProvider<RouteTypes>();

  function admit(request: FastifyRequest, reply: FastifyReply, { role, early }: FastifyContextConfig): void {
    reply.headers(EVERY_ANSWER);
    if (closing) throw shuttingDown();
    // A connection that is kept open would bring the next request here as well, past whoever balances load.
    if (options.leaving?.()) reply.header("connection", "close");
    if (early !== true && !options.ready()) {
      throw new SluiceError("store_unavailable", "the agent is starting: its store is not open yet; try again", {
        retry_after: 1,
      });
    }
    refuseCrossSite(request.raw, trusts, options.own_hosts);
    if (role === "none") {
      keylessRate?.count(addressShare(request));
      return;
    }
    request.caller = callerOf(request);
    if (role !== undefined) requireRole(request.caller, role);
    // Here and not in the handler, so that no body is read for nothing.
    if (request.is404) throw noRoute(request, reply);
  }

  /** Tries with wrong keys are counted as requests without one. */
  function callerOf(request: FastifyRequest): Caller {
    try {
      return authenticator.caller(request);
    } catch (error) {
      keylessRate?.count(addressShare(request));
      throw error;
    }
  }

  function noRoute(request: FastifyRequest, reply: FastifyReply): SluiceError {
    const path = request.url.split("?")[0]!;
    const methods = paths.methodsOf(path);
    const asked = `${request.method} ${path.slice(0, 300)}`;
    if (methods.length === 0 || methods.includes(request.method))
      return new SluiceError("not_found", `${asked}: there is no such route; /docs lists them`);
    reply.header("allow", methods.join(", "));
    return new SluiceError("method_not_allowed", `${asked}: this path takes ${methods.join(", ")}`);
  }

  function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const known = toSluiceError(error, limits.body_bytes);
    logError(known, request);
    reply.headers(EVERY_ANSWER);
    if (known.retry_after !== undefined) reply.header("retry-after", String(known.retry_after));
    if (known.code === "unauthorized") reply.header("www-authenticate", 'Bearer realm="sluice"');
    const cut =
      known.status === 413 || known.code === "shutting_down" || (known.code === "queue_full" && !request.raw.complete);
    if (cut) reply.header("connection", "close");
    const problem = { ...problemOf(known), request_id: request.id };
    reply.code(known.status).header("content-type", PROBLEM_TYPE).send(JSON.stringify(problem));
  }

  /** One line, without what was sent: the answer says that, to the one who sent it. */
  function logError(error: SluiceError, request: FastifyRequest): void {
    const fields = { ...requestIdentity(request), status: error.status, code: error.code };
    const wrong = error.errors?.map(({ path }) => path);
    if (error.status < 500 || error.code === "shutting_down")
      log.info({ ...fields, ...(wrong && { fields: wrong }) }, "request rejected");
    else if (error.cause === undefined) log.warn(fields, "request failed");
    else log.error({ ...fields, err: error.cause }, "request failed");
  }
}

/**
 * Answers are what they say they are, no page of another origin may take them in (the pages have a policy of their own),
 * and clients learn which contract the agent keeps.
 */
const EVERY_ANSWER = {
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
  [CONTRACT_HEADER]: CONTRACT_VERSION,
};
