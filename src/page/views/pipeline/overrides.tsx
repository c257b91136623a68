import { useState } from "preact/hooks";
import { wordsOf } from "../../api/problem.ts";
import { askJson, url } from "../../api/request.ts";
import type { List, ShownOverride } from "../../api/types.ts";
import { Moment } from "../../parts/moment.tsx";
import { Name } from "../../parts/name.tsx";
import { Section } from "../../parts/section.tsx";
import { StateMark } from "../../parts/state-mark.tsx";
import { Waiting } from "../../parts/status.tsx";
import { Table } from "../../parts/table.tsx";
import { now } from "../../state/clock.ts";
import { mayOperate } from "../../state/session.ts";
import { useLoad } from "../../state/use-load.ts";
import { until } from "../../text/time.ts";
import { OverrideForm } from "./override-form.tsx";

interface OverridesProps {
  pipeline_name: string;
  /** The run that the decision is about. */
  run_id: string | null;
  onChange: () => void;
}

/** Who has overridden the gate, why and until when; for those who may, a form to do so. */
export function Overrides({ pipeline_name, run_id, onChange }: OverridesProps) {
  const path = url(["gates", pipeline_name, "overrides"]);
  const overrides = useLoad(path, (signal) => askJson<List<ShownOverride>>(path, { signal }), pipeline_name);
  const [open, setOpen] = useState(false);
  const changed = () => {
    setOpen(false);
    overrides.reload();
    onChange();
  };
  const none = overrides.data?.items.length === 0;
  if (none && !mayOperate.value) return null;
  return (
    <Section
      title="Overrides"
      aside={
        mayOperate.value &&
        !open && (
          <button type="button" onClick={() => setOpen(true)}>
            ShownOverride the gate …
          </button>
        )
      }
    >
      {open && (
        <OverrideForm pipeline_name={pipeline_name} run_id={run_id} onDone={changed} onCancel={() => setOpen(false)} />
      )}
      <Waiting of={overrides} what="the overrides" />
      {overrides.data !== null && !(none && open) && (
        <OverrideTable pipeline_name={pipeline_name} overrides={overrides.data.items} onChange={changed} />
      )}
    </Section>
  );
}

function OverrideTable(props: { pipeline_name: string; overrides: readonly ShownOverride[]; onChange: () => void }) {
  const { pipeline_name, overrides, onChange } = props;
  const [failure, setFailure] = useState<string | null>(null);
  const end = async ({ override_id }: ShownOverride) => {
    try {
      await askJson(url(["gates", pipeline_name, "overrides", override_id]), { method: "DELETE" });
      onChange();
    } catch (error) {
      setFailure(wordsOf(error));
    }
  };
  return (
    <>
      {failure !== null && (
        <p class="failure" role="alert">
          {failure}
        </p>
      )}
      <Table
        caption="Overrides, newest first"
        rows={overrides}
        keyOf={({ override_id }) => override_id}
        empty="None: the evidence decides."
        columns={[
          { title: "To", cell: ({ decision }) => <StateMark decision={decision} /> },
          { title: "By", head: true, cell: ({ actor }) => <Name>{actor}</Name> },
          { title: "Why", sentence: true, cell: ({ reason }) => <bdi>{reason}</bdi> },
          { title: "For", cell: ({ run_id }) => (run_id === null ? "every run" : <Name>{run_id}</Name>) },
          {
            title: "Until",
            cell: (override) => (
              <>
                <Moment at={override.ended_at ?? override.expires_at} /> <span class="faint">({endOf(override)})</span>
              </>
            ),
          },
          ...(mayOperate.value
            ? [
                {
                  title: "End",
                  cell: (override: ShownOverride) =>
                    isOver(override) ? null : (
                      <button type="button" class="quiet" onClick={() => end(override)}>
                        End now
                      </button>
                    ),
                },
              ]
            : []),
        ]}
      />
    </>
  );
}

function isOver({ ended_at, expires_at }: ShownOverride): boolean {
  return ended_at !== null || new Date(expires_at).getTime() <= now.value;
}

function endOf({ ended_at, ended_by, expires_at }: ShownOverride): string {
  return ended_at === null ? until(expires_at, now.value) : `ended by ${ended_by}`;
}
