-- Turns a new state into one of format 1.
DROP INDEX history_until;
DROP INDEX output_history_until;
DROP TABLE history;
DROP TABLE output_history;
ALTER TABLE resources DROP COLUMN run;
ALTER TABLE resources DROP COLUMN protected;
ALTER TABLE resources DROP COLUMN retained;
ALTER TABLE outputs DROP COLUMN run;
ALTER TABLE meta DROP COLUMN history_from;
ALTER TABLE meta DROP COLUMN former_salt;
ALTER TABLE meta DROP COLUMN former_rounds;
ALTER TABLE meta DROP COLUMN former_data_key;
ALTER TABLE lease DROP COLUMN id;
ALTER TABLE lease DROP COLUMN heartbeat;
INSERT INTO runs (plan, digest, host, pid, user, command, begun, ended, outcome) VALUES
    ('p', 'd', 'laptop', 7, 'ann', 'platoform apply', '2026-01-02T03:04:05.678Z',
     '2026-01-02T03:04:06.678Z', 'succeeded'),
    ('q', 'd', 'laptop', 8, 'ann', 'platoform apply', '2026-01-02T03:04:07.678Z', NULL, NULL);
INSERT INTO resources VALUES
    ('t.a', '', '', 'managed', 't', 'a', NULL, 'registry.terraform.io/a/t',
     'provider["registry.terraform.io/a/t"]', 0, '1', '', 0, 0, '[]', 3);
INSERT INTO lease VALUES (1, 'laptop', 8, 'ann', 'platoform apply', '2026-01-02T03:04:07.678Z');
UPDATE meta SET serial = 3;
PRAGMA user_version = 1;
