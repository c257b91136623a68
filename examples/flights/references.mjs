import { addDays } from "./calendar.mjs";
import { FEATURES, histogramsOf } from "./features.mjs";
import { PIPELINE } from "./pipeline.mjs";
import { ReportError } from "./report.mjs";

/** Two weeks: each day of the week twice, since a Saturday is not a Monday. */
const REFERENCE_DAYS = 14;

/** The days before the window that somebody would choose who knows what went wrong on the others. */
export function referenceDays(window, isGood) {
  return Array.from({ length: REFERENCE_DAYS }, (_, i) => addDays(window[0], i - REFERENCE_DAYS)).filter(isGood);
}

export async function haveReferences(ask) {
  const { items } = (await ask(`/v1/references/${PIPELINE}`)) ?? { items: [] };
  const known = new Set(items.map(({ feature_name }) => feature_name));
  return Object.keys(FEATURES).every((name) => known.has(name));
}

/** `PUT /v1/references/{pipeline_name}/{feature_name}`, once a feature: what the days to come are compared with. */
export async function putReferences({ url, key }, database, days) {
  const headers = { "content-type": "application/json", ...(key && { authorization: `Bearer ${key}` }) };
  const note = `${days[0]} to ${days.at(-1)}, the days without trouble`;
  for (const [feature, histogram] of Object.entries(histogramsOf(database, days))) {
    const answer = await fetch(`${url}/v1/references/${PIPELINE}/${feature}`, {
      method: "PUT",
      headers,
      body: JSON.stringify({ ...histogram, note }),
    });
    if (!answer.ok)
      throw new ReportError(`Sluice refused the reference of ${feature}: ${(await answer.json()).detail}`);
  }
}
