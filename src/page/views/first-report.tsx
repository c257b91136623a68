import { useState } from "preact/hooks";
import { Title } from "../parts/title.tsx";
import { apiKey } from "../state/session.ts";

const BODY = { pipeline_name: "hello", run_id: "first", check_name: "says_hello", score: 1 };

/** One line that works where it is pasted, with nothing to install. */
function linesOf(origin: string, withKey: boolean): Record<string, string> {
  const json = JSON.stringify(BODY);
  const target = `${origin}/v1/quality`;
  return {
    curl: `curl -sS ${target} -H 'content-type: application/json'${withKey ? ' -H "authorization: Bearer $SLUICE_API_KEY"' : ""} -d '${json}'`,
    Node: `node -e 'fetch("${target}", {method: "POST", headers: {"content-type": "application/json"${withKey ? ', authorization: "Bearer " + process.env.SLUICE_API_KEY' : ""}}, body: JSON.stringify(${json})}).then(async (r) => console.log(await r.text()))'`,
    Python: `python3 -c 'import json, os, urllib.request as u; print(u.urlopen(u.Request("${target}", json.dumps(${json}).encode(), {"content-type": "application/json"${withKey ? ', "authorization": "Bearer " + os.environ["SLUICE_API_KEY"]' : ""}})).read().decode())'`,
  };
}

/** Nothing was reported yet: how to, until it was. */
export function FirstReport() {
  const lines = linesOf(location.origin, apiKey.value !== null);
  return (
    <div class="first-report">
      <Title text="Board">Nothing was reported yet</Title>
      <p class="lead">Paste one of these lines into a terminal. This page changes by itself when the report arrives.</p>
      {Object.entries(lines).map(([language, line]) => (
        <Line key={language} language={language} line={line} />
      ))}
      {apiKey.value !== null && (
        <p class="hint">
          <code>SLUICE_API_KEY</code> holds a key with the role <code>report</code>:{" "}
          <code>sluice keys create --name hello --role report</code>
        </p>
      )}
      <p class="hint">
        What else can be reported: <a href="/docs">every route, to read and to try</a>.
      </p>
    </div>
  );
}

function Line({ language, line }: { language: string; line: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div class="line">
      <div class="line-head">
        <h2>{language}</h2>
        <button
          type="button"
          class="quiet"
          onClick={() => navigator.clipboard?.writeText(line).then(() => setCopied(true))}
          aria-label={`Copy the line for ${language}`}
        >
          {copied ? "Copied" : "Copy"}
        </button>
      </div>
      <pre>
        <code>{line}</code>
      </pre>
    </div>
  );
}
