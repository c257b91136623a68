import { Ajv2020 } from "ajv/dist/2020.js";
import { ERRORS } from "../../../src/errors.ts";
import type { Answer, Sending, TestAgent } from "../../support/agent.ts";
import { LEAKS } from "../problems.ts";

/** Holds each answer to what openapi.json promises, or to being a problem of the table that leaks nothing. */
export async function answerJudge(agent: TestAgent): Promise<(sending: Sending, answer: Answer) => number> {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const { paths } = (await agent.get("/openapi.json")).body as {
    paths: Record<string, Record<string, { responses: { 200?: { content?: Record<string, { schema: object }> } } }>>;
  };
  const schemas = Object.entries(paths).flatMap(([template, operations]) =>
    Object.entries(operations).map(([method, { responses }]) => ({
      method: method.toUpperCase(),
      pattern: new RegExp(`^${template.replace(/\{\w+\}/g, "[^/]+")}$`),
      validate: ajv.compile(responses[200]?.content?.["application/json"]?.schema ?? {}),
    })),
  );
  return (sending, answer) => {
    const wrong = wrongAnswer(sending, answer);
    if (wrong === null) return answer.status;
    const body = String(sending.body ?? "").slice(0, 2000);
    throw new Error(
      `${wrong}\n${sending.method} ${sending.path} ${JSON.stringify(sending.headers)}\n${body}\n→ ${answer.status} ${answer.text.slice(0, 2000)}`,
    );
  };

  function wrongAnswer({ method, path }: Sending, answer: Answer): string | null {
    if (answer.status >= 500) return "an answer of 5xx";
    // The agent should have said it better.
    if (answer.text.includes("unstorable_report")) return "a report that only the store refused";
    if (method === "HEAD") return answer.text === "" ? null : "a body after HEAD";
    if (answer.status === 204) return answer.text === "" ? null : "a body after 204";
    if (answer.status !== 200) return wrongProblem(answer);
    if (answer.body === undefined) return null;
    const known = schemas.find((schema) => schema.method === method && schema.pattern.test(path.split("?")[0]!));
    return known === undefined || known.validate(answer.body) ? null : ajv.errorsText(known.validate.errors);
  }
}

function wrongProblem({ status, headers, body, text }: Answer): string | null {
  const { code, detail, type } = (body ?? {}) as { code?: keyof typeof ERRORS; detail?: string; type?: string };
  if (!String(headers["content-type"]).startsWith("application/problem+json")) return "no problem+json";
  if (code === undefined || ERRORS[code]?.status !== status)
    return "a code that is not in the table, or not with this status";
  if (type !== `/docs/errors#${code}` || !detail) return "a problem without type or detail";
  if (text.length > 100_000) return "a problem that is longer than anybody reads";
  return LEAKS.test(text.replaceAll(/"(?:[^"\\]|\\.)*" given/g, "")) ? "a problem that tells of the inside" : null;
}
