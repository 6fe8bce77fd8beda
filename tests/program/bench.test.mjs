// The benchmark operations over the million rows of the sample shop: every answer equals the expected one
// (bench/expected, made by plain SQL).
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project, root } from './support/project.mjs';

let project, server;
const run = (command, args) => {
  const r = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.equal(r.status, 0, `${command} ${args.join(' ')}\n${r.stdout}${r.stderr}`);
  return r.stdout;
};
before(async () => {
  project = await Project.create();
  run('node', [join(root, 'bench/gen.mjs'), '--dialect', 'pg', '--out', join(project.dir, 'rows')]);
  run('sh', [join(root, 'bench/bin/load-pg.sh'), join(project.dir, 'rows'), project.databaseUrl]);
  server = await project.dev({ args: ['--schema', 'bench'] });
});
after(() => project.remove());

test('every operation gives the expected answer', async () => {
  const output = await new Promise(done => {
    let text = '';
    const verify = spawn('node', [join(root, 'bench/bin/verify.mjs'), '--url', server.url, '--header', `x-api-key: ${server.key}`, '--writes']);
    verify.stdout.on('data', d => (text += d)); verify.stderr.on('data', d => (text += d));
    verify.on('exit', () => done(text));
  });
  const [, passed, failed] = /(\d+) passed, (\d+) failed/.exec(output) ?? [];
  assert.equal(failed, '0', output);
  assert.ok(Number(passed) >= 120, output); // r01 to r14, m01 and m02, each with all its variable sets
});
