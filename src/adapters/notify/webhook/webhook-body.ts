import type { PipelineNotice } from "../../../domain/notices/words/message.ts";
import { formatTime } from "../../../domain/words/time.ts";
import type { LeasedNotice } from "../../../ports.ts";

/** The body of a webhook: the words of the API, times as RFC 3339. */
export function webhookBody({ notice_id, message, thread }: Pick<LeasedNotice, "notice_id" | "message" | "thread">) {
  const { kind, severity, title, standing, code, news, at, since, until, pipelines, total, open } = message;
  return {
    notice_id,
    thread_id: thread?.thread_id ?? null,
    kind,
    severity,
    standing,
    code,
    title,
    news,
    at: formatTime(at),
    since: formatTime(since),
    until: until === null ? null : formatTime(until),
    pipelines: pipelines.map(pipelineBody),
    pipelines_total: total,
    pipelines_open: open,
    advice: message.advice,
    links: message.links,
    ...(message.digest === undefined ? {} : { digest: message.digest }),
  };
}

function pipelineBody(pipeline: PipelineNotice) {
  const { pipeline_name, open, standing, change = null, since, run_id, reasons, let_through, blocks } = pipeline;
  return {
    pipeline_name,
    open,
    standing,
    change,
    since: formatTime(since),
    run_id,
    reasons,
    let_through: let_through && { ...let_through, expires_at: formatTime(let_through.expires_at) },
    blocks,
  };
}
