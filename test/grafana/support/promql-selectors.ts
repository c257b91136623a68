export interface Selector {
  metric: string;
  /** As written: `job=~"$job"`. */
  matchers: string[];
  /** As written between the brackets; null: an instant selector. */
  range: string | null;
  /** The function or aggregation it stands directly in. */
  call: string | null;
}

export interface Parsed {
  selectors: Selector[];
  /** Labels after by, without, on, ignoring and group_*. */
  labels: string[];
}

const KEYWORDS = new Set(["and", "or", "unless", "offset", "bool", "inf", "nan", "start", "end", "atan2"]);
const GROUPINGS = new Set(["by", "without", "on", "ignoring", "group_left", "group_right"]);
/** Functions and aggregations; one that is missing here would be taken for a metric that the catalogue does not have. */
const CALLED = new Set(
  (
    "sum min max avg count topk bottomk quantile rate irate increase histogram_quantile round time vector " +
    "clamp_min sort sort_desc min_over_time max_over_time"
  ).split(" "),
);
const TOKEN =
  /\s+|"(?:[^"\\]|\\.)*"|\{(?<matchers>(?:[^{}"]|"(?:[^"\\]|\\.)*")*)\}|\[(?<range>[^\]]*)\]|(?<open>\()|(?<close>\))|(?<name>[A-Za-z_:][\w:]*)|\$?\{?\w+\}?|./gy;

/** The series that a query reads, found by its tokens; whether it is PromQL at all is promtool's business. */
export function parsePromql(expr: string): Parsed {
  const parsed: Parsed = { selectors: [], labels: [] };
  const calls: (string | null)[] = [];
  let pending: string | null = null;
  let grouping = false;
  let current: Selector | null = null;
  for (const { groups = {}, 0: text } of expr.matchAll(TOKEN)) {
    const { matchers, range, open, close, name } = groups;
    if (/^\s+$/.test(text)) continue;
    if (matchers !== undefined && current !== null) current.matchers = splitMatchers(matchers);
    else if (range !== undefined && current !== null) current.range = range;
    else if (open !== undefined) {
      calls.push(grouping ? "(labels)" : pending);
      if (!grouping) pending = null;
    } else if (close !== undefined) {
      if (calls.pop() === "(labels)") grouping = false;
    } else if (name !== undefined) {
      if (grouping && calls.at(-1) === "(labels)") parsed.labels.push(name);
      else if (GROUPINGS.has(name)) grouping = true;
      else if (CALLED.has(name)) pending = name;
      else if (!KEYWORDS.has(name)) {
        current = { metric: name, matchers: [], range: null, call: calls.at(-1) ?? null };
        parsed.selectors.push(current);
        continue;
      }
      current = null;
    }
  }
  return parsed;
}

function splitMatchers(text: string): string[] {
  return [...text.matchAll(/[A-Za-z_]\w*\s*(?:=~|!~|!=|=)\s*"(?:[^"\\]|\\.)*"/g)].map(([matcher]) => matcher);
}
