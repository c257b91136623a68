import { Fragment } from "preact";
import { askJson } from "../api/request.ts";
import { Section } from "../parts/section.tsx";
import { Waiting } from "../parts/status.tsx";
import { useLoad } from "../state/use-load.ts";

export const CONFIG_PATH = "/v1/config";

/** What the agent was configured with, secrets hidden, where it hands that out; else how to see it. */
export function Configuration({ handedOut }: { handedOut: boolean }) {
  return (
    <Section title="Configuration">
      {handedOut ? (
        <InForce />
      ) : (
        <p>
          It is in <code>sluice.yaml</code> and the environment of the agent. <code>sluice config check</code> prints
          what holds, with secrets hidden.
        </p>
      )}
    </Section>
  );
}

function InForce() {
  const config = useLoad(CONFIG_PATH, (signal) => askJson<Record<string, unknown>>(CONFIG_PATH, { signal }));
  return (
    <>
      <Waiting of={config} what="the configuration" />
      {config.data !== null && (
        <dl class="facts">
          {Object.entries(config.data).map(([name, value]) => (
            <Fragment key={name}>
              <dt>
                <code>{name}</code>
              </dt>
              <dd>
                <pre class="setting">{lines(value).join("\n")}</pre>
              </dd>
            </Fragment>
          ))}
        </dl>
      )}
    </>
  );
}

/** As sluice.yaml would say it, near enough to read: a key a line, what is below it further in. */
function lines(value: unknown, indent = ""): string[] {
  if (value === null || typeof value !== "object") return [indent + String(value)];
  const entries = Object.entries(value);
  if (entries.length === 0) return [indent + (Array.isArray(value) ? "[]" : "{}")];
  return entries.flatMap(([key, inner]) => {
    const name = Array.isArray(value) ? "-" : `${key}:`;
    const below = lines(inner, `${indent}  `);
    const isShort = below.length === 1 && !below[0]!.trimStart().includes(": ");
    return isShort ? [`${indent}${name} ${below[0]!.trimStart()}`] : [`${indent}${name}`, ...below];
  });
}
