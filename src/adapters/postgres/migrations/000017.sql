-- What the tests of a verdict say beside its numbers (decided_by, held_back_by, new_names); null: it was judged by the first rule.
ALTER TABLE drift_result ADD COLUMN tested jsonb;
