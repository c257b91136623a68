import { useEffect, useState } from "preact/hooks";
import { wordsOf } from "../api/problem.ts";
import { askJson, url } from "../api/request.ts";
import type { List, ShownNotice } from "../api/types.ts";
import { Moment } from "../parts/moment.tsx";
import { PipelineLink } from "../parts/name.tsx";
import { WordMark } from "../parts/state-mark.tsx";
import { Waiting } from "../parts/status.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { Title } from "../parts/title.tsx";
import { now } from "../state/clock.ts";
import { mayOperate } from "../state/session.ts";
import { useLoad } from "../state/use-load.ts";
import { plural } from "../text/numbers.ts";

/** What the agent told people, or could not. */
export function Notices() {
  const path = url(["notices"], { limit: 200 });
  const notices = useLoad(path, (signal) => askJson<List<ShownNotice>>(path, { signal }));
  const [failure, setFailure] = useState<string | null>(null);
  const resend = async ({ notice_id }: ShownNotice) => {
    try {
      await askJson(url(["notices", notice_id, "resend"]), { method: "POST" });
      setFailure(null);
      notices.reload();
    } catch (error) {
      setFailure(wordsOf(error));
    }
  };
  const items = notices.data?.items ?? [];
  const waiting = items.some(({ state }) => state === "pending");
  const { reload } = notices;
  const tick = now.value;
  // What is on its way arrives, or does not.
  useEffect(() => {
    if (waiting && tick > 0) reload();
  }, [waiting, tick, reload]);
  return (
    <>
      <Title text="Notices" />
      {notices.data !== null && <p class="lead">{summary(items)}</p>}
      {failure !== null && (
        <p class="failure" role="alert">
          {failure}
        </p>
      )}
      <Waiting of={notices} what="the notices" />
      {notices.data !== null && (
        <Table
          caption="Notices, newest first"
          rows={items}
          keyOf={({ notice_id, channel }) => `${notice_id} ${channel}`}
          empty="None. Who is told of what is set under notices in sluice.yaml; without a channel nothing is sent."
          columns={mayOperate.value ? [...COLUMNS, resendColumn(resend)] : COLUMNS}
        />
      )}
    </>
  );
}

const COLUMNS: readonly Column<ShownNotice>[] = [
  { title: "Made", cell: ({ created_at }) => <Moment at={created_at} /> },
  { title: "State", cell: ({ state }) => <WordMark word={state} /> },
  { title: "Says", head: true, sentence: true, cell: ({ title }) => <bdi>{title}</bdi> },
  {
    title: "Pipeline",
    cell: ({ pipeline_name }) => (pipeline_name === null ? "–" : <PipelineLink pipeline_name={pipeline_name} />),
  },
  { title: "Kind", cell: ({ kind }) => kind },
  { title: "Severity", cell: ({ severity }) => severity },
  { title: "To", cell: ({ channel }) => <bdi>{channel}</bdi> },
  { title: "Sent", cell: ({ sent_at }) => <Moment at={sent_at} none="not sent" /> },
  { title: "Attempts", number: true, cell: ({ attempts }) => attempts },
  {
    title: "Last error",
    sentence: true,
    when: ({ last_error }) => Boolean(last_error),
    cell: ({ last_error }) => <bdi>{last_error ?? ""}</bdi>,
  },
];

function resendColumn(resend: (notice: ShownNotice) => void): Column<ShownNotice> {
  return {
    title: "Send again",
    cell: (notice) =>
      notice.state === "pending" ? null : (
        <button type="button" class="quiet" onClick={() => resend(notice)} aria-label={`Send again: ${notice.title}`}>
          Send again
        </button>
      ),
  };
}

function summary(items: readonly ShownNotice[]): string {
  const number = (state: ShownNotice["state"]) => items.filter((item) => item.state === state).length;
  const [dead, pending] = [number("dead"), number("pending")];
  if (dead > 0) return `${plural(dead, "notice")} could not be delivered. Mend the channel, then send them again.`;
  if (items.length === 0) return "";
  return pending > 0 ? `${plural(pending, "notice")} on the way.` : "Every notice was delivered.";
}
