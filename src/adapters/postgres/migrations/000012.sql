-- A name is one name: in NFC, without invisible characters and outer blanks. Names of before that are written otherwise get
-- that spelling; where it is another's already, or nothing is left, they end in ~ and the beginning of their hash.
CREATE FUNCTION pg_temp.one_spelling(name text) RETURNS text LANGUAGE sql AS $$
  SELECT normalize(
           btrim(
             regexp_replace(name, '[' || chr(173) || chr(847) || chr(4447) || chr(4448) || chr(6158) || chr(8203) || '-' || chr(8207)
               || chr(8234) || '-' || chr(8238) || chr(8288) || '-' || chr(8303) || chr(10240) || chr(12644) || chr(65024) || '-' || chr(65039)
               || chr(65279) || chr(65440) || chr(8232) || chr(8233) || ']', '', 'g'),
             ' ' || chr(160) || chr(5760) || chr(8239) || chr(8287) || chr(12288)),
           NFC)
$$;

CREATE FUNCTION pg_temp.free_spelling(name text, taken boolean) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN taken OR pg_temp.one_spelling(name) = ''
              THEN left(pg_temp.one_spelling(name), 191) || '~' || left(md5(name), 8)
              ELSE pg_temp.one_spelling(name) END
$$;

DO $$
DECLARE
  old record;
BEGIN
  FOR old IN SELECT pipeline_id, pipeline_name AS name FROM pipeline
              WHERE pipeline_name <> pg_temp.one_spelling(pipeline_name) ORDER BY pipeline_id LOOP
    UPDATE pipeline SET pipeline_name = pg_temp.free_spelling(
             old.name, EXISTS (SELECT FROM pipeline WHERE pipeline_name = pg_temp.one_spelling(old.name)))
     WHERE pipeline_id = old.pipeline_id;
  END LOOP;
  FOR old IN SELECT n.name_id, n.name FROM name n WHERE n.name <> '' AND n.name <> pg_temp.one_spelling(n.name) ORDER BY n.name_id LOOP
    UPDATE name SET name = pg_temp.free_spelling(
             old.name, EXISTS (SELECT FROM name t WHERE t.name = pg_temp.one_spelling(old.name)))
     WHERE name_id = old.name_id;
  END LOOP;
END
$$;
