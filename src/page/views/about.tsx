import { askJson } from "../api/request.ts";
import { Section } from "../parts/section.tsx";
import { WordMark } from "../parts/state-mark.tsx";
import { Title } from "../parts/title.tsx";
import { live, silentSince } from "../state/connection.ts";
import { mayAdminister, whoami } from "../state/session.ts";
import { useLoad } from "../state/use-load.ts";
import { CONFIG_PATH, Configuration } from "./configuration.tsx";

export function About() {
  const described = useLoad("openapi", (signal) =>
    askJson<{ info: { version: string }; paths: object }>("/openapi.json", { signal }),
  );
  const ready = useLoad("ready", (signal) => askJson<{ status: string }>("/readyz", { signal }));
  const known = whoami.value;
  const version = described.data?.info.version ?? "…";
  return (
    <>
      <Title text="About" />
      <Section title="The agent">
        <dl class="facts">
          <dt>Version</dt>
          <dd>Sluice {version}</dd>
          <dt>Address</dt>
          <dd>{location.origin}</dd>
          <dt>Health</dt>
          <dd>
            {silentSince.value !== null ? (
              <WordMark word="unreachable" />
            ) : (
              <WordMark word={ready.data?.status ?? (ready.error === null ? "asking" : "not ready")} />
            )}
          </dd>
          <dt>Changes</dt>
          <dd>
            {live.value === "live"
              ? "arrive by themselves"
              : live.value === "polling"
                ? "are asked for every 10 s"
                : "not connected"}
          </dd>
        </dl>
      </Section>
      <Section title="Your key">
        <dl class="facts">
          <dt>Name</dt>
          <dd>{known?.name ?? "none is needed: no API key is configured"}</dd>
          <dt>May</dt>
          <dd>{known?.roles.join(", ")}</dd>
          <dt>Sees</dt>
          <dd>{known?.pipelines === null ? "all pipelines" : known?.pipelines.join(", ")}</dd>
        </dl>
      </Section>
      <Configuration handedOut={mayAdminister.value && CONFIG_PATH in (described.data?.paths ?? {})} />
      <Section title="More">
        <ul>
          <li>
            <a href="/docs">Every route, to read and to try</a>
          </li>
          <li>
            <a href="/docs/errors">Error codes</a>
          </li>
          <li>
            <a href="/metrics">Metrics, for Prometheus</a>
          </li>
        </ul>
      </Section>
    </>
  );
}
