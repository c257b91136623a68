import { describe, expect, it } from "vitest";
import { typeFamily } from "../../../src/domain/schema/type-family.ts";

/** As the systems print them. */
const NAMES = {
  number: {
    pandas: ["int64", "float64", "Int64", "UInt8", "Float32", "int64[pyarrow]", "double[pyarrow]"],
    numpy: ["<f8", "|i1", "numpy.int64", "float16"],
    polars: ["Int8", "UInt64", "Float32", "Decimal(precision=10, scale=2)", "Int128"],
    arrow: ["int32", "halffloat", "double", "decimal128(10, 2)", "decimal256(40, 2)"],
    postgres: ["integer", "bigint", "int4", "double precision", "numeric(10,2)", "real", "smallserial", "money"],
    spark: ["IntegerType()", "LongType", "DecimalType(10,2)", "bigint", "ShortType()", "ByteType()", "byte"],
    bigquery: ["INT64", "FLOAT64", "NUMERIC(10, 2)", "BIGNUMERIC"],
    snowflake: ["NUMBER(38,0)", "FLOAT", "BYTEINT"],
    json_schema: ["integer", "number", "integer|null"],
    others: ["Nullable(Float64)", "LowCardinality(Nullable(UInt16))", "bigint unsigned", "pl.Int64"],
  },
  text: {
    pandas: ["string", "str", "string[python]", "string[pyarrow]", "large_string[pyarrow]", "category<string>"],
    numpy: ["<U5"],
    polars: ["String", "Utf8", "Categorical(ordering='physical')", "Enum(categories=['a', 'b'])", "Categorical"],
    arrow: ["string", "large_string", "string_view", "dictionary<values=string, indices=int32, ordered=0>"],
    postgres: ["text", "character varying(20)", "varchar", "bpchar", "char(2)", "uuid", "citext"],
    spark: ["StringType()", "VarcharType(20)", "string"],
    bigquery: ["STRING", "STRING(20)"],
    snowflake: ["VARCHAR(16777216)", "TEXT"],
    json_schema: ["string", "null|string"],
  },
  boolean: { all: ["bool", "boolean", "Boolean", "BOOL", "BooleanType()", "|b1", "bool[pyarrow]", "bool_"] },
  time: {
    pandas: ["datetime64[ns]", "datetime64[ns, UTC]", "timedelta64[ns]", "period[M]", "timestamp[ns][pyarrow]"],
    numpy: ["<M8[ns]", "<m8[s]"],
    polars: ["Date", "Datetime(time_unit='us', time_zone=None)", "Duration(time_unit='us')", "Time"],
    arrow: [
      "date32[day]",
      "date64[ms]",
      "time32[s]",
      "timestamp[us, tz=UTC]",
      "duration[ns]",
      "month_day_nano_interval",
    ],
    postgres: [
      "date",
      "timestamp with time zone",
      "timestamp(6) without time zone",
      "timestamptz",
      "interval",
      "timetz",
    ],
    spark: ["DateType()", "TimestampType()", "TimestampNTZType()", "timestamp_ntz", "DayTimeIntervalType(0, 3)"],
    bigquery: ["DATETIME", "TIMESTAMP", "INTERVAL"],
    snowflake: ["TIMESTAMP_NTZ(9)", "TIMESTAMP_LTZ", "TIMESTAMP_TZ(9)"],
    others: ["datetime.date", "date-time"],
  },
  binary: {
    all: ["Binary", "bytea", "BYTES", "large_binary", "fixed_size_binary[16]", "BinaryType()", "|S3", "varbinary(5)"],
  },
  nested: {
    polars: ["List(Int64)", "Array(Int64, shape=(2,))", "Struct({'a': Int64})"],
    arrow: [
      "list<item: int64>",
      "struct<a: int64, b: string>",
      "map<string, int64>",
      "fixed_size_list<item: float>[3]",
    ],
    postgres: ["integer[]", "integer[3]", "varchar(20)[]", "jsonb", "json", "_int4"],
    spark: ["ArrayType(StringType(), True)", "StructType([])", "MapType(StringType(), LongType(), True)", "array<int>"],
    bigquery: ["ARRAY<INT64>", "STRUCT<a INT64>", "RECORD", "JSON"],
    snowflake: ["VARIANT", "ARRAY", "MAP(VARCHAR, NUMBER)"],
    json_schema: ["array"],
  },
} as const;

describe("the family of a type", () => {
  for (const [family, bySystem] of Object.entries(NAMES)) {
    for (const [system, types] of Object.entries(bySystem)) {
      it.each(types as readonly string[])(`${family}, as ${system} writes it: %s`, (type) => {
        expect(typeFamily(type)).toBe(family);
      });
    }
  }

  it.each([
    "object",
    "null",
    "Null",
    "category",
    "void",
    "geography",
    "interval[int64, right]",
    "",
    "|",
    "bit",
    "Unknown",
  ])("is not told by %j", (type) => expect(typeFamily(type)).toBeNull());

  it("is none of a type that is wrapped without end", () => {
    expect(typeFamily(`${"nullable(".repeat(5000)}int${")".repeat(5000)}`)).toBeNull();
  });
});
