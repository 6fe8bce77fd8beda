// Migrations as only MySQL and MariaDB have them: scripts of the mysql program and of mysqldump, bodies of triggers and
// routines, statements that commit by themselves, users with few rights.
import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { Deployments } from './support/deployments.mjs';
import { Project, tenonPath, until } from './support/project.mjs';

let project, d;
before(async () => { project = await Project.create({ on: 'mariadb' }); d = new Deployments(project); });
after(() => project.remove());
beforeEach(() => d.fresh());
const { expect } = Deployments;

test('bodies, delimiters, procedures with results, prepared statements', () => {
  d.write('1_init', `CREATE TABLE log (id int AUTO_INCREMENT PRIMARY KEY, text varchar(50));
CREATE TRIGGER shout BEFORE INSERT ON log FOR EACH ROW BEGIN IF NEW.text = 'a' THEN SET NEW.text = 'A;'; END IF; END;
DELIMITER $$
CREATE PROCEDURE note(IN what varchar(50)) BEGIN SELECT 1; INSERT INTO log (text) VALUES (what); SELECT 2; END$$
DELIMITER ;
# a comment; of the mysql program's kind
CALL note('a');
SET @ddl = IF(1 = 1, 'ALTER TABLE log ADD COLUMN at datetime', 'SELECT 1');
PREPARE change_it FROM @ddl; EXECUTE change_it; DEALLOCATE PREPARE change_it;
/*!50100 CREATE VIEW loud AS SELECT * FROM log WHERE text = ';' */;
`);
  expect(d.run('migrate', 'deploy'), 0, /1 migration applied/);
  assert.deepEqual(d.lines('SELECT id, text, at FROM log'), ['1|A;|NULL']);
  assert.deepEqual(d.tables(), ['_prisma_migrations', 'log', 'loud']);
  d.sql("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM log; CREATE FUNCTION f() RETURNS int RETURN 1; CREATE SEQUENCE s");
  expect(d.run('migrate', 'reset', '--force'), 0);
  assert.deepEqual(d.lines('SELECT text FROM log'), ['A;']);
  assert.deepEqual(d.lines('SELECT routine_name FROM information_schema.routines WHERE routine_schema = DATABASE()'), ['note']);
  assert.equal(d.sql('SELECT count(*) FROM information_schema.events WHERE event_schema = DATABASE()'), '0');
});

test('what mysqldump wrote is a migration', () => {
  d.write('0_init', `/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
DROP TABLE IF EXISTS \`child\`;
CREATE TABLE \`child\` (\`id\` int NOT NULL, PRIMARY KEY (\`id\`), CONSTRAINT \`fk\` FOREIGN KEY (\`id\`) REFERENCES \`parent\` (\`id\`)) ENGINE=InnoDB;
LOCK TABLES \`child\` WRITE;
/*!40000 ALTER TABLE \`child\` DISABLE KEYS */;
set autocommit=0;
INSERT INTO \`child\` VALUES (1),(2);
/*!40000 ALTER TABLE \`child\` ENABLE KEYS */;
UNLOCK TABLES;
commit;
CREATE TABLE \`parent\` (\`id\` int NOT NULL, PRIMARY KEY (\`id\`)) ENGINE=InnoDB;
INSERT INTO \`parent\` VALUES (1),(2);
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
`);
  expect(d.run('migrate', 'deploy'), 0, /1 migration applied/);
  assert.equal(d.sql('SELECT count(*) FROM child JOIN parent USING (id)'), '2');
  assert.deepEqual(d.history(), ['0_init|applied|1']);
});

test('rows are changed all or not at all, and DDL in between is what is kept', () => {
  d.write('1_init', 'CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int);');
  expect(d.run('migrate', 'deploy'), 0);
  d.write('2_rows', 'INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);\nALTER TABLE b ADD x int;\nINSERT INTO a VALUES (3);\nINSERT INTO a VALUES (1);\n');
  expect(d.run('migrate', 'deploy'), 1, /2_rows\/migration\.sql:5:1: .*statement 5 of 5: Duplicate entry/);
  assert.deepEqual(d.lines('SELECT id FROM a'), ['1', '2'], 'statements 4 and 5 were one transaction');
  expect(d.run('migrate', 'status'), 1, /3 of 5 statements are done; statement 4 .* and what follows is not/);
  d.write('2_rows', 'INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);\nALTER TABLE b ADD x int;\nINSERT INTO a VALUES (3);\nINSERT INTO a VALUES (4);\n');
  expect(d.run('migrate', 'deploy', '--resume'), 0);
  assert.deepEqual(d.lines('SELECT id FROM a'), ['1', '2', '3', '4']);
});

test('killed at each statement under LOCK TABLES: status names it, and the next run takes the locks again', async () => {
  d.write('1_init', 'CREATE TABLE t (id int PRIMARY KEY, a int, b int);\nINSERT INTO t VALUES (1, 2, 3);\nCREATE TRIGGER s BEFORE INSERT ON t FOR EACH ROW SET NEW.b = NEW.a;');
  expect(d.run('migrate', 'deploy'), 0);
  d.write('2_locked', `-- tenon: approve-file drop-column, lock-table
LOCK TABLES t WRITE;
ALTER TABLE t DROP COLUMN a;
ALTER TABLE t RENAME COLUMN b TO a;
UPDATE t SET a = 4;
DROP TRIGGER s;
UNLOCK TABLES;
ALTER TABLE t ADD c int;
`);
  for (const step of [2, 3, 4, 5, 6]) {
    const reader = await d.session('START TRANSACTION;', 'SELECT count(*) FROM t;');
    const deploy = d.start('migrate', 'deploy', '--lock-timeout', '30s', ...(step > 2 ? ['--resume'] : []));
    await until(`the locks to wait: ${deploy.output}`, () => d.waiting());
    // Notes of a statement read the row of the next one too.
    const keeper = await d.session('START TRANSACTION;', `SELECT count(*) FROM _tenon_migration_steps WHERE history_schema = DATABASE() AND migration_name = '2_locked' AND step = ${step} FOR UPDATE;`);
    await reader.close();
    const waiting = await until(`the note to wait: ${deploy.output}`, () => d.waitingForRow());
    deploy.child.kill('SIGKILL');
    await deploy.ended();
    d.end(waiting);
    await until('the session to end', () => !d.lives(waiting));
    await keeper.close();
    // A change of rows is not noted before a change of a definition has committed it.
    const said = step === 5 ? 4 : step;
    expect(d.run('migrate', 'status'), 1, new RegExp(`${said - 1} of 7 statements are done; statement ${said} \\(.*2_locked/migration\\.sql:${said + 1}:1`));
  }
  expect(d.run('migrate', 'deploy', '--resume'), 0);
  assert.deepEqual(d.lines('SELECT * FROM t'), ['1|4|NULL']);
  assert.equal(d.sql('SELECT count(*) FROM information_schema.triggers WHERE trigger_schema = DATABASE()'), '0');
  assert.deepEqual(d.history().filter(row => row.includes('|applied|')), ['1_init|applied|1', '2_locked|applied|1']);
});

// Who has read a table and writes it while somebody waits to change its definition is ended by the server as a deadlock:
// so definitions are changed in a moment when nobody has the table open.
test('changes of definitions end no transaction that has read the table and writes it', async () => {
  d.write('1_init', 'CREATE TABLE item (id int PRIMARY KEY, n int NOT NULL);\nINSERT INTO item SELECT seq, 0 FROM seq_1_to_100;');
  expect(d.run('migrate', 'deploy'), 0);
  d.write('2_changes', `CREATE TABLE thing LIKE item;
CREATE VIEW item_view AS SELECT * FROM thing;
RENAME TABLE thing TO item_empty, item TO thing, item_view TO item;
DROP TABLE item_empty;
CREATE TRIGGER t BEFORE UPDATE ON thing FOR EACH ROW SET NEW.n = NEW.n;
CREATE INDEX n ON thing (n);
DROP TRIGGER t;
ALTER TABLE thing ALTER COLUMN n SET DEFAULT 1;
`);
  const failures = [];
  let stopped = false, done = 0;
  const writers = [1, 2, 3].map(async number => {
    const shell = project.spawn(tenonPath, ['db', 'shell', '--', '-N', '--unbuffered', '--force', d.database]);
    shell.stderr.on('data', text => failures.push(String(text)));
    const lines = createInterface({ input: shell.stdout })[Symbol.asyncIterator]();
    for (let i = 0; !stopped; ++i, ++done) {
      const id = number + 3 * (i % 30);
      shell.stdin.write(`BEGIN; SELECT n FROM item WHERE id = ${id} AND n < 0; DO SLEEP(0.002); UPDATE item SET n = n + 1 WHERE id = ${id}; COMMIT; SELECT 'done';\n`);
      if ((await lines.next()).done) break;
    }
    shell.stdin.end();
  });
  await until('writers', () => done > 20);
  const deploy = d.start('migrate', 'deploy', '--lock-timeout', '5h');
  const status = await deploy.ended();
  stopped = true;
  await Promise.all(writers);
  assert.equal(status, 0, deploy.output);
  assert.deepEqual(failures, []);
  assert.equal(d.sql('SELECT sum(n) FROM thing'), String(done));
});

// The column of a name that is new, required and unique, and one of another type: writers of the new version are refused
// nothing, and what they wrote stays, whatever the migration had come to.
test('killed at each statement of a second step: those who write the new columns go on', async () => {
  const schema = fields => project.write('prisma/schema.prisma', `datasource db {\n  provider = "mysql"\n}\n\nmodel item {\n  id Int @id @default(autoincrement())\n  ${fields}\n}\n`);
  schema('title String @unique @db.VarChar(40)\n  body String @db.Text\n  amount Int\n\n  @@index([amount])');
  expect(d.run('migrate', 'dev', '--name', 'init'), 0);
  d.sql("INSERT INTO item (title, body, amount) VALUES ('first', 'text', 1)");
  schema('headline String @unique @db.VarChar(40)\n  text String @db.Text\n  amount BigInt\n\n  @@index([amount])');
  expect(d.run('migrate', 'dev', '--online', '--name', 'first', '--rename', 'item.title=headline', '--rename', 'item.body=text'), 0);
  expect(d.run('migrate', 'dev', '--contract', '--create-only'), 0);
  const contract = readdirSync(join(project.dir, 'prisma/migrations')).filter(name => name.endsWith('contract'))[0];
  let written = 0;
  const write = () => {
    for (const each of [++written, ++written]) d.sql(`INSERT INTO item (headline, text, amount) VALUES ('new ${each}', 't ${each}', 0)`);
    d.sql(`UPDATE item SET amount = id WHERE headline LIKE 'new %';\nUPDATE item SET headline = 'changed', text = 'c' WHERE headline = 'new ${written}';\nUPDATE item SET headline = 'new ${written}' WHERE headline = 'changed'`);
    assert.equal(d.sql("SELECT count(*), count(DISTINCT headline), sum(amount = id), sum(text LIKE 't %'), sum(text = 'c') FROM item WHERE headline LIKE 'new %'"), [written, written, written, written / 2, written / 2].join('\t'));
  };
  let statements = 3;
  for (let step = 2; step < statements; ++step) {
    const reader = await d.session('START TRANSACTION;', 'SELECT count(*) FROM item;');
    const deploy = d.start('migrate', 'deploy', '--lock-timeout', '30s', ...(step > 2 ? ['--resume'] : []));
    await until(`the migration to wait: ${deploy.output}`, () => deploy.output.includes(`${contract}: statement ${step - 1} of`));
    const keeper = await d.session('START TRANSACTION;', `SELECT count(*) FROM _tenon_migration_steps WHERE history_schema = DATABASE() AND migration_name = '${contract}' AND step = ${step} FOR UPDATE;`);
    await reader.close();
    const waiting = await until(`the note to wait: ${deploy.output}`, () => d.waitingForRow());
    deploy.child.kill('SIGKILL');
    await deploy.ended();
    d.end(waiting);
    await until('the session to end', () => !d.lives(waiting));
    await keeper.close();
    const status = expect(d.run('migrate', 'status'), 1, new RegExp(`${step - 1} of \\d+ statements are done; statement ${step} `));
    statements = Number(/of (\d+) statements/.exec(status.stdout)[1]);
    write();
  }
  assert.ok(statements > 8);
  expect(d.run('migrate', 'deploy', '--resume'), 0);
  write();
  d.sql("UPDATE item SET amount = 5000000000 WHERE headline = 'first'");
  expect(d.run('migrate', 'status', '--drift'), 0, /up to date/);
  assert.equal(d.sql('SELECT count(*) FROM information_schema.triggers WHERE trigger_schema = DATABASE()'), '0');
});

test('a corrected statement about another table is run, whatever that table looks like', () => {
  d.write('1_init', 'CREATE TABLE a (id int);\nCREATE TABLE b (id int);');
  d.write('2_bad', 'ALTER TABLE a ADD id int;');
  expect(d.run('migrate', 'deploy'), 1, /P3018/);
  d.write('2_bad', 'ALTER TABLE b ADD x int;');
  expect(d.run('migrate', 'deploy', '--resume'), 0);
  assert.equal(d.lines('SHOW COLUMNS FROM b').length, 2);
});

test('a shadow database has the character set of the one that it stands for', () => {
  project.sql(`CREATE DATABASE ${d.database} CHARACTER SET latin1 COLLATE latin1_german1_ci`);
  d.write('1_init', 'CREATE TABLE a (id int PRIMARY KEY, t varchar(20));');
  expect(d.run('migrate', 'deploy'), 0);
  expect(d.run('migrate', 'status', '--drift'), 0, /up to date/);
});

test('ways back are tried out with the character set of the database', () => {
  project.sql(`CREATE DATABASE ${d.database} CHARACTER SET latin1 COLLATE latin1_german1_ci`);
  d.write('1_init', 'CREATE TABLE a (id int PRIMARY KEY);');
  d.write('2_long', 'CREATE TABLE b (t varchar(1000) PRIMARY KEY);');  // 4000 bytes in utf8mb4, which is too long
  expect(d.run('migrate', 'deploy'), 0);
  expect(d.run('migrate', 'down'), 0, /2_long is undone/);
  expect(d.run('migrate', 'squash', '--name', 'one'), 0, /stands for 2 migrations now, and makes the same\.\n/);
  const one = readdirSync(join(project.dir, 'prisma/migrations')).find(name => name.endsWith('_one'));
  assert.match(project.read(`prisma/migrations/${one}/migration.sql`), /DEFAULT CHARACTER SET latin1 COLLATE latin1_german1_ci/);
});

test('what is made again has the character sets and collations that it had', () => {
  d.write('1_init', `CREATE TABLE a (id int PRIMARY KEY, t varchar(20), u varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, w varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)
    DEFAULT CHARACTER SET latin1 COLLATE latin1_swedish_ci;`);
  expect(d.run('migrate', 'deploy'), 0);
  const made = d.sql('SHOW CREATE TABLE a');
  for (const [name, script] of [['2_table', 'DROP TABLE a;'], ['3_columns', 'ALTER TABLE a DROP COLUMN w, DROP COLUMN u, DROP COLUMN t, MODIFY id int;']]) {
    d.write(name, `-- tenon: approve-file drop-table, drop-column\n${script}`);
    expect(d.run('migrate', 'deploy'), 0);
    expect(d.run('migrate', 'down'), 0, new RegExp(`${name} is undone`));
    const again = d.sql('SHOW CREATE TABLE a');
    assert.equal(again, made);
    expect(d.run('migrate', 'resolve', '--rolled-back', name), 0);
    rmSync(join(project.dir, 'prisma/migrations', name), { recursive: true });
  }
  d.write('2_more', 'CREATE TABLE b (id int PRIMARY KEY, v varchar(5)) DEFAULT CHARACTER SET ascii;');
  expect(d.run('migrate', 'deploy'), 0);
  const both = ['a', 'b'].map(table => d.sql(`SHOW CREATE TABLE ${table}`));
  expect(d.run('migrate', 'squash', '--name', 'one'), 0, /stands for 2 migrations now, and makes the same\.\n/);
  d.another();
  expect(d.run('migrate', 'deploy'), 0);
  assert.deepEqual(['a', 'b'].map(table => d.sql(`SHOW CREATE TABLE ${table}`)), both);
});

test('a mistake is told with its line', () => {
  d.write('1_bad', '-- one\nCREATE TABLE a (\n  id int,\n  n int,,\n  m int\n);\n');
  expect(d.run('migrate', 'deploy'), 1, /P3018.*1_bad\/migration\.sql:4:3: .*statement 1 of 1: You have an error in your SQL syntax/);
});

test('a user with rights on one database only', async () => {
  d.make();
  d.sql(`CREATE USER IF NOT EXISTS weak IDENTIFIED BY 'weak'; GRANT ALL ON ${d.database}.* TO weak`);
  d.write('1_init', 'CREATE TABLE a (id int);');
  const root = d.url, weak = new URL(d.url);
  weak.username = 'weak'; weak.password = 'weak';
  d.url = weak.href;
  expect(d.run('migrate', 'deploy'), 0);
  d.write('2_more', 'ALTER TABLE a ADD b int;');
  const reader = await d.session('START TRANSACTION;', 'SELECT * FROM a;');
  const deploy = d.start('migrate', 'deploy', '--lock-timeout', '1s');
  assert.equal(await deploy.ended(), 1, deploy.output);
  assert.match(deploy.output, /P3018.*Lock wait timeout exceeded/, 'without the name of whom it may not see');
  await reader.close();
  expect(d.run('migrate', 'deploy', '--resume'), 0);
  expect(d.run('migrate', 'reset', '--force'), 0, /as its migrations make it/);
  weak.pathname = '/elsewhere';
  d.url = weak.href;
  expect(d.run('migrate', 'deploy'), 1, /P1010|P1003|P3000/);
  d.url = root;
});

test('a process that was killed gives the lock up by itself', async () => {
  d.make();
  d.write('1_slow', 'SELECT sleep(1000);');
  const deploy = d.start('migrate', 'deploy');
  await until('the statement', () => d.lines("SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT sleep(1000)%' AND DB = DATABASE()")[0]);
  deploy.child.kill('SIGKILL');
  await deploy.ended();
  d.write('1_slow', 'SELECT 1;');
  expect(d.run('migrate', 'deploy', '--lock-timeout', '100s'), 0, /1 migration applied/);
});
