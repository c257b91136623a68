import type { ShownPipelineSla, ShownSlaDay } from "../../api/types.ts";
import { Section } from "../../parts/section.tsx";
import { WordMark } from "../../parts/state-mark.tsx";
import { TableOf } from "../../parts/table.tsx";
import { count, rate } from "../../text/numbers.ts";
import { dayOf } from "../../text/time.ts";

const DAY_MS = 86_400_000;
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const SIGNS = { ok: "", breaching: "✕", no_data: "·" };

/** A square a day, a column a week: green where the target was reached, crossed where it was not, dotted without data. */
export function Calendar({ sla }: { sla: ShownPipelineSla }) {
  const days = withGaps(sla);
  const first = weekday(days[0]?.day ?? "1970-01-01");
  const weeks = Math.ceil((first + days.length) / 7);
  return (
    <Section
      title="Day by day"
      aside={
        <span class="hint">
          <span class="day ok" /> target reached <span class="day breaching">✕</span> below{" "}
          <span class="day no_data">·</span> no data
        </span>
      }
    >
      <div
        class={days.length > 120 ? "calendar" : "calendar wide-cells"}
        role="img"
        aria-label={`Calendar of the days; ${inShort(days)}. The table below holds each day`}
      >
        <div class="weekdays" aria-hidden="true">
          {WEEKDAYS.map((name, i) => (
            <span key={name}>{i % 2 === 0 ? name : ""}</span>
          ))}
        </div>
        <div class="weeks">
          <div class="months" style={{ gridTemplateColumns: `repeat(${weeks}, var(--cell))` }}>
            {monthsOf(days, first).map(([text, column]) => (
              <span key={column} style={{ gridColumn: column + 1 }}>
                {text}
              </span>
            ))}
          </div>
          <div class="days">
            {Array.from({ length: first }, (_, i) => (
              <span key={`before ${WEEKDAYS[i]}`} />
            ))}
            {days.map((day) => (
              <span key={day.day} class={`day ${day.state} ${shade(day)}`} title={inWords(day)}>
                {SIGNS[day.state]}
              </span>
            ))}
          </div>
        </div>
      </div>
      <TableOf
        what="Days"
        caption="SLA by day, latest first"
        rows={days.toReversed()}
        keyOf={({ day }) => day}
        empty=""
        columns={[
          { title: "Day (UTC)", head: true, cell: ({ day }) => day },
          { title: "State", cell: ({ state }) => <WordMark word={state} /> },
          { title: "Rate", number: true, cell: (day) => (day.rate === null ? "no data" : rate(day.rate)) },
          { title: "Passed", number: true, cell: ({ passed, total }) => `${count(passed)} of ${count(total)}` },
          { title: "Excluded", number: true, cell: ({ excluded }) => count(excluded) },
        ]}
      />
    </Section>
  );
}

/** Every day of the window, those without an entry too. */
function withGaps({ from, to, days = [] }: ShownPipelineSla): ShownSlaDay[] {
  const known = new Map(days.map((day) => [day.day, day]));
  const all: ShownSlaDay[] = [];
  for (let at = Date.parse(`${from.slice(0, 10)}T00:00:00Z`); at < Date.parse(to); at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    all.push(known.get(day) ?? { day, total: 0, passed: 0, excluded: 0, rate: null, state: "no_data" });
  }
  return all;
}

/** 0: Monday. */
function weekday(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

/** The month's name over the week in which it begins; none where the next follows at once. */
function monthsOf(days: readonly ShownSlaDay[], first: number): [string, number][] {
  const begins: [string, number][] = [];
  for (const [i, { day }] of days.entries()) {
    if (i !== 0 && !day.endsWith("-01")) continue;
    begins.push([dayOf(`${day}T00:00:00Z`).split(" ")[1]!, Math.floor((first + i) / 7)]);
  }
  return begins.filter(([, column], i) => (begins[i + 1]?.[1] ?? column + 3) - column >= 3);
}

/** Three steps of how far below, for days with many checks. */
function shade({ rate: reached, state }: ShownSlaDay): string {
  if (state !== "breaching" || reached === null) return "";
  return reached < 50 ? "far" : "near";
}

function inWords({ day, total, passed, rate: reached }: ShownSlaDay): string {
  return reached === null ? `${day}: no data` : `${day}: ${rate(reached)}, ${passed} of ${total} passed`;
}

function inShort(days: readonly ShownSlaDay[]): string {
  const number = (state: string) => days.filter((day) => day.state === state).length;
  return `${number("ok")} reached the target, ${number("breaching")} did not, ${number("no_data")} without data`;
}
