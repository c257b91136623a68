/**
 * All a pipeline needs to tell Sluice something: `report("records", {stage, count})` is `POST /v1/records`.
 * Every report has an id made from what it is about, so that sending it again changes nothing.
 */
export function reporter({ url, key, pipeline_name, run_id, attempt, now }) {
  const headers = { "content-type": "application/json", ...(key && { authorization: `Bearer ${key}` }) };
  return async function report(kind, body, about = kind) {
    const id = `${pipeline_name}/${run_id}/${attempt}/${about}`;
    const sent = JSON.stringify({ pipeline_name, run_id, attempt, id, at: now(), ...body });
    for (let tries = 1; ; tries++) {
      const answer = await fetch(`${url}/v1/${kind}`, { method: "POST", headers, body: sent }).catch((error) => error);
      if (answer.ok) return answer.json();
      if (tries < 5 && (!answer.status || answer.status === 429 || answer.status >= 500)) {
        await new Promise((resolve) => setTimeout(resolve, 1000 * Number(answer.headers?.get("retry-after") ?? 1)));
        continue;
      }
      if (!answer.status)
        throw new ReportError(`Sluice does not answer at ${url}: ${answer.cause?.code ?? answer.message}`);
      const { code, detail } = await answer.json();
      // Reported before an interruption, with another measured latency: the first word stands.
      if (code === "report_conflict") return { duplicate: true };
      throw new ReportError(`Sluice refused ${id}: ${detail}`);
    }
  };
}

export class ReportError extends Error {}
