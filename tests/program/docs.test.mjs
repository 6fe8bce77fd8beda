// Pages of docs/ against the program: what a block says is put into a project and run, what it prints is compared.
import assert from 'node:assert/strict';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { Project, root, tenonPath } from './support/project.mjs';

const page = name => readFileSync(join(root, 'docs', `${name}.md`), 'utf8');
// The texts of a page's blocks in one language, in their order.
const blocks = (name, language) => [...page(name).matchAll(/^```(\w+)\n([^]*?)^```$/gm)].filter(([, is]) => is === language).map(([, , text]) => text);
let project;
// As somebody would in a shell: what comes back, of both streams.
const shell = (command, more = {}) => {
  const r = spawnSync('sh', ['-c', `${command} 2>&1`], { cwd: project.dir, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', PATH: `${project.dir}/bin:${process.env.PATH}`, ...more } });
  return r.stdout;
};
// Commands of a console block with what each prints.
const commands = text => text.split(/^\$ /m).slice(1).map(part => { const end = part.indexOf('\n'); return { command: part.slice(0, end).replace(/ +# .*$/, ''), output: part.slice(end + 1) }; });

before(async () => {
  project = await Project.create({
    sql: `CREATE TABLE note (id serial PRIMARY KEY, owner text, title text NOT NULL, status text, salary numeric);
      CREATE TABLE "Post" (id int PRIMARY KEY, internal_note text, created_at timestamptz);
      CREATE TABLE notes (id serial PRIMARY KEY, title text NOT NULL, "createdAt" timestamptz);
      CREATE TABLE "Comment" (id int PRIMARY KEY, note_id int REFERENCES notes (id), text text);
      CREATE TABLE "Order" (id int PRIMARY KEY, customer_sub text, state text, margin numeric NOT NULL);
      CREATE TABLE places (id serial PRIMARY KEY, name text, lat float8, long float8);
      CREATE TABLE "Product" (id int PRIMARY KEY, sku text);`,
    files: { 'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n}\n\nmodel Note {\n  id     Int      @id @default(autoincrement())\n  owner  String?\n  title  String\n  status String?\n  salary Decimal?\n\n  @@map("note")\n}\n',
      'api/rules.graphql': blocks('authorization', 'graphql')[0], 'bin/tenon': `#!/bin/sh\nexec '${tenonPath}' "$@"\n` },
  });
  chmodSync(join(project.dir, 'bin/tenon'), 0o755);
});
after(() => project?.remove());

test('authorization.md: what policy explain prints', () => {
  for (const { command, output } of commands(blocks('authorization', 'console')[0])) assert.equal(shell(command), output, command);
});
test('authorization.md: the cases of policy test', () => {
  project.write('policy/notes.toml', blocks('authorization', 'toml')[0]);
  const r = project.run(['policy', 'test', 'policy/notes.toml']);
  assert.equal(r.status, 0, r.stdout + r.stderr);
});
test('authorization.md: a direct connection under row security', () => {
  project.sql("INSERT INTO note (owner, title) VALUES ('5f1c', 'hers'), ('bob', 'his')");
  project.sql(project.check('policy', 'rls'));
  assert.equal(project.sql(blocks('authorization', 'sql')[0]).split('\n').at(-1), '1|hers');
});
test('authentication.md: keys and secrets', () => {
  const [key, secrets] = ['auth key create', 'secret set'].map(word => blocks('authentication', 'console').find(text => text.includes(word)));
  const made = shell(commands(key)[0].command);
  const masked = text => text.replace(/"[0-9a-f]{4}…"|"[0-9a-f]{64}"/, '"HASH"').replace(/\d{4}-\d\d-\d\d/, 'DAY');
  assert.ok(masked(made).includes(masked(blocks('authentication', 'toml').find(text => text.includes('api_keys')))), made);
  const [set, list] = commands(secrets);
  shell(`echo value | ${set.command}`);
  assert.equal(shell(list.command), list.output);
});
test('overlay.md: every block is an overlay', () => {
  const files = ['models', 'whole', 'rules', 'operations', 'types'].map((name, i) => [`api/${name}.graphql`, blocks('overlay', 'graphql')[i]]);
  assert.equal(blocks('overlay', 'graphql').length, files.length);
  project.write('prisma/schema.prisma', '');
  project.run(['pull', '--force', '--url', project.databaseUrl]);
  for (const [name, text] of files) project.write(name, text);
  project.write('api/rules.graphql', '');
  project.write('api/addPlace.sql', 'INSERT INTO places (name) VALUES (:name) RETURNING id, name');
  const r = project.run(['check', '--url', project.databaseUrl]);
  assert.equal(r.status, 0, r.stdout + r.stderr);
  assert.doesNotMatch(r.stdout, /TN4013/);
});
