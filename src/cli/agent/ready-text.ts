export interface Ready {
  url: string;
  version: string;
  needs_key: boolean;
}

/** What a start says once reports are taken. The curl line works when it is pasted. */
export function readyText({ url, version, needs_key }: Ready): string {
  const base = reachable(url);
  const key = needs_key ? ' -H "Authorization: Bearer $SLUICE_API_KEY"' : "";
  const body = '{"pipeline_name":"hello","check_name":"says_hello","score":1}';
  return [
    `Sluice ${version} is ready: ${base}`,
    "",
    `  the page      ${base}/`,
    `  the API       ${base}/docs`,
    `  the metrics   ${base}/metrics`,
    "",
    "Report something, here a quality score of 1 for the pipeline hello:",
    "",
    `  curl -sS '${base}/v1/quality'${key} -H 'Content-Type: application/json' -d '${body}'`,
    "",
  ].join("\n");
}

/** An agent that listens on all addresses is reached at this one. */
function reachable(url: string): string {
  return url.replace(/\/$/, "").replace(/^(https?:\/\/)(0\.0\.0\.0|\[::\])/, "$1127.0.0.1");
}
