import { createHash } from "node:crypto";
import { type Digest, digestTitle } from "../../domain/notices/digest.ts";
import type { NoticeLink, NoticeMessage } from "../../domain/notices/words/message.ts";
import { formatTime } from "../../domain/words/time.ts";
import type { Clock, NoticeStore } from "../../ports.ts";
import { type DigestDeps, type DigestRequest, readDigest } from "./read-digest.ts";

export interface SendDigestDeps extends DigestDeps {
  notices: Pick<NoticeStore, "add">;
  clock: Clock;
  links: () => NoticeLink[];
  newId: () => string;
  wake: () => void;
}

/** Writes the digest of [from, to) into the outbox, once a channel: of several agents the first one writes it. */
export async function sendDigest(
  deps: SendDigestDeps,
  { period, team, from, to }: Omit<DigestRequest, "allowed">,
  channels: readonly string[],
): Promise<void> {
  const now = deps.clock.now();
  const message = digestMessage(await readDigest(deps, { period, team, from, to, allowed: null }), now, deps.links());
  const notices = channels.map((channel) => ({
    notice_id: deps.newId(),
    channel,
    message,
    pipeline_names: [],
    once: once([period, team, channel, formatTime(to)]),
  }));
  if ((await deps.notices.add(notices, now)) > 0) deps.wake();
}

/** Hashed: a btree cannot index long names. */
function once(parts: readonly unknown[]): string {
  return `digest ${createHash("sha256").update(JSON.stringify(parts)).digest("base64url")}`;
}

export function digestMessage(digest: Digest, now: number, links: NoticeLink[]): NoticeMessage {
  return {
    kind: "digest",
    severity: "info",
    title: digestTitle(digest),
    standing: "digest",
    code: null,
    news: null,
    at: now,
    since: digest.from,
    until: null,
    pipelines: [],
    total: 0,
    open: 0,
    advice: [],
    links,
    picture: null,
    digest,
  };
}
