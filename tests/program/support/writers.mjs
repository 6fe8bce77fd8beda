// Sessions that write without a pause while something else happens to the database, and how long their writes took.
import assert from 'node:assert/strict';
import { createInterface } from 'node:readline';
import { sleep, until } from './project.mjs';

const lockWait = 3000;  // docs/migrations.md

// One session that runs `statements(i)` as one transaction after the other, from i = `from` on.
class Writer {
  constructor(client, statements, from) {
    this.slowest = 0; this.done = 0; this.failures = [];
    client.stderr.on('data', d => this.failures.push(String(d)));
    const lines = createInterface({ input: client.stdout })[Symbol.asyncIterator]();
    this.work = (async () => {
      for (let i = from; !this.stopped; ++i) {
        const began = performance.now();
        client.stdin.write(`BEGIN; ${statements(i).map(s => s + ';').join(' ')} COMMIT; SELECT 'done';\n`);
        if ((await lines.next()).done) break;
        this.slowest = Math.max(this.slowest, performance.now() - began);
        ++this.done;
      }
      client.stdin.end();
      await client.ended();
    })();
  }
}

export class Load {
  // Beside those of the test one more writes where nothing else happens: it is as slow as the machine is.
  constructor(project) {
    this.project = project; this.count = 0;
    project.sql('CREATE DATABASE aside');
    const aside = new URL(project.databaseUrl);
    aside.pathname = '/aside';
    this.aside = aside.href;
    project.sql('CREATE TABLE kept (id int PRIMARY KEY)', this.aside);
  }
  writer(statements, url) { return new Writer(this.project.shell(url), statements, ++this.count * 1_000_000); }

  // Does `work` while so many sessions of each shape write. None waits longer than a statement of a migration may wait for its
  // locks; how long the slowest write took is said.
  async during(t, shapes, work, each = 2) {
    const idle = this.writer(i => [`INSERT INTO kept VALUES (${i})`, `DELETE FROM kept WHERE id = ${i}`], this.aside);
    this.writers = shapes.flatMap(shape => Array.from({ length: each }, () => this.writer(shape)));
    await this.goOn();
    await work();
    await this.goOn();
    for (const writer of [idle, ...this.writers]) writer.stopped = true;
    await Promise.all([idle, ...this.writers].map(w => w.work));
    for (const writer of [idle, ...this.writers]) assert.deepEqual(writer.failures, []);
    const slowest = Math.max(...this.writers.map(w => w.slowest));
    t.diagnostic(`the slowest of ${this.writers.reduce((n, w) => n + w.done, 0)} writes took ${slowest.toFixed(0)} ms, and ${idle.slowest.toFixed(0)} ms where nothing happened`);
    assert.ok(slowest < lockWait + 5 * Math.max(idle.slowest, 100), `a write took ${slowest} ms`);
  }
  // Until each writer has written for a while.
  async goOn() {
    const before = this.writers.map(w => w.done);
    await sleep(300);
    await until('every writer goes on', () => this.writers.every((w, i) => w.done > before[i] + 5 || w.failures.length > 0));
  }
}
