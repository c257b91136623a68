import swagger, { type StaticDocumentSpec } from "@fastify/swagger";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type FastifySchema } from "fastify";
import { Problem } from "../../../contract/answers.ts";
import { CONTRACT_VERSION } from "../../../contract/version.ts";
import { ERRORS, SluiceError } from "../../../errors.ts";
import type { TypedApp } from "../../server/typed-app.ts";

/** Collects the routes registered after it for /openapi.json. */
export async function openApi(app: TypedApp, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Sluice",
        version,
        description: `Reports in, durable history and SLA, Prometheus metrics out. Errors are RFC 9457 problems. Every answer carries Sluice-Contract: ${CONTRACT_VERSION}, the version of this contract; a field that came with a later one is refused.`,
      },
      components: { securitySchemes: { api_key: { type: "http", scheme: "bearer" } } },
      security: [{ api_key: [] }],
    },
    hideUntagged: true,
    transform: ({ schema, url, route }) => ({
      url,
      schema: {
        ...schema,
        ...withOptionalDefaults(schema),
        ...(route.config?.role === "none" ? { security: [] } : { response: withProblem(schema) }),
      },
    }),
  });
  app.get("/openapi.json", { config: { role: "none", early: true } }, async () => app.swagger());
}

/** A parameter with a default is always there for its route, and may be left out by whoever asks. */
function withOptionalDefaults(schema: FastifySchema): FastifySchema {
  const query = schema?.querystring as QuerySchema | undefined;
  if (query?.required === undefined) return {};
  const required = query.required.filter((name) => query.properties?.[name]?.default === undefined);
  return { querystring: { ...query, required } };
}

interface QuerySchema {
  required?: string[];
  properties?: Record<string, { default?: unknown }>;
}

/** What every route that does not work answers. */
function withProblem(schema: FastifySchema): object {
  const problem = { description: "A problem (RFC 9457)", content: { "application/problem+json": { schema: Problem } } };
  return { ...(schema.response as object | undefined), default: problem };
}

/** No other host is asked for anything, and nothing is moved to https, which the agent may not speak. */
const DOCS_POLICY =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** Where the `type` of a problem leads. */
export function errorsPage(app: TypedApp): void {
  const rows = Object.entries(ERRORS).map(
    ([code, { status, title }]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td></tr>`,
  );
  const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sluice: errors</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
td,th{text-align:left;padding:.3rem 1rem .3rem 0;border-bottom:1px solid #8884}tr:target{outline:2px solid}</style></head>
<body><h1>Errors</h1><p>Branch on <code>code</code>; <code>detail</code> says what was given and what is allowed.</p>
<table><tr><th>code</th><th>status</th><th>meaning</th></tr>${rows.join("")}</table></body></html>
`;
  app.get("/docs/errors", { config: { role: "none", early: true } }, async (_request, reply) => {
    reply.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    return reply.header("content-type", "text/html; charset=utf-8").send(page);
  });
}

/** What a browser says of the copy that it has. */
const CONDITIONS = ["if-none-match", "if-modified-since", "range"] as const;
/** What the connection says of itself. */
const OF_CONNECTION = new Set(["connection", "content-length", "date", "transfer-encoding"]);

/**
 * The same for people. A browser sends no API key when it opens a page, so none is asked for: all this is public. The pages
 * have a server of their own, which is made for the first visitor: the library takes long to load, and no start waits for it.
 */
export function docsPage(app: TypedApp): void {
  let docs: FastifyInstance | null = null;
  const answer = async ({ url, headers }: FastifyRequest, reply: FastifyReply) => {
    docs ??= await openDocs(app.swagger() as StaticDocumentSpec["document"]);
    const conditions = Object.fromEntries(CONDITIONS.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])));
    const page = await docs.inject({ method: "GET", url, headers: conditions });
    if (page.statusCode >= 400) throw new SluiceError("not_found", "there is no such file");
    for (const [name, value] of Object.entries(page.headers)) {
      if (value !== undefined && !OF_CONNECTION.has(name)) reply.header(name, value);
    }
    reply.code(page.statusCode);
    return page.rawPayload.length === 0 ? reply.send() : reply.send(page.rawPayload);
  };
  for (const url of ["/docs", "/docs/*"]) app.get(url, { config: { role: "none", early: true } }, answer);
}

async function openDocs(document: StaticDocumentSpec["document"]): Promise<FastifyInstance> {
  const { default: swaggerUi } = await import("@fastify/swagger-ui");
  const docs = Fastify();
  await docs.register(swagger, { mode: "static", specification: { document } });
  await docs.register(swaggerUi, {
    routePrefix: "/docs",
    staticCSP: DOCS_POLICY,
    uiConfig: { docExpansion: "list", validatorUrl: null },
  });
  return docs;
}
