import { path } from "../router.ts";
import { live, silentSince } from "../state/connection.ts";
import { apiKey, mayRead, signedOut, whoami } from "../state/session.ts";
import { THEMES, type Theme, theme } from "../state/theme.ts";
import { Name } from "./name.tsx";

const VIEWS = [
  ["/", "Board"],
  ["/sla", "SLA"],
  ["/notices", "Notices"],
  ["/about", "About"],
] as const;

export function Header() {
  const known = whoami.value;
  const views = VIEWS.filter(([to]) => mayRead.value || to === "/about");
  return (
    <header class="top">
      <a class="brand" href="/">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path d="M8 5v22M24 5v22" class="posts" />
          <path d="M8 12h16M8 18h16" class="boards" />
        </svg>
        Sluice
      </a>
      {known !== null && (
        <nav aria-label="Views">
          {views.map(([to, text]) => (
            <a key={to} href={to} aria-current={isCurrent(to) ? "page" : undefined}>
              {text}
            </a>
          ))}
        </nav>
      )}
      <div class="tools">
        {known !== null && mayRead.value && <Liveness />}
        <label class="theme">
          <span class="hidden">Colours</span>
          <select value={theme.value} onChange={(event) => chooseTheme(event.currentTarget.value)}>
            {THEMES.map((one) => (
              <option key={one} value={one}>
                {one === "auto" ? "system colours" : one}
              </option>
            ))}
          </select>
        </label>
        {apiKey.value !== null && known !== null && (
          <button type="button" class="quiet" onClick={() => signedOut(null)} title={`signed in as ${known.name}`}>
            Sign out <Name>{known.name ?? ""}</Name>
          </button>
        )}
      </div>
    </header>
  );
}

function isCurrent(to: string): boolean {
  return to === "/" ? path.value === "/" || path.value.startsWith("/pipelines/") : path.value === to;
}

function chooseTheme(value: string): void {
  theme.value = THEMES.find((one) => one === value) ?? ("auto" satisfies Theme);
}

const LIVE = {
  live: "Changes appear by themselves",
  polling: "The agent is asked every 10 s",
  connecting: "Connecting to the agent",
};

function Liveness() {
  const state = silentSince.value !== null ? "away" : live.value;
  return (
    <span class={`liveness ${state}`} title={state === "away" ? "The agent does not answer" : LIVE[state]}>
      <span class="dot" aria-hidden="true" />
      {state}
    </span>
  );
}
