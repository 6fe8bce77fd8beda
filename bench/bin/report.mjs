#!/usr/bin/env node
// The measurements of run.sh as the table of docs/performance.md.
// usage: report.mjs results.tsv
import { readFileSync } from 'node:fs';

const rows = new Map();
const notes = [];
for (const line of readFileSync(process.argv[2], 'utf8').split('\n')) {
  if (line.startsWith('#')) notes.push(line.slice(2));
  const [label, op, conns, rps, p50, p99, errors, server, database, , memory, other] = line.split('\t');
  if (other === undefined) continue;
  rows.set(`${label} ${op} ${conns}`, { op, conns, rps: +rps, p50: +p50, p99: +p99, errors: +errors, server: +server, database: +database, memory: +memory, other: +other });
}

const ratio = (a, b, digits = 2) => (a === undefined || !b ? '' : (a / b).toFixed(digits));
const head = ['operation', 'conns', 'req/s', '÷ bare', '÷ PostGraphile', 'server µs', '÷ (hello + bare)', 'db µs', '÷ bare', 'p50 ms', 'p99 ms', 'memory MB'];
const table = [head];
for (const [key, row] of rows) {
  if (!key.startsWith('tenon ')) continue;
  const bare = rows.get(`bare ${row.op} ${row.conns}`);
  const peer = rows.get(`postgraphile ${row.op} ${row.conns}`);
  const hello = rows.get(`hello hello ${row.conns}`);
  table.push([row.op + (row.errors ? ` (${row.errors} errors)` : ''), row.conns, row.rps.toFixed(0), ratio(row.rps, bare?.rps), ratio(row.rps, peer?.rps, 1),
    row.server.toFixed(1), ratio(row.server, bare && hello && bare.server + hello.server), row.database.toFixed(1), ratio(row.database, bare?.database),
    row.p50.toFixed(2), row.p99.toFixed(2), String(row.memory)]);
}
const widths = head.map((_, i) => Math.max(...table.map(cells => cells[i].length)));
const print = cells => console.log(`| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`);
print(head);
print(widths.map((width, i) => (i === 0 ? '-'.repeat(width) : '-'.repeat(width - 1) + ':')));
for (const cells of table.slice(1)) print(cells);
for (const note of notes) console.log(`\n${note}`);
for (const pgbench of [...rows].filter(([key]) => key.startsWith('pgbench ')).map(([, row]) => row)) {
  const tenon = rows.get(`tenon ${pgbench.op} ${pgbench.conns}`);
  if (tenon) console.log(`\n${pgbench.op} at ${pgbench.conns} connections: ${(100 * tenon.rps / pgbench.rps).toFixed(0)} % of the ${pgbench.rps.toFixed(0)} transactions a second of pgbench.`);
}
const busy = Math.max(0, ...[...rows.values()].map(row => row.other));
if (busy > 10) console.log(`\nThe machine was busy with other things (up to ${busy} %): trust the CPU columns only.`);
