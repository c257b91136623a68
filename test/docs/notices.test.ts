import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { signature } from "../../src/adapters/notify/webhook/webhook.ts";
import { webhookBody } from "../../src/adapters/notify/webhook/webhook-body.ts";
import { loadConfig } from "../../src/config.ts";
import { message } from "../support/notify/messages.ts";

const page = readFileSync(new URL("../../docs/notices.md", import.meta.url), "utf8");
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, "g"))].map(([, text]) => text!);

const BODY = JSON.stringify({ title: "Grüße ✓", pipelines: [] });
const SECRET = "s3cret";

test("the snippet that verifies a signature in JavaScript takes ours, and no other", async () => {
  const [code] = blocks("js");
  const { isFromSluice } = (await import(`data:text/javascript,${encodeURIComponent(code!)}`)) as {
    isFromSluice: (body: string, signature: string | undefined, secret: string) => boolean;
  };
  const right = signature(SECRET, BODY);
  expect(isFromSluice(BODY, right, SECRET)).toBe(true);
  expect(isFromSluice(BODY, signature("other", BODY), SECRET)).toBe(false);
  expect(isFromSluice(`${BODY} `, right, SECRET)).toBe(false);
  expect(isFromSluice(BODY, undefined, SECRET)).toBe(false);
});

test("the one in Python does, too", async () => {
  const [code] = blocks("python");
  const right = signature(SECRET, BODY);
  const ask = `
import json, sys
body, right, secret = json.loads(sys.argv[1])
print(is_from_sluice(body.encode(), right, secret), is_from_sluice(body.encode() + b" ", right, secret))`;
  const { stdout } = await promisify(execFile)("python3", ["-c", code! + ask, JSON.stringify([BODY, right, SECRET])]);
  expect(stdout.trim()).toBe("True False");
});

test("the body that is shown has the keys of a real one", () => {
  const [shown] = blocks("json").map((text) => JSON.parse(text) as ReturnType<typeof webhookBody>);
  const real = webhookBody({ notice_id: "x", message: message(), thread: { thread_id: 1, ref: null } });
  expect(Object.keys(shown!)).toEqual(Object.keys(real));
  expect(Object.keys(shown!.pipelines[0]!)).toEqual(Object.keys(real.pipelines[0]!));
  expect(Object.keys(shown!.pipelines[0]!.reasons[0]!).sort()).toEqual(
    Object.keys(real.pipelines[0]!.reasons[0]!).sort(),
  );
});

test("every example of the configuration is read as it stands", () => {
  const channels = `
  channels:
${["pager", "oncall", "commerce", "mail", "data"].map((name) => `    - {name: ${name}, type: webhook, url: "https://x"}`).join("\n")}`;
  const examples = blocks("yaml");
  expect(examples.length).toBeGreaterThanOrEqual(5);
  for (const example of examples) {
    const whole = /\bchannels:\n/.test(example) ? example : example.replace("notices:", `notices:${channels}`);
    const teams = /^teams:/m.test(whole) ? whole : `${whole}\nteams: [{team: commerce, pipelines: [a]}]\n`;
    const files = {
      directory: "/w",
      read: (name: string) => {
        if (name === "/w/sluice.yaml") return teams;
        return name === "/run/secrets/smtp_url" ? "smtp://u:p@smtp.example.com:587" : "xoxb-1";
      },
    };
    expect(() => loadConfig({}, files), example).not.toThrow();
  }
});
