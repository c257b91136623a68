import { PIPELINE } from "../pipeline.mjs";

/** Where to go from here. The lines work when they are pasted. */
export function addresses({ url, key, started }, { paint }) {
  const curl = `curl -sS${key ? ' -H "Authorization: Bearer $SLUICE_API_KEY"' : ""}`;
  const lines = [
    paint.bold("Look around:"),
    `  ${paint.cyan(`${url}/`)}  the page`,
    `  ${paint.cyan(`${url}/docs`)}  every route`,
    `  ${curl} '${url}/v1/sla/${PIPELINE}?days=30'`,
    `  ${curl} '${url}/v1/drift/${PIPELINE}'`,
    `  ${curl} '${url}/metrics' | grep ${PIPELINE}`,
    paint.dim("  (counters show 0 in their first 35 seconds, so that Prometheus sees them begin)"),
  ];
  if (started) lines.push("", "Ctrl-C stops the agent that was started; its history is kept.");
  return lines.join("\n");
}
