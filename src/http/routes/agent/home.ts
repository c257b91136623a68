import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { TypedApp } from "../../server/typed-app.ts";
import { whoamiRoute } from "./whoami.ts";

/** Made by `npm run build`, which puts it beside the bundle; beside the sources there is none. */
const BUILT_PAGE = fileURLToPath(new URL("./page/", import.meta.url));

/** The addresses that the page shows something at; it reads them itself. */
const VIEWS = ["/pipelines/*", "/sla", "/notices", "/about"];

/** Nothing from elsewhere, nothing inline, and no text is ever taken for markup. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** The page for people at the agent's own address; for programs that ask there, where to go from it. */
export function homeRoute(app: TypedApp, directory: string = BUILT_PAGE): void {
  // What the page asks first: whether it needs a key, and what it may offer.
  whoamiRoute(app);
  app.register(async (home) => {
    home.addHook("onRoute", (route) => {
      route.config = { ...route.config, role: "none", early: true };
    });
    const html = existsSync(directory) ? readFileSync(`${directory}/index.html`, "utf8") : null;
    if (html === null) {
      home.get("/", async (request, reply) => sendText(request, reply));
      return;
    }
    await home.register(fastifyStatic, {
      root: `${directory}/assets/`,
      prefix: "/assets/",
      index: false,
      // A route a file: every other path is answered as any unknown one.
      wildcard: false,
      preCompressed: true,
      // Their names change with their content.
      immutable: true,
      maxAge: "365d",
    });
    home.get("/", async (request, reply) => {
      reply.header("vary", "accept");
      return wantsHtml(request) ? sendPage(reply, html) : sendText(request, reply);
    });
    for (const view of VIEWS) home.get(view, async (_request, reply) => sendPage(reply, html));
  });
}

function wantsHtml(request: FastifyRequest): boolean {
  return /\btext\/html\b/.test(request.headers.accept ?? "");
}

function sendPage(reply: FastifyReply, html: string): FastifyReply {
  reply.headers({
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
    "content-type": "text/html; charset=utf-8",
  });
  return reply.send(html);
}

function sendText(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.header("content-type", "text/plain; charset=utf-8").send(whereToGo(addressOf(request.headers.host)));
}

/** A Host header is anybody's text; only what looks like a host goes into the answer. */
function addressOf(host: string | undefined): string {
  return host !== undefined && /^[\w.:[\]-]{1,255}$/.test(host) ? host : "localhost:9877";
}

const whereToGo = (address: string) => `Sluice is running. Send a first report:

  curl -sS http://${address}/v1/quality -H 'content-type: application/json' \\
    -d '{"pipeline_name": "hello", "check_name": "first", "score": 1}'

/              the page, in a browser (part of the build: npm run build)
/docs          every route, to read and to try
/v1/pipelines  what was reported
/v1/gates      what may go on
/v1/sla        SLA rates of the last 30 days
/metrics       for Prometheus
`;
