// What tests of migrations do again and again, on either engine: a fresh database and folder, `tenon` on it with or
// without waiting, sessions that stay open, what the database holds.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { tenonPath } from './project.mjs';

export class Deployments {
  constructor(project) { this.project = project; this.mariadb = project.engine === 'mariadb'; this.count = 0; }

  // A database that is not there yet, and no folder.
  fresh() { rmSync(join(this.project.dir, 'prisma'), { recursive: true, force: true }); this.another(); }
  another() {
    const url = new URL(this.project.databaseUrl);
    url.pathname = `/m${++this.count}`;
    return (this.url = url.href);
  }
  get database() { return new URL(this.url).pathname.slice(1); }
  make() { this.project.sql(`CREATE DATABASE ${this.database}`); }
  write(name, sql) { this.project.write(`prisma/migrations/${name}/migration.sql`, sql); }
  run(...args) { return this.project.run([...args, '--url', this.url]); }

  static expect(result, status, pattern = /(?:)/) {
    assert.equal(result.status, status, result.stdout + result.stderr);
    assert.match(result.stdout + result.stderr, pattern);
    return result;
  }

  sql(text) { return this.mariadb ? this.project.sql(`USE ${this.database};\n${text}`) : this.project.sql(text, this.url); }
  lines(text) { return this.sql(text).split('\n').filter(Boolean).map(line => line.replaceAll('\t', '|')); }
  history() {
    return this.lines("SELECT migration_name, CASE WHEN rolled_back_at IS NOT NULL THEN 'rolled back' WHEN finished_at IS NOT NULL THEN 'applied' ELSE 'failed' END, applied_steps_count"
      + ' FROM _prisma_migrations ORDER BY started_at, migration_name');
  }
  tables() {
    return this.lines(`SELECT table_name FROM information_schema.tables WHERE table_schema = ${this.mariadb ? 'DATABASE()' : "'public'"}`).sort();
  }
  databases(prefix) {
    return this.lines(this.mariadb ? `SELECT schema_name FROM information_schema.schemata WHERE LEFT(schema_name, ${prefix.length}) = '${prefix}'`
      : `SELECT datname FROM pg_database WHERE starts_with(datname, '${prefix}')`);
  }

  // Tenon, without waiting for it.
  start(...args) {
    const child = this.project.spawn(tenonPath, [...args, '--url', this.url]);
    const started = { child, output: '', ended: child.ended };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', data => { started.output += data; });
    return started;
  }
  // A client of the engine's own that stays open, ready when these statements are done.
  session(...statements) { return this.project.session(statements, this.url); }

  // The id of a migration's session that waits for a table, or for the row of the journal; empty: none does.
  waiting() {
    return this.lines(this.mariadb ? "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND STATE LIKE 'Waiting for table%'"
      : "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'tenon migrate%' AND wait_event_type = 'Lock' AND datname = current_database()")[0];
  }
  waitingForRow() { return this.lines("SELECT trx_mysql_thread_id FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'")[0]; }
  end(id) { try { this.sql(this.mariadb ? `KILL ${id}` : `SELECT pg_terminate_backend(${id})`); } catch { /* it has ended */ } }
  lives(id) {
    return this.lines(this.mariadb ? `SELECT ID FROM information_schema.PROCESSLIST WHERE ID = ${id}` : `SELECT pid FROM pg_stat_activity WHERE pid = ${id}`).length > 0;
  }
}
