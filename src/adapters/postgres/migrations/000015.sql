-- breaking
-- Months of the daily rollup, of those that the clock has added up.
CREATE TABLE sla_month (
  pipeline_id  integer NOT NULL,
  kind         text COLLATE "C" NOT NULL,
  month        timestamptz NOT NULL,
  subject_id   integer NOT NULL,
  total        bigint NOT NULL,
  passed       bigint NOT NULL,
  excluded     bigint NOT NULL,
  PRIMARY KEY (pipeline_id, kind, month, subject_id)
);

ALTER TABLE pipeline
  -- sla_hour holds what was true before; of a day (of a pipeline and kind) either all of it or nothing. NULL: nothing at all
  ADD COLUMN sla_hours_until timestamptz,
  -- sla_month holds the months before, whole; NULL: none
  ADD COLUMN sla_months_until timestamptz;

-- Until here every commit wrote its hours.
UPDATE pipeline p
   SET sla_hours_until = date_trunc('hour', greatest(now(), last.hour)) + interval '1 hour'
  FROM (SELECT pipeline_id, max(h.hour) AS hour
          FROM pipeline CROSS JOIN unnest('{quality,run,drift,freshness,volume,latency}'::text[]) AS k (kind)
          LEFT JOIN LATERAL (
                 SELECT hour FROM sla_hour s WHERE s.pipeline_id = pipeline.pipeline_id AND s.kind = k.kind ORDER BY hour DESC LIMIT 1
               ) h ON true
         GROUP BY pipeline_id) last
 WHERE last.pipeline_id = p.pipeline_id;

-- So that what is past the retention is found without reading all.
CREATE INDEX sla_hour_by_time ON sla_hour USING brin (hour) WITH (autosummarize = on);
CREATE INDEX sla_day_by_time ON sla_day USING brin (day) WITH (autosummarize = on);
