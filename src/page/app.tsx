import { useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { wordsOf } from "./api/problem.ts";
import { askJson } from "./api/request.ts";
import type { Whoami } from "./api/types.ts";
import { Banner } from "./parts/banner.tsx";
import { Header } from "./parts/header.tsx";
import { generation, silentSince } from "./state/connection.ts";
import { loadGates } from "./state/gates.ts";
import { followAgent } from "./state/live.ts";
import { apiKey, keyWanted, mayRead, signedIn, whoami } from "./state/session.ts";
import { useLoad } from "./state/use-load.ts";
import { SignIn } from "./views/sign-in.tsx";
import { View } from "./views/view.tsx";

const RETRY_MS = 2000;

export function App() {
  const key = apiKey.value;
  const who = useLoad(`who ${key ?? ""}`, async (signal) => {
    // Without a key it is known already that one is wanted, and why.
    if (keyWanted.peek() !== null) return null;
    const answer = await askJson<Whoami>("/v1/whoami", { signal });
    signedIn(answer);
    return answer;
  });
  useEffect(() => {
    if (whoami.value !== null || keyWanted.value !== null || who.error === null) return;
    const timer = setTimeout(who.reload, RETRY_MS);
    return () => clearTimeout(timer);
  }, [who.error, who.reload]);
  useFollowing();
  return (
    <>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <Header />
      <Banner />
      <main id="content">
        {keyWanted.value !== null ? (
          <SignIn detail={keyWanted.value.detail} />
        ) : whoami.value !== null ? (
          <View />
        ) : (
          <p class="waiting">
            {who.error === null || silentSince.value !== null ? "Asking the agent …" : wordsOf(who.error)}
          </p>
        )}
      </main>
    </>
  );
}

/** From signing in to signing out the gates are followed, whatever view is open. */
function useFollowing(): void {
  const reads = whoami.value !== null && mayRead.value;
  const key = apiKey.value;
  // Another key sees other pipelines.
  useEffect(() => {
    if (!reads) return;
    const stop = new AbortController();
    followAgent(stop.signal);
    return () => stop.abort();
  }, [reads, key]);
  useSignalEffect(() => {
    generation.value;
    if (whoami.value !== null && mayRead.value) loadGates().catch(() => {});
  });
}
