import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { missingBadge } from "../../src/http/badges/badge-route.ts";
import { BADGE_COLORS, escapeXml } from "../../src/http/badges/badge-svg.ts";
import { type GateBadge, gateBadge } from "../../src/http/badges/gate-badge.ts";
import { nameOnBadge } from "../../src/http/badges/name-on-badge.ts";
import { type SlaBadge, slaBadge } from "../../src/http/badges/sla-badge.ts";
import { textWidth } from "../../src/http/badges/text-width.ts";

const gate = (decision: GateBadge["decision"], pipeline_name = "orders_daily", overridden = false) =>
  gateBadge({ pipeline_name, decision, overridden });
const sla = (more: Partial<SlaBadge>) =>
  slaBadge({ pipeline_name: "orders_daily", days: 30, rate: 99.5, target: 99, state: "ok", ...more });

/** The two texts that are drawn. */
const drawn = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
const titleOf = (svg: string) => /<title>([^<]*)<\/title>/.exec(svg)![1];

const NAMES = {
  plain: "orders_daily",
  html: `<script>alert("1")</script>&amp;'`,
  arabic: "خط أنابيب الطلبات",
  hebrew: "צינור הזמנות (יומי)",
  override: "evil\u{202E}gnp.exe",
  emoji: "🧑‍🚀 rockets 🇫🇷",
  chinese: "订单每日处理流水线",
  cyrillic: "ЖУРНАЛ ЩЕЛЧКОВ щщщ",
  combining: "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L",
  long: "w".repeat(200),
  "long emoji": "👩‍👩‍👧‍👦".repeat(28),
};

describe("a gate's badge", () => {
  test.each([
    ["pass", "✓ pass"],
    ["warn", "! warn"],
    ["block", "✕ block"],
    ["pending", "… pending"],
    ["unknown", "? unknown"],
  ] as const)("says %s in a word, with a sign and in a colour of its own", (decision, message) => {
    const svg = gate(decision);
    expect(drawn(svg)).toEqual(["orders_daily gate", message]);
    expect(titleOf(svg)).toMatch(new RegExp(`^orders_daily gate: ${decision}, `));
  });

  test("has a colour for each decision", () => {
    const decisions = ["pass", "warn", "block", "pending", "unknown"] as const;
    const fills = decisions.map((decision) => [...gate(decision).matchAll(/path fill="([^"]+)"/g)][1]![1]);
    expect(new Set(fills).size).toBe(5);
  });

  test("says so when somebody overrode it", () => {
    expect(drawn(gate("pass", "orders_daily", true))).toEqual(["orders_daily gate", "✓ pass (override)"]);
  });
});

describe("an SLA's badge", () => {
  test("has the rate, and the target in its title", () => {
    expect(drawn(sla({ rate: 99.5 }))).toEqual(["orders_daily SLA 30 d", "✓ 99.5 %"]);
    expect(titleOf(sla({ rate: 98.333, state: "breaching" }))).toBe(
      "orders_daily SLA of 30 days: 98.33 %, 99 % is the target, missed",
    );
  });

  test("never rounds up to 100 %", () => {
    expect(drawn(sla({ rate: 99.999 }))[1]).toBe("✓ 99.99 %");
    expect(drawn(sla({ rate: 100 }))[1]).toBe("✓ 100 %");
    expect(drawn(sla({ rate: 0 }))[1]).toBe("✓ 0 %");
    // 0.29 × 100 is a little less than 29 in floating point.
    expect(drawn(sla({ rate: 0.29 }))[1]).toBe("✓ 0.29 %");
  });

  test("without data is neither good nor bad", () => {
    expect(drawn(sla({ rate: null, state: "no_data" }))[1]).toBe("? no data");
  });
});

test("a pipeline that nobody knows gets a badge that says so", () => {
  expect(drawn(missingBadge("nobody"))).toEqual(["nobody", "? no such pipeline"]);
});

describe("to those who do not see it", () => {
  test.each([gate("block"), sla({}), missingBadge("x")])("it is one image with a name", (svg) => {
    expect(svg).toContain('role="img"');
    expect(/aria-label="([^"]*)"/.exec(svg)![1]).toBe(titleOf(svg));
    expect(svg).toContain('text-anchor="middle" aria-hidden="true"');
  });
});

describe("every text stands out from its ground", () => {
  test.each(Object.entries(BADGE_COLORS))("%s has a contrast of 4.5", (_, { fill, text }) => {
    expect(contrast(fill, text)).toBeGreaterThanOrEqual(4.5);
  });
});

/** WCAG 2.2, relative luminance. */
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((start) => Number.parseInt(color.slice(start, start + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe("any name there may be", () => {
  test.each(Object.entries(NAMES))("%s is text and nothing else, whole in the title", (_, name) => {
    const svg = gate("pass", name);
    expect(titleOf(svg)).toContain(escapeXml(name));
    expect([...svg.matchAll(/<(\/?\w+)/g)].map(([, tag]) => tag)).toEqual(
      "svg title /title path path g text /text text /text /g /svg".split(" "),
    );
    expect(Number(/ width="(\d+)"/.exec(svg)![1])).toBeLessThan(400);
  });

  test("what XML cannot hold is replaced", () => {
    expect(escapeXml("a\u{0}b\u{D800}c\u{FFFE}d\u{1F600}")).toBe("a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{1F600}");
  });

  test("a long one is cut between characters as people count them", () => {
    expect(nameOnBadge("orders_daily")).toBe("orders_daily");
    // 280 px: an ellipsis of 11 and 29 times 9.
    expect(nameOnBadge(NAMES.long)).toBe(`${"w".repeat(29)}…`);
    expect(nameOnBadge(NAMES["long emoji"])).toMatch(/^\u{2068}(?:👩‍👩‍👧‍👦)+…\u{2069}$/u);
  });

  test("one that turns the direction of writing keeps it to itself", () => {
    expect(drawn(gate("pass", NAMES.override))[0]).toBe(`\u{2068}${NAMES.override}\u{2069} gate`);
  });
});

describe("in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-badges-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("every badge is well-formed, and its texts lie inside their halves", { timeout: 600_000 }, () => {
    const badges = [...Object.values(NAMES).map((name) => gate("block", name)), sla({}), missingBadge(NAMES.arabic)];
    // As documents: a fault in one leaves an error in place of the picture.
    const page = `<!doctype html><meta charset="utf-8"><body><pre id="told"></pre><script>
      const told = ${JSON.stringify(badges).replaceAll("<", "\\u003c")}.map((svg) => {
        const root = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
        if (root.nodeName !== "svg") return root.textContent;
        document.body.append(document.importNode(root, true));
        const [left, right] = [...document.body.lastChild.querySelectorAll("text")].map((text) => text.getBBox());
        const [first, second] = [...document.body.lastChild.querySelectorAll("path")].map((path) => path.getBBox());
        const inside = (text, half) => text.x >= half.x + 3 && text.x + text.width <= half.x + half.width - 3;
        return inside(left, first) && inside(right, second) ? "inside" : [left.width, first.width, right.width, second.width].join();
      });
      document.getElementById("told").textContent = JSON.stringify(told);
    </script>`;
    writeFileSync(join(folder, "badges.html"), page);
    const { error, stdout } = spawnSync(
      "chromium",
      [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        `--user-data-dir=${folder}/profile`,
        "--dump-dom",
        `file://${folder}/badges.html`,
      ],
      { encoding: "utf8" },
    );
    if (error !== undefined) throw new Error("these tests need Debian's package chromium", { cause: error });
    const told = /<pre id="told">([^<]*)<\/pre>/.exec(stdout)![1]!;
    expect(JSON.parse(told)).toEqual(badges.map(() => "inside"));
  });

  test("a width is the sum of those of the characters", () => {
    // a 6.74, Z 7.54, the ellipsis 11.
    expect(textWidth("aZ…")).toEqual({ pixels: expect.closeTo(25.28, 9), exact: true });
    expect(textWidth("")).toEqual({ pixels: 0, exact: true });
    expect(textWidth("é")).toMatchObject({ exact: false });
  });
});
