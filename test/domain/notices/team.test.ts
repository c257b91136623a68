import { expect, test } from "vitest";
import { teamOf } from "../../../src/domain/notices/team.ts";

const teams = [
  { team: "search", pipelines: ["*_search", "embeddings"] },
  { team: "payments", pipelines: ["orders_*", "orders_search"] },
];

test.each([
  ["embeddings", "search"],
  ["doc_search", "search"],
  ["orders_daily", "payments"],
  ["orders_search", "payments"],
  ["clicks", null],
])("%s is a pipeline of %s", (pipeline, team) => expect(teamOf(teams, pipeline)).toBe(team));
