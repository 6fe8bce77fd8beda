// `tenon schema …` from outside, and where schema files are looked for.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project } from './support/project.mjs';

const datasource = 'datasource db {\n  provider = "postgresql"\n}\n';
const model = (name, rest = '') => `model ${name} {\n  id Int @id\n${rest}}\n`;
const broken = '// ä 😀\n' + datasource + model('A', '  b Bx?\n');

let project;
before(async () => { project = await Project.create({ database: false }); });
after(() => project.remove());
const validate = (...args) => project.run(['schema', 'validate', ...args]);

test('no schema at all says what to do', () => {
  const r = validate();
  assert.equal(r.status, 1);
  assert.match(r.stderr, /TN1003.*There are no schema files in prisma/);
  assert.match(r.stderr, /tenon pull/);
});
test('a valid schema in several files', () => {
  project.write('prisma/schema.prisma', datasource);
  project.write('prisma/models/a.prisma', model('A', '  e E\n') + 'enum E {\n  X\n}\n');
  const r = validate();
  assert.equal(r.status, 0, r.stdout + r.stderr);
  assert.equal(r.stdout, '✓ Valid: 1 model, 1 enum in 2 files.\n');
});
test('all problems at once, with place and line', () => {
  project.write('broken.prisma', broken.replace('b Bx?', 'b Bx?\n  c Cx'));
  const r = validate('--schema', 'broken.prisma');
  assert.equal(r.status, 1);
  assert.match(r.stdout, /error\[P1012\].*"Bx"/);
  assert.match(r.stdout, /--> broken\.prisma:7:5/);
  assert.match(r.stdout, / 7 \|   b Bx\?/);
  assert.match(r.stdout, /\^\^/);
  assert.match(r.stdout, /✗ 2 errors, 0 warnings\.\n$/);
});
test('--json has byte offsets, lines and columns', () => {
  project.write('broken.prisma', broken);
  const r = validate('--schema', 'broken.prisma', '--json');
  assert.equal(r.status, 1);
  const { valid, diagnostics } = JSON.parse(r.stdout);
  const start = Buffer.byteLength(broken.slice(0, broken.indexOf('Bx')));
  assert.equal(valid, false);
  assert.equal(diagnostics.length, 1);
  const { message, ...rest } = diagnostics[0];
  assert.match(message, /^Type "Bx" is neither a built-in type/);
  assert.equal(rest.start, start);
  assert.deepEqual({ ...rest, start: 0, end: 0 }, { severity: 'error', code: 'P1012', file: 'broken.prisma', start: 0, end: 0, line: 7, column: 5 });
  project.write('fine.prisma', datasource + model('A'));
  assert.deepEqual(JSON.parse(validate('--schema', 'fine.prisma', '--json').stdout), { valid: true, diagnostics: [] });
});
test('--prisma-compat prints what Prisma prints', () => {
  const r = validate('--schema', 'broken.prisma', '--prisma-compat=7');
  assert.equal(r.status, 1);
  assert.equal(r.stdout, 'error: Type "Bx" is neither a built-in type, nor refers to another model, composite type, or enum.\n' +
    '  -->  broken.prisma:7\n   | \n 6 |   id Int @id\n 7 |   b Bx?\n   | \n\nValidation Error Count: 1\n');
  const withUrl = datasource.replace('}', '  url = env("DATABASE_URL")\n}') + model('A');
  project.write('six.prisma', withUrl);
  assert.equal(validate('--schema', 'six.prisma').status, 0);
  assert.equal(validate('--schema', 'six.prisma', '--prisma-compat=6').stdout, 'The schema at six.prisma is valid 🚀\n');
  assert.match(validate('--schema', 'six.prisma', '--prisma-compat=7').stdout, /property `url` is no longer supported/);
  assert.equal(validate('--prisma-compat=8').status, 2);
});
test('format writes files, --check names them', () => {
  project.write('f/a.prisma', datasource + '\n' + model('A'));
  project.write('f/b.prisma', 'model B {\n  id    Int @id\n  longer String\n}');
  const before = project.run(['schema', 'format', '--schema', 'f', '--check']);
  assert.equal(before.status, 1);
  assert.equal(before.stdout, 'f/b.prisma\n');
  assert.match(before.stderr, /1 file is not formatted/);
  assert.match(project.read('f/b.prisma'), /longer String/);
  assert.equal(project.check('schema', 'format', '--schema', 'f'), 'f/b.prisma: formatted\n1 file unchanged\n');
  assert.equal(project.read('f/b.prisma'), 'model B {\n  id     Int    @id\n  longer String\n}\n');
  assert.equal(project.check('schema', 'format', '--schema', 'f', '--check'), '');
  assert.equal(project.check('schema', 'format', '--schema', 'f'), '2 files unchanged\n');
});
test('format adds the missing side of a relation', () => {
  project.write('r.prisma', datasource + '\n' + model('A', '  b B\n') + '\n' + model('B'));
  project.check('schema', 'format', '--schema', 'r.prisma');
  assert.match(project.read('r.prisma'), /b +B +@relation\(fields: \[bId\], references: \[id\]\)\n +bId +Int/);
  assert.match(project.read('r.prisma'), /model B \{\n +id +Int +@id\n +as +A\[\]/);
  assert.equal(validate('--schema', 'r.prisma').status, 0);
});
test('describe prints the datamodel, of valid schemas alone', () => {
  const described = JSON.parse(project.check('schema', 'describe'));
  assert.deepEqual(described.models.map(m => m.name), ['A']);
  assert.deepEqual(described.enums.map(e => e.name), ['E']);
  const r = project.run(['schema', 'describe', '--schema', 'broken.prisma']);
  assert.equal(r.status, 1);
  assert.equal(r.stdout, '');
  assert.match(r.stderr, /broken\.prisma:7:5/);
});
test('diagram draws', () => {
  assert.match(project.check('schema', 'diagram'), /^<svg[^]*<\/svg>\n$/);
  assert.match(project.check('schema', 'diagram', '--format', 'mermaid', '--schema', 'r.prisma'), /^erDiagram/);
  assert.equal(project.check('schema', 'diagram', '--schema', 'r.prisma', '--out', 'out/r.svg'), 'out/r.svg: 2 models\n');
  assert.ok(existsSync(join(project.dir, 'out/r.svg')));
});

test('prisma.config.ts names schema and database, without being run', () => {
  project.write('prisma.config.ts', "import { defineConfig, env } from 'prisma/config';\nthrow new Error('run');\n" +
    "export default defineConfig({ schema: 'f', datasource: { url: env('SHOP_URL') } });\n");
  assert.match(validate().stdout, /2 models in 2 files/);
  const r = project.run(['pull', '--print'], { env: { SHOP_URL: 'postgresql://nobody@127.0.0.1:1/shop', DATABASE_URL: 'postgresql://wrong' } });
  assert.equal(r.status, 1);
  assert.match(r.stderr, /127\.0\.0\.1:1/);
  const unset = project.run(['pull', '--print'], { env: { SHOP_URL: '', DATABASE_URL: '' } });
  assert.match(unset.stderr, /TN1002.*prisma\.config\.ts:3:\d+.*SHOP_URL is not set/);
});
test('what is computed is an error with its place and a way out', () => {
  project.write('prisma.config.ts', 'export default { schema: find(), datasource: { url: secret() } }\n');
  const r = validate();
  assert.equal(r.status, 1);
  assert.match(r.stderr, /TN1001.*prisma\.config\.ts:1:26: schema is computed \(a call of find\)/);
  assert.match(r.stderr, /\[schema\] path = /);
  project.write('tenon.toml', '[schema]\npath = "prisma"\n');
  assert.equal(validate().status, 0);
  assert.match(project.run(['pull'], { env: { DATABASE_URL: '' } }).stderr, /datasource\.url is computed/);
});
test('bytes that are no text are a diagnostic, and formatting leaves them alone', () => {
  const bytes = Buffer.concat([Buffer.from(datasource + 'model A {\n  b'), Buffer.from([0xff]), Buffer.from(' Int\n}\n')]);
  project.write('bytes.prisma', bytes);
  const r = validate('--schema', 'bytes.prisma', '--json');
  assert.equal(r.status, 1);
  const { message, line, column } = JSON.parse(r.stdout).diagnostics[0];
  assert.deepEqual([message, line, column], ['The file is not UTF-8 text: no character begins with the byte 0xff here.', 5, 4]);
  assert.doesNotMatch(r.stdout, /\ufffd/);
  project.check('schema', 'format', '--schema', 'bytes.prisma');
  assert.deepEqual(readFileSync(join(project.dir, 'bytes.prisma')), bytes);
});
test('an empty folder or a file that cannot be read', () => {
  mkdirSync(join(project.dir, 'empty'));
  assert.match(validate('--schema', 'empty').stderr, /holds no \*\.prisma file/);
  assert.match(validate('--schema', 'nope.prisma').stderr, /There is no schema file/);
});
