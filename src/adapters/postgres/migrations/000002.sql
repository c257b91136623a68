-- References: versioned histograms of features. The version is the hash of the content; the same content is the same row.
CREATE TABLE feature_reference (
  reference_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  pipeline_id   integer NOT NULL,
  feature_id    integer NOT NULL,
  version       text COLLATE "C" NOT NULL,
  histogram     jsonb NOT NULL,
  n             numeric NOT NULL,
  -- put: somebody sent it; promoted: the histogram of a run; inline: it came with a report
  source        text NOT NULL,
  run_id        text COLLATE "C",
  note          text,
  created_at    timestamptz NOT NULL,
  UNIQUE (pipeline_id, feature_id, version)
);

CREATE TABLE active_reference (
  pipeline_id   integer NOT NULL,
  feature_id    integer NOT NULL,
  reference_id  bigint NOT NULL,
  activated_at  timestamptz NOT NULL,
  PRIMARY KEY (pipeline_id, feature_id)
);

-- One row a verdict, with the counts it was given on: on the bins of its reference, then "other" (categories) and nulls.
CREATE SEQUENCE drift_result_id CACHE 100;
CREATE TABLE drift_result (
  result_id     bigint NOT NULL DEFAULT nextval('drift_result_id'),
  pipeline_id   integer NOT NULL,
  feature_id    integer NOT NULL,
  run_key       bigint,
  reference_id  bigint,
  verdict       text NOT NULL,
  psi           double precision,
  p_value       double precision,
  critical_psi  double precision,
  threshold     double precision NOT NULL,
  alpha         double precision NOT NULL,
  n_reference   double precision NOT NULL,
  n_current     double precision NOT NULL,
  rebin_error   double precision,
  counts        bytea,
  excluded      boolean NOT NULL DEFAULT false,
  at            timestamptz NOT NULL,
  recorded_at   timestamptz NOT NULL
) PARTITION BY RANGE (at);
CREATE INDEX drift_result_by_feature ON drift_result (pipeline_id, feature_id, at);

-- The evidence of a run: the latest verdict on each feature, and the whole histogram, so that it can become a reference.
CREATE TABLE run_feature (
  run_key       bigint NOT NULL,
  feature_id    integer NOT NULL,
  at            timestamptz NOT NULL,
  verdict       text NOT NULL,
  psi           double precision,
  p_value       double precision,
  threshold     double precision NOT NULL,
  n_current     double precision NOT NULL,
  histogram     jsonb NOT NULL,
  PRIMARY KEY (run_key, feature_id)
) WITH (fillfactor = 80);
