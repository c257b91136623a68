-- Schemas: lists of columns with their types.

-- What was reported, each content once. `seen_on`: the day (UTC) of the latest report with it.
CREATE TABLE schema_version (
  pipeline_id  integer NOT NULL,
  -- the hash of all that was said
  version      text COLLATE "C" NOT NULL,
  -- the hash of what is judged alone: names and families of types, in any order
  shape        text COLLATE "C" NOT NULL,
  -- all columns are in it
  complete     boolean NOT NULL,
  -- [{"name", "type", "nullable"}] in their order; a type is null where it was refused
  columns      jsonb NOT NULL,
  seen_on      date NOT NULL,
  PRIMARY KEY (pipeline_id, version)
);
CREATE INDEX schema_version_by_day ON schema_version USING brin (seen_on) WITH (autosummarize = on);

-- The evidence of a run: the latest schema of each dataset.
CREATE TABLE run_schema (
  run_key     bigint NOT NULL,
  dataset_id  integer NOT NULL,
  at          timestamptz NOT NULL,
  version     text COLLATE "C" NOT NULL,
  attempt     integer NOT NULL,
  try         integer NOT NULL,
  attempt_no  integer NOT NULL DEFAULT 1,
  try_no      integer NOT NULL DEFAULT 1,
  PRIMARY KEY (run_key, dataset_id, attempt, try)
) WITH (fillfactor = 80);

-- History: one row a report, partitioned by month.
CREATE TABLE schema_report (
  pipeline_id  integer NOT NULL,
  dataset_id   integer NOT NULL,
  run_key      bigint,
  attempt      integer,
  try          integer,
  version      text COLLATE "C" NOT NULL,
  at           timestamptz NOT NULL,
  recorded_at  timestamptz NOT NULL
) PARTITION BY RANGE (at);
CREATE INDEX schema_report_by_pipeline ON schema_report (pipeline_id, at);

-- What somebody declared or accepted; of a dataset the one that has not ended holds.
CREATE TABLE schema_baseline (
  baseline_id  bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  pipeline_id  integer NOT NULL,
  dataset_id   integer NOT NULL,
  source       text NOT NULL CHECK (source IN ('declared', 'accepted')),
  version      text COLLATE "C" NOT NULL,
  shape        text COLLATE "C" NOT NULL,
  complete     boolean NOT NULL,
  columns      jsonb NOT NULL,
  -- whose schema it was; NULL: it was declared
  run_id       text,
  -- runs from this place on add what they bring to it
  run_order    timestamptz NOT NULL,
  actor        text NOT NULL,
  set_at       timestamptz NOT NULL,
  ended_at     timestamptz,
  ended_by     text
);
CREATE UNIQUE INDEX schema_baseline_standing ON schema_baseline (pipeline_id, dataset_id) WHERE ended_at IS NULL;
