import type { IncomingMessage, ServerResponse } from "node:http";
import http from "node:http";
import type { Received } from "./proxy.ts";

/** The fields that came with contract 1.1. */
const NEWER = ["try", "resumes", "logical_date", "lost", "expected_min_of"];
const NEWER_IN_FEATURES = ["kind", "n", "min", "max", "mean", "sd", "distinct", "quantiles", "spikes", "outside"];

/**
 * Answers POST /v1/reports as an agent of release 0.1 does (its answers as recorded): no word about the contract, and each
 * report with a field that it does not know is rejected by itself, as is such a reference. What it takes goes on to a real agent.
 */
export function olderAgent(port: number) {
  return (request: IncomingMessage, response: ServerResponse, { body, path }: Received): void => {
    if (request.method === "PUT" && newerFields({ features: { it: JSON.parse(body) as object } }).length > 0) {
      response.writeHead(422, { "content-type": "application/json" }).end('{"code": "invalid_report"}');
      return;
    }
    const lines = path === "/v1/reports" ? body.trimEnd().split("\n") : [];
    const rejected: { index: number; code: string; detail: string }[] = [];
    const taken: { line: string; index: number }[] = [];
    lines.forEach((line, index) => {
      const unknown = newerFields(JSON.parse(line) as Report);
      if (unknown.length === 0) taken.push({ line, index });
      else rejected.push({ index, code: "invalid_report", detail: unknown.map(unknownField).join("; ") });
    });
    const whole = path !== "/v1/reports" ? body : `${taken.map(({ line }) => line).join("\n")}\n`;
    const answer = (status: number, text: string) =>
      response.writeHead(status, { "content-type": "application/json" }).end(text);
    if (path === "/v1/reports" && taken.length === 0) {
      answer(200, JSON.stringify({ accepted: 0, duplicates: 0, rejected }));
      return;
    }
    ask(port, request, whole, (status, text) => {
      if (path !== "/v1/reports" || status !== 200) return answer(status, text);
      const said = JSON.parse(text) as { rejected: typeof rejected };
      const own = said.rejected.map((one) => ({ ...one, index: taken[one.index]!.index }));
      const all = [...rejected, ...own].sort((a, b) => a.index - b.index);
      answer(200, JSON.stringify({ ...said, rejected: all }));
    });
  };
}

interface Report {
  features?: Record<string, object & { reference?: object }>;
}

function newerFields(report: Report): string[] {
  const own = NEWER.filter((field) => field in report);
  const ofFeatures = Object.entries(report.features ?? {}).flatMap(([name, feature]) =>
    [feature, feature.reference ?? {}].flatMap((given) =>
      NEWER_IN_FEATURES.filter((field) => field in given).map((field) => `features.${name}.${field}`),
    ),
  );
  return [...own, ...ofFeatures];
}

const unknownField = (field: string) =>
  `${field}: unknown field "${field}"; the fields are pipeline_name, run_id, attempt, id, at, traceparent`;

function ask(port: number, request: IncomingMessage, body: string, answer: (status: number, text: string) => void) {
  const headers = {
    "content-type": request.headers["content-type"] ?? "application/json",
    "content-length": Buffer.byteLength(body),
  };
  const to = http.request(
    { host: "127.0.0.1", port, method: request.method ?? "GET", path: request.url ?? "/", headers },
    (from) => {
      let text = "";
      from.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      from.on("end", () => answer(from.statusCode ?? 502, text));
    },
  );
  to.on("error", () => answer(502, ""));
  to.end(body);
}
