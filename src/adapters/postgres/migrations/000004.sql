ALTER TABLE run
  -- it has ended, though it may have been started again since
  ADD COLUMN ended_once boolean NOT NULL DEFAULT false,
  -- who took it out of baselines and SLA; NULL: it counts
  ADD COLUMN invalidated_at timestamptz,
  ADD COLUMN invalidated_by text,
  ADD COLUMN invalidated_reason text;

UPDATE run r SET ended_once = true
 WHERE EXISTS (
         SELECT FROM run_outcome o
          WHERE o.run_key = r.run_key AND o.status IN ('success', 'failed', 'skipped', 'cancelled'));

-- Its series and its gate are gone until it reports again; its history stays.
ALTER TABLE pipeline ADD COLUMN archived_at timestamptz;

-- What else was reported of a run, so that its gate can be decided by its own evidence.
CREATE TABLE run_freshness (
  run_key       bigint NOT NULL,
  dataset_id    integer NOT NULL,
  data_through  timestamptz NOT NULL,
  PRIMARY KEY (run_key, dataset_id)
) WITH (fillfactor = 80);

CREATE TABLE run_latency (
  run_key          bigint NOT NULL,
  operation_id     integer NOT NULL,
  buckets          bigint[] NOT NULL,
  count            bigint NOT NULL,
  sum_nanoseconds  numeric NOT NULL,
  PRIMARY KEY (run_key, operation_id)
) WITH (fillfactor = 80);

-- Each pipeline's own decision: by evidence, policy, alerts and overrides, without its upstreams (domain/transition.ts).
CREATE TABLE gate (
  pipeline_id         integer PRIMARY KEY,
  -- grows with every change: of two states of a pipeline the greater is the later
  revision            bigint NOT NULL,
  decision_id         uuid NOT NULL,
  decision            text NOT NULL,
  allowed             boolean NOT NULL,
  reasons             jsonb NOT NULL,
  override            jsonb,
  -- the run that it is about, and its place among the runs
  run_key             bigint,
  run_id              text COLLATE "C",
  run_order           timestamptz,
  data_interval_end   timestamptz,
  ended_once          boolean NOT NULL,
  evidence_at         timestamptz,
  decided_at          timestamptz NOT NULL,
  -- when time alone may change it
  valid_until         timestamptz,
  policy_version      text COLLATE "C" NOT NULL
) WITH (fillfactor = 60);

-- Append-only: a row for each new decision.
CREATE TABLE gate_transition (
  pipeline_id     integer NOT NULL,
  decision_id     uuid NOT NULL,
  revision        bigint NOT NULL,
  -- evidence, policy, alert, override, time, invalidation
  cause           text NOT NULL,
  from_decision   text,
  decision        text NOT NULL,
  allowed         boolean NOT NULL,
  reasons         jsonb NOT NULL,
  override        jsonb,
  run_id          text COLLATE "C",
  -- what it was decided on
  evidence        jsonb NOT NULL,
  evidence_at     timestamptz,
  policy_version  text COLLATE "C" NOT NULL,
  at              timestamptz NOT NULL
) PARTITION BY RANGE (at);
CREATE INDEX gate_transition_by_pipeline ON gate_transition (pipeline_id, at, revision);

-- Every policy that a decision was made by.
CREATE TABLE gate_policy (
  policy_version  text COLLATE "C" PRIMARY KEY,
  policy          jsonb NOT NULL,
  first_used_at   timestamptz NOT NULL
);

-- New decisions since ever, by the code of their first reason ('none': there was none).
CREATE TABLE gate_decision_total (
  pipeline_id  integer NOT NULL,
  decision     text NOT NULL,
  code         text NOT NULL,
  total        bigint NOT NULL,
  PRIMARY KEY (pipeline_id, decision, code)
) WITH (fillfactor = 70);

CREATE TABLE gate_override (
  override_id  uuid PRIMARY KEY,
  pipeline_id  integer NOT NULL,
  -- NULL: every run
  run_id       text COLLATE "C",
  decision     text NOT NULL,
  reason       text NOT NULL,
  actor        text NOT NULL,
  -- the API key it came with, NULL where none is configured
  key_name     text,
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  ended_at     timestamptz,
  ended_by     text
);
CREATE INDEX gate_override_by_pipeline ON gate_override (pipeline_id, created_at);

-- Alerts that ask for a gate. An episode of an alert is its (fingerprint, starts_at).
CREATE TABLE gate_alert (
  pipeline_id  integer NOT NULL,
  fingerprint  text COLLATE "C" NOT NULL,
  starts_at    timestamptz NOT NULL,
  alertname    text NOT NULL,
  gate         text NOT NULL,
  summary      text,
  resolved     boolean NOT NULL,
  -- heard of for the last time, and how long that holds
  heard_at     timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  PRIMARY KEY (pipeline_id, fingerprint, starts_at)
);
CREATE INDEX gate_alert_heard ON gate_alert (heard_at);

CREATE TABLE mute (
  mute_id        uuid PRIMARY KEY,
  -- a name or a glob; NULL: every pipeline
  pipeline_name  text COLLATE "C",
  -- a reason's code; NULL: every one
  code           text,
  reason         text NOT NULL,
  actor          text NOT NULL,
  key_name       text,
  created_at     timestamptz NOT NULL,
  expires_at     timestamptz NOT NULL,
  ended_at       timestamptz,
  ended_by       text
);
CREATE INDEX mute_by_time ON mute (created_at);
