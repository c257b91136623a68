-- The API key that was the first to name the pipeline; '' where there are no keys, null: before this was kept. Pipelines are
-- counted by it, so that one key's flood of names is bounded.
ALTER TABLE pipeline ADD COLUMN key_name text COLLATE "C";
