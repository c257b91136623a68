import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { FORMATS } from "../../../src/contract/formats.ts";
import { testAgentOf, testServer } from "../../support/agent.ts";

const page = readFileSync(path.resolve(import.meta.dirname, "../../../docs/formats.md"), "utf8");
const files = new Map(
  [...page.matchAll(/^`(\S+)`:\n\n```\w+\n([\s\S]*?)```/gm)].map(([, name, text]) => [name!, text!]),
);
const commands = [...page.matchAll(/^(curl .*localhost:9877.*)$/gm)].map(([, command]) => command!);

/** What curl would send, of the few options the page uses. */
function requestOf(command: string) {
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
  const after = (...options: string[]) => words[words.findIndex((word) => options.includes(word)) + 1]!;
  const data = after("--json", "--data-binary");
  const url = new URL(words.at(-1)!);
  return {
    method: words.includes("-X") ? after("-X") : "POST",
    path: `${url.pathname}${url.search}`,
    headers: { "content-type": words.includes("-H") ? after("-H").replace("content-type: ", "") : "application/json" },
    body: data.startsWith("@") ? files.get(data.slice(1))! : data,
  };
}

const agent = await testAgentOf(await testServer());

describe("docs/formats.md", () => {
  test("has a section for each format, with a reference and a report in it", () => {
    const sections = new Map(
      page
        .split(/^## /m)
        .slice(1)
        .map((text) => [text.slice(0, text.indexOf("\n")), text]),
    );
    expect([...sections.keys()]).toEqual([...FORMATS]);
    for (const [format, text] of sections) {
      expect(text).toMatch(new RegExp(`curl -X PUT .*/v1/references/.*format=${format}`));
      expect(text).toMatch(new RegExp(`curl .*/v1/drift\\?format=${format}&pipeline_name=`));
    }
  });

  test.each(commands)("%s", async (command) => {
    const answer = await agent.send(requestOf(command));
    expect(answer.status, answer.text).toBe(200);
    const body = answer.body as { items?: unknown[]; features?: object; version?: string };
    const found = body.items?.length ?? Object.keys(body.features ?? {}).length;
    expect(found > 0 || body.version !== undefined).toBe(true);
  });
});
