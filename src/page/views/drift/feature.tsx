import { askJson, url } from "../../api/request.ts";
import type { List, ShownVerdict } from "../../api/types.ts";
import { Moment } from "../../parts/moment.tsx";
import { Name } from "../../parts/name.tsx";
import { Section } from "../../parts/section.tsx";
import { StateIcon, WordMark } from "../../parts/state-mark.tsx";
import { Waiting } from "../../parts/status.tsx";
import { pipelinePath, query } from "../../router.ts";
import { useLoad } from "../../state/use-load.ts";
import { figure } from "../../text/numbers.ts";
import { biggestChange, verdictInWords, whatCanBeSeen, whenEnough } from "../../text/verdicts.ts";
import { DriftHistory } from "./drift-history.tsx";
import { Histogram } from "./histogram.tsx";

const HISTORY = 200;

interface FeatureProps {
  pipeline_name: string;
  feature_name: string;
  latest: ShownVerdict | null;
}

/** One feature: the verdict in words, both histograms over each other, what each bin adds, and how it came so far. */
export function Feature({ pipeline_name, feature_name, latest }: FeatureProps) {
  const path = url(["drift", pipeline_name, feature_name], { limit: HISTORY });
  const history = useLoad(path, (signal) => askJson<List<ShownVerdict>>(path, { signal }), pipeline_name);
  const past = history.data?.items ?? [];
  const run_id = query.value.get("run");
  const verdict = past.find((one) => run_id !== null && one.run_id === run_id) ?? latest ?? past[0] ?? null;
  if (verdict === null) {
    return (
      <Section title={feature_name}>
        <Waiting of={history} what="the verdicts" />
        {history.data !== null && <p class="empty">No histogram of this feature was reported.</p>}
      </Section>
    );
  }
  const enough = whenEnough(verdict, past);
  const canBeSeen = whatCanBeSeen(verdict);
  const compared = verdict.psi !== null;
  const isLatest = latest === null || verdict.at === latest.at;
  return (
    <>
      <Section title={`Feature ${feature_name}`} aside={<WordMark word={verdict.verdict} />}>
        <p class="lead">
          <bdi>{verdictInWords(verdict)}</bdi> {compared && biggestChange(verdict.bins)}
        </p>
        {enough !== null && (
          <p class="note">
            <StateIcon decision="pending" /> {enough}
          </p>
        )}
        {verdict.bins.length > 0 && <Histogram bins={verdict.bins} compared={compared} />}
        {canBeSeen !== null && <p class="hint">{canBeSeen}</p>}
        <p class="hint">
          {verdict.run_id !== null && (
            <>
              Of run <Name>{verdict.run_id}</Name>,{" "}
            </>
          )}
          <Moment at={verdict.at} />
          {verdict.reference_version !== null && (
            <>
              , against reference <code>{verdict.reference_version.slice(0, 12)}</code>
            </>
          )}
          {measures(verdict)}
        </p>
        {!isLatest && (
          <p>
            This is not the latest verdict. <a href={pipelinePath(pipeline_name, "drift", feature_name)}>Show that</a>
          </p>
        )}
      </Section>
      <Waiting of={history} what="the history" />
      {history.data !== null && (
        <DriftHistory history={history.data.items} path={pipelinePath(pipeline_name, "drift", feature_name)} />
      )}
    </>
  );
}

const MEASURES = [
  ["js_distance", "Jensen–Shannon distance"],
  ["hellinger", "Hellinger"],
  ["ks", "Kolmogorov–Smirnov"],
  ["wasserstein", "Wasserstein"],
] as const;

function measures({ measures: given }: ShownVerdict): string {
  const known = MEASURES.flatMap(([name, text]) => {
    const value = given[name];
    return value === null || value === undefined ? [] : [`${text} ${figure(value)}`];
  });
  return known.length === 0 ? "" : `. ${known.join(", ")}.`;
}
