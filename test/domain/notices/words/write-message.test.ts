import { expect, test } from "vitest";
import { emailText } from "../../../../src/adapters/notify/email/email-text.ts";
import { slackMessage } from "../../../../src/adapters/notify/slack/slack-blocks.ts";
import { finding, message, NOW, trouble, troubleState } from "../../../support/notify/messages.ts";

test("an error of several lines is one line in a title, and whole where there is room", () => {
  const detail = `Run r failed: Traceback (most recent call last):\n  File "load.py", line 3\nValueError: ${"x".repeat(300)}`;
  const reasons = [finding({ code: "run_failed", subject: null, detail })];
  const failed = message([troubleState({ trouble: trouble({ reasons }) })]);
  const { pipeline_name } = failed.pipelines[0]!;
  expect(failed.title).toBe(`${pipeline_name} is blocked: Run r failed: Traceback (most recent call last): …`);
  expect(slackMessage(failed).text).not.toContain("\n");
  expect(JSON.stringify(slackMessage(failed))).toContain("ValueError");
  expect(emailText(failed)).toContain("ValueError");
});

test("an error of one long line is cut where it is a title", () => {
  const reasons = [finding({ detail: "y".repeat(1000) })];
  expect(message([troubleState({ trouble: trouble({ reasons }) })]).title.length).toBeLessThanOrEqual(160);
});

test("a group of which some were archived does not say that all are fine", () => {
  const ended = { say: "resolved", closes: true, grouped: true } as const;
  const both = (...archived: [boolean, boolean]) =>
    message(
      archived.map((one, pipeline_id) =>
        troubleState({ pipeline_id, open: false, opened_at: NOW - 1000, closed_at: NOW, archived: one }),
      ),
      ended,
    );
  expect(both(true, true).title).toBe("All 2 pipelines were archived");
  expect(both(true, false).title).toBe("All 2 pipelines are over, 1 of them archived");
  expect(both(false, false).title).toBe("All 2 pipelines are fine again");
  expect(emailText(both(true, false))).toMatch(/was archived[\s\S]*fine again/);
});
