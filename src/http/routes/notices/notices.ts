import Type from "typebox";
import { ListOf } from "../../../contract/answers.ts";
import { compileCheck } from "../../../contract/check.ts";
import { Name } from "../../../contract/fields.ts";
import { NoticeAnswer, NoticeId, NoticeStateQuery, QueuedAnswer, TestNoticeBody } from "../../../contract/notice.ts";
import { formatTime } from "../../../domain/words/time.ts";
import { SluiceError } from "../../../errors.ts";
import type { NoticeRow } from "../../../ports.ts";
import { resendNotice, type SendNoticeDeps, sendTestNotice } from "../../../service/notices/send-notice.ts";
import { allowedPatterns, requirePipeline } from "../../access/auth.ts";
import { whenOrNull } from "../../answers/when-or-null.ts";
import { readBody } from "../../bodies/read-body.ts";
import { decodeCursor, page } from "../../parameters/cursor.ts";
import type { TypedApp } from "../../server/typed-app.ts";
import { paging } from "../runs/runs.ts";

const checkTest = compileCheck(TestNoticeBody);

/** What people were told, and what could not be delivered. */
export function noticeRoutes(app: TypedApp, deps: SendNoticeDeps): void {
  app.get(
    "/v1/notices",
    {
      config: { role: ["read", "operate"] },
      schema: {
        tags: ["notices"],
        summary: "Messages to people, newest first",
        querystring: Type.Object(
          { pipeline_name: Type.Optional(Name), state: Type.Optional(NoticeStateQuery), ...paging },
          { additionalProperties: false },
        ),
        response: { 200: ListOf(NoticeAnswer) },
      },
    },
    async (request) => {
      const { query } = request;
      if (query.pipeline_name !== undefined) requirePipeline(request.caller, query.pipeline_name);
      const rows = await deps.notices.list({
        pipeline_name: query.pipeline_name ?? null,
        state: query.state ?? null,
        allowed: allowedPatterns(request.caller),
        after: decodeCursor(query.cursor, ["key"])?.[0] ?? null,
        limit: query.limit + 1,
      });
      const { items, next_cursor } = page(rows, query.limit, (last) => [last.seq]);
      return { items: items.map(noticeAnswer), next_cursor };
    },
  );

  app.post(
    "/v1/notices/:notice_id/resend",
    {
      config: { role: "operate" },
      schema: {
        tags: ["notices"],
        summary: "Send a notice again, whatever became of it",
        params: Type.Object({ notice_id: NoticeId }),
        response: { 200: NoticeAnswer },
      },
    },
    async (request) => {
      const { notice_id } = request.params;
      return noticeAnswer(await resendNotice(deps, notice_id, allowedPatterns(request.caller)));
    },
  );

  app.post(
    "/v1/notices/test",
    {
      config: { role: "operate" },
      schema: {
        tags: ["notices"],
        summary: "Send a test message to a channel; what became of it stands in GET /v1/notices",
        body: TestNoticeBody,
        response: { 201: QueuedAnswer },
      },
    },
    async (request, reply) => {
      const { channel } = readBody<{ channel: string }>(checkTest, request.body);
      if (request.caller.pipelines !== null) {
        throw new SluiceError("forbidden", "channel: this API key is for some pipelines; a test message is about none");
      }
      return reply.code(201).send({ notice_id: await sendTestNotice(deps, channel) });
    },
  );
}

function noticeAnswer({ seq: _, ...row }: NoticeRow) {
  return {
    ...row,
    created_at: formatTime(row.created_at),
    sent_at: whenOrNull(row.sent_at),
    next_attempt_at: whenOrNull(row.next_attempt_at),
  };
}
