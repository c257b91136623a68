import { useEffect, useRef } from "preact/hooks";
import type { ShownVerdict } from "../../api/types.ts";
import { Moment } from "../../parts/moment.tsx";
import { Name } from "../../parts/name.tsx";
import { Section } from "../../parts/section.tsx";
import { WordMark } from "../../parts/state-mark.tsx";
import { TableOf } from "../../parts/table.tsx";
import { count, figure, plural } from "../../text/numbers.ts";

interface DriftHistoryProps {
  history: readonly ShownVerdict[];
  /** Where the feature is shown; ?run= shows the verdict of a run. */
  path: string;
}

export function DriftHistory({ history, path }: DriftHistoryProps) {
  return (
    <Section title="History" aside={<span class="hint">{plural(history.length, "report")}</span>}>
      {history.length > 1 && <HistoryChart history={history} />}
      <TableOf
        what="History"
        caption="Verdicts, newest first"
        rows={history}
        keyOf={({ at, run_id }) => `${at} ${run_id}`}
        empty="Nothing was reported."
        columns={[
          { title: "At", head: true, cell: ({ at }) => <Moment at={at} /> },
          {
            title: "Run",
            cell: ({ run_id }) =>
              run_id === null ? (
                "–"
              ) : (
                <a href={`${path}?run=${encodeURIComponent(run_id)}`}>
                  <Name>{run_id}</Name>
                </a>
              ),
          },
          { title: "Verdict", cell: ({ verdict }) => <WordMark word={verdict} /> },
          { title: "PSI", number: true, cell: ({ psi }) => (psi === null ? "–" : figure(psi)) },
          { title: "Threshold", number: true, cell: ({ threshold }) => figure(threshold) },
          { title: "Rows", number: true, cell: ({ n_current }) => count(n_current) },
        ]}
      />
    </Section>
  );
}

function HistoryChart({ history }: { history: readonly ShownVerdict[] }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let gone = false;
    let remove = () => {};
    import("./history-chart.ts").then(({ drawHistory }) => {
      if (!gone && place.current !== null) remove = drawHistory(place.current, history);
    });
    return () => {
      gone = true;
      remove();
    };
  }, [history]);
  return (
    <figure class="chart">
      <figcaption>
        <span class="key psi">PSI</span> <span class="key threshold">threshold</span>{" "}
        <span class="key critical">what chance alone reaches</span> <span class="key drifted">✕ drifted</span>
      </figcaption>
      <div ref={place} class="chart-place" role="img" aria-label="PSI over time; the table below holds the same" />
    </figure>
  );
}
