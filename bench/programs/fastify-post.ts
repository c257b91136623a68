import Fastify, { type FastifySchema } from "fastify";
import Type, { type Static, type TSchema } from "typebox";
import { QualityAnswer, ReportAnswer, RunReportAnswer } from "../../src/contract/answers.ts";
import { compileCheck } from "../../src/contract/check.ts";
import { QualityBatchBody, QualityBody, RecordsBody, RunBody } from "../../src/contract/reports.ts";

// The same bodies, validation and answers on a Fastify server as it comes: what a service pays before it stores anything.

const app = Fastify();
app.setValidatorCompiler(({ schema }) => {
  const check = compileCheck(schema as object);
  return (value) => {
    const errors = check(value);
    return errors === null ? { value } : { error: new Error(errors[0]!.message) };
  };
});

function post<B extends TSchema, A extends TSchema>(
  url: string,
  body: B,
  answer: A,
  made: (of: Static<B>) => Static<A>,
) {
  const schema: FastifySchema = { body, response: { 200: answer } };
  app.post(url, { schema }, async (request) => made(request.body as Static<B>));
}
post("/v1/quality", Type.Union([QualityBody, QualityBatchBody]), QualityAnswer, (body) => {
  const checks = "checks" in body ? body.checks : [body];
  const answered = checks.map(({ check_name, score = null, threshold = 0 }) => {
    return { check_name, score, threshold, passed: score === null ? null : score >= threshold };
  });
  return { duplicate: false, checks: answered };
});
post("/v1/records", RecordsBody, ReportAnswer, () => ({ duplicate: false }));
post("/v1/runs", RunBody, RunReportAnswer, ({ pipeline_name, run_id, status }) => {
  const times = { started_at: null, finished_at: null, duration_seconds: null };
  return { duplicate: false, run: { pipeline_name, run_id: run_id ?? "", status, attempt: 1, ...times } };
});
app.get("/", async () => "ready");
await app.listen({ host: "127.0.0.1", port: Number(process.argv[2]) });
