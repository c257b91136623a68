import { createHmac } from "node:crypto";
import type { Notifier } from "../../../ports.ts";
import { hideSecrets, secretsOfUrl } from "../hide-secrets.ts";
import { httpPost } from "../http-post.ts";
import { urlLogin } from "../url-login.ts";
import { webhookBody } from "./webhook-body.ts";

export interface WebhookSettings {
  name: string;
  url: string;
  /** Key of the signature; null: the body is not signed. */
  secret: string | null;
  timeout?: number;
}

/**
 * POSTs a notice as JSON. `Sluice-Signature: sha256=HEX` is the HMAC-SHA256 of the body under the secret; `Idempotency-Key`
 * is the notice_id, the same each time the notice is sent.
 */
export function webhookNotifier({ name, url, secret, timeout }: WebhookSettings): Notifier {
  const login = urlLogin(url);
  const hide = hideSecrets([...secretsOfUrl(url), ...login.secrets, ...(secret === null ? [] : [secret])]);
  return {
    channel: name,
    threads: true,
    send: async (notice) => {
      const body = JSON.stringify(webhookBody(notice));
      const headers: Record<string, string> = { "idempotency-key": notice.notice_id, ...login.headers };
      if (secret !== null) headers["sluice-signature"] = signature(secret, body);
      return httpPost({ url: login.url, body, headers, hide, ...(timeout === undefined ? {} : { timeout }) });
    },
    close() {},
  };
}

/** As GitHub signs: `sha256=` and the hexadecimal HMAC-SHA256 of the bytes of the body. */
export function signature(secret: string, body: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}
