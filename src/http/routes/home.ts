import type { FastifyInstance } from "fastify";

/** Where to go from the agent's own address. */
export function homeRoute(app: FastifyInstance): void {
  app.get("/", { config: { role: "none", early: true } }, async (request, reply) => {
    reply.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    return reply.header("content-type", "text/html; charset=utf-8").send(home(addressOf(request.headers.host)));
  });
}

/** A Host header is anybody's text; only what looks like a host goes into the page. */
function addressOf(host: string | undefined): string {
  return host !== undefined && /^[\w.:[\]-]{1,255}$/.test(host) ? host : "localhost:9877";
}

const home = (address: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sluice</title><meta name="viewport" content="width=device-width">
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}
code,pre{font:14px/1.5 ui-monospace,monospace}pre{overflow-x:auto;padding:1rem;border:1px solid #8884;border-radius:6px}</style></head>
<body><h1>Sluice is running</h1>
<p>Send a first report:</p>
<pre>curl -sS ${address}/v1/quality -H 'content-type: application/json' \\
  -d '{"pipeline_name": "hello", "check_name": "first", "score": 1}'</pre>
<ul><li><a href="/docs">/docs</a> – every route, to read and to try</li>
<li><a href="/v1/pipelines">/v1/pipelines</a> – what was reported</li>
<li><a href="/v1/sla">/v1/sla</a> – SLA rates of the last 30 days</li>
<li><a href="/metrics">/metrics</a> – for Prometheus</li></ul></body></html>
`;
