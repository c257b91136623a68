import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { dayNumber, daysUntil, lastFinishedDay } from "../../examples/flights/calendar.mjs";
import { nullRate, onTime, rowCount, schemaCompliance } from "../../examples/flights/checks.mjs";
import { planDays } from "../../examples/flights/days.mjs";
import { onEdges } from "../../examples/flights/features.mjs";
import { readOptions } from "../../examples/flights/options.mjs";
import { fetchPackages } from "../../examples/flights/packages.mjs";
import { referenceDays } from "../../examples/flights/references.mjs";
import { runQuietly } from "../../examples/flights/run-quietly.mjs";
import { colours } from "../../examples/flights/show/colours.mjs";
import { progress } from "../../examples/flights/show/progress.mjs";
import { table } from "../../examples/flights/show/table.mjs";

const PICTURE = path.resolve(import.meta.dirname, "../../examples/flights/picture.mjs");

describe("days", () => {
  it("a day counts as over at six in the next morning", () => {
    expect(lastFinishedDay(Date.parse("2026-11-20T05:59:59Z"))).toBe("2026-11-18");
    expect(lastFinishedDay(Date.parse("2026-11-20T06:00:00Z"))).toBe("2026-11-19");
  });

  it("a window ends on its last day and goes over the month's end", () => {
    expect(daysUntil("2026-03-01", 3)).toEqual(["2026-02-27", "2026-02-28", "2026-03-01"]);
    expect(dayNumber("1970-01-08")).toBe(7);
  });

  it("reported days are left alone, and the week before the others is loaded where it is missing", () => {
    const plan = planDays({
      window: ["2026-11-19", "2026-11-20"],
      referenceDays: [],
      isReported: (day: string) => day === "2026-11-19",
      isLoaded: (day: string) => day !== "2026-11-15",
    });
    expect(plan).toEqual([
      { day: "2026-11-15", report: false },
      { day: "2026-11-20", report: true },
    ]);
  });

  it("the days that references are made of are loaded too, unless there is nothing to report", () => {
    const referenceDays = ["2026-11-01", "2026-11-12"];
    const isLoaded = (day: string) => day !== "2026-11-01";
    const plan = (isReported: () => boolean) =>
      planDays({ window: ["2026-11-20"], referenceDays, isReported, isLoaded });
    expect(plan(() => false).map(({ day, report }) => [day, report])).toEqual([
      ["2026-11-01", false],
      ["2026-11-20", true],
    ]);
    expect(plan(() => true)).toEqual([]);
  });

  it("references are made of the good days among the two weeks before", () => {
    const days = referenceDays(["2026-11-20", "2026-11-21"], (day: string) => day !== "2026-11-10");
    expect([days.length, days[0], days.at(-1)]).toEqual([13, "2026-11-06", "2026-11-19"]);
  });
});

describe("features", () => {
  it("numbers are counted between edges, the outer bins open, a bin with its lower edge", () => {
    const counted = [-99, 0, 9, 10, 19, 20, 500, null].map((value) => ({ value, rows: 2 }));
    expect(onEdges(counted, [0, 10, 20])).toEqual({ edges: [0, 10, 20], counts: [6, 8], nulls: 2 });
  });
});

describe("checks", () => {
  it("null_rate is 1 − nulls / rows, 50 nulls of 50 000 as in the worked example", () => {
    const rows = Array.from({ length: 50_000 }, (_, i) => ({ delay: i < 50 ? null : 3 }));
    expect(nullRate(rows, "delay")).toEqual({ check_name: "null_rate", threshold: 0.95, score: 0.999 });
  });

  it("null_rate of no row has no score", () => {
    expect(nullRate([], "delay")).toMatchObject({ score: null, error: expect.any(String) });
  });

  it("schema_compliance is valid / total, 49 800 of 50 000 as in the worked example", () => {
    expect(schemaCompliance(49_800, 50_000)).toMatchObject({ threshold: 0.99, score: 0.996 });
  });

  it("row_count compares with the middle one of the days before, and needs all of them", () => {
    expect(rowCount(800, [1000, 10, 990, 1010, 1000, 0, 1200]).score).toBeCloseTo(800 / 1000, 12);
    expect(rowCount(2000, [1000, 1000, 1000]).score).toBe(1);
    expect(rowCount(2000, [1000, null])).toMatchObject({ score: null, error: expect.any(String) });
  });

  it("on_time is a warning", () => {
    expect(onTime(1, 1)).toMatchObject({ score: 1, severity: "warn" });
    expect(onTime(2, 1)).toMatchObject({ score: 0 });
  });
});

describe("options", () => {
  it("the number of days is a whole one", () => {
    expect(() => readOptions(["--days", "8.5"], {})).toThrow("--days: 8.5 given; must be a whole number from 1 to 175");
  });

  it("the last day is over, and not too long ago", () => {
    const now = Date.parse("2026-11-21T12:00:00Z");
    expect(readOptions(["--days", "2"], {}, now).window).toEqual(["2026-11-19", "2026-11-20"]);
    expect(readOptions(["--until", "2026-05-29"], {}, now).window.at(-1)).toBe("2026-05-29");
    for (const until of ["2026-11-21", "2026-05-28", "yesterday", "2026-13-01"]) {
      expect(() => readOptions(["--until", until], {}, now)).toThrow("a day from 2026-05-29 to 2026-11-20");
    }
  });

  it("an agent of its own is not the one that SLUICE_URL names", () => {
    expect(readOptions([], { SLUICE_URL: "http://a/" }).url).toBe("http://a");
    expect(readOptions(["--own-agent"], { SLUICE_URL: "http://a/" }).url).toBeUndefined();
  });
});

describe("what is shown", () => {
  const plain = colours({ isTTY: false }, {});

  it("columns align whatever their colours", () => {
    const red = colours({ isTTY: true }, {}).red;
    const rows = [
      ["a", { text: "10", paint: red }],
      ["long", 5],
    ];
    expect(table([{ title: "name" }, { title: "n", right: true }], rows, { paint: plain })).toBe(
      ["name   n", "a     \x1b[31m10\x1b[0m", "long   5"].join("\n"),
    );
  });

  it("colours are for terminals, unless asked for", () => {
    expect(plain.red("x")).toBe("x");
    expect(colours({ isTTY: true }, { NO_COLOR: "1" }).red("x")).toBe("x");
    expect(colours({ isTTY: false }, { FORCE_COLOR: "1" }).red("x")).toBe("\x1b[31mx\x1b[0m");
  });

  it("progress is a bar on a terminal and a line a day elsewhere", () => {
    const written = (stream: object) => {
      let text = "";
      const bar = progress(2, { ...stream, write: (part: string) => (text += part) });
      bar.at("2026-11-19", "");
      bar.at("2026-11-20", "late");
      bar.end();
      return text;
    };
    expect(written({})).toBe("1/2  2026-11-19\n2/2  2026-11-20  late\n");
    const half = `${"█".repeat(15)}${"░".repeat(15)} 1/2`;
    expect(written({ isTTY: true, columns: 80 })).toContain(`\r\x1b[2K${half}  2026-11-19`);
  });

  it("the picture keeps words apart and is safe to embed", async () => {
    const said = "1/1  2026-11-20\n\nday  n\n\x1b[31ma<b\x1b[0m    & 7\n";
    const shell = `printf '%s' "$SAID" | "${process.execPath}" "${PICTURE}"`;
    const { code, output } = await runQuietly("sh", ["-c", shell], { env: { ...process.env, SAID: said } });
    expect(code).toBe(0);
    expect(output).toContain('<tspan x="20.0" fill="#ff7b72">a&lt;b</tspan> <tspan x="74.6">&amp; 7</tspan>');
    expect(output).not.toContain("1/1");
  });
});

describe("the data set", () => {
  it("without a network it is said what is missing and what to do", async () => {
    const root = await mkdtemp(path.join(tmpdir(), "sluice-packages-"));
    const nowhere = { npm_config_registry: "http://127.0.0.1:1/", npm_config_cache: path.join(root, "npm") };
    try {
      const fetched = fetchPackages(path.join(root, "packages"), {
        say: () => {},
        env: { ...process.env, ...nowhere },
      });
      await expect(fetched).rejects.toThrow(/could not be fetched[\s\S]*Check the network[\s\S]*ECONNREFUSED/);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});
