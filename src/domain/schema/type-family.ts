/** What a column holds, whatever the system calls its type. */
export const TYPE_FAMILIES = ["number", "text", "boolean", "time", "binary", "nested"] as const;
export type TypeFamily = (typeof TYPE_FAMILIES)[number];

/**
 * The names that pandas, NumPy, Polars, Arrow, PostgreSQL, Spark, BigQuery, Snowflake, ClickHouse, dbt and JSON schema give to
 * types, in lower case, without sizes and parameters.
 */
const NAMES: Record<TypeFamily, string> = {
  number:
    "int integer uint bigint smallint tinyint mediumint hugeint byteint long short byte float halffloat double real decimal " +
    "bigdecimal numeric bignumeric number fixed serial bigserial smallserial money smallmoney oid",
  text:
    "str string utf largestring largeutf stringview utf8view text tinytext mediumtext longtext ntext varchar nvarchar lvarchar char " +
    "nchar character bpchar clob nclob citext uuid uniqueidentifier guid enum categorical",
  boolean: "bool boolean",
  time:
    "date datetime datetimeoffset smalldatetime timestamp timestamptz timestampntz timestampltz timestamptz timestampns time timetz " +
    "timentz duration timedelta period interval intervalmonthdaynano monthdaynanointerval daytimeinterval yearmonthinterval",
  binary:
    "binary varbinary longraw blob tinyblob mediumblob longblob bytea bytes largebinary fixedsizebinary binaryview raw image",
  nested:
    "array list largelist fixedsizelist listview struct map record row tuple json jsonb variant super hstore nested",
};

const FAMILY_OF = new Map<string, TypeFamily>(
  TYPE_FAMILIES.flatMap((family) => NAMES[family].split(" ").map((name) => [name, family] as const)),
);

/** Of NumPy's codes such as `<U5`, `|S3` and `<f8`. */
const NUMPY: Record<string, TypeFamily> = {
  u: "text",
  s: "binary",
  i: "number",
  f: "number",
  b: "boolean",
  m: "time",
};

/** Types are read this deep inside others: `Nullable(LowCardinality(String))`. */
const MOST_WRAPPERS = 8;

/**
 * The family of a type; null: it is none that is known, or may hold anything (`object` of pandas is text, numbers or both; that of
 * JSON schema is nested; a `null` column has no values yet).
 */
export function typeFamily(type: string): TypeFamily | null {
  let name = type.trim().toLowerCase();
  for (let depth = 0; depth < MOST_WRAPPERS; depth++) {
    const inner = unwrapped(name);
    if (inner === null) return familyOfName(name);
    name = inner.trim();
  }
  return null;
}

/** The type inside one that adds only that it may be null or that its values are few; null: there is none. */
function unwrapped(name: string): string | null {
  const alternatives = name.split("|").map((part) => part.trim());
  const others = alternatives.filter((part) => part !== "null" && part !== "none");
  if (alternatives.length > 1 && others.length === 1 && others[0] !== "") return others[0]!;
  const dictionary = /^dictionary\s*<\s*values\s*=\s*([^,>]+)/.exec(name);
  if (dictionary !== null) return dictionary[1]!;
  const wrapper = /^(?:nullable|lowcardinality|optional|category|categorical)\s*[([<](.+)[)\]>]$/.exec(name);
  return wrapper === null || /^(?:ordering|categories)\b/.test(wrapper[1]!) ? null : wrapper[1]!;
}

function familyOfName(name: string): TypeFamily | null {
  const numpy = /^[<>=|]([usifbm])\d+(?:\[\w+\])?$/.exec(name);
  if (numpy !== null) return NUMPY[numpy[1]!]!;
  // `interval[int64, right]` of pandas is a range of numbers.
  if (/^interval\[(?:u?int|float)/.test(name)) return null;
  const bare = name
    .replace(/[(<[{].*$/s, "")
    .replace(/^.*\./s, "")
    .trim();
  const family = known(bare);
  const isArray = /\[\d*\]$/.test(name) && family !== "binary";
  // PostgreSQL's own name of an array: `_int4`.
  const isArrayByName = bare.startsWith("_") && known(bare.slice(1)) !== null;
  return isArray || isArrayByName ? "nested" : family;
}

/** By the whole name, then by its first word: `double precision`, `timestamp without time zone`, `bigint unsigned`. */
function known(bare: string): TypeFamily | null {
  const [first = ""] = bare.split(" ");
  for (const word of [bare, first]) {
    const letters = word.replace(/[\s_-]/g, "").replace(/\d+$/, "");
    const family = FAMILY_OF.get(letters) ?? FAMILY_OF.get(letters.replace(/type$/, "").replace(/\d+$/, ""));
    if (family !== undefined) return family;
  }
  return null;
}
