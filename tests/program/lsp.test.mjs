// `tenon lsp` driven by Microsoft's own client libraries: vscode-jsonrpc and vscode-languageserver-protocol.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import { Project, root, tenonPath, until } from './support/project.mjs';

const require = createRequire(join(root, 'tests/npm/package.json'));
const rpc = require('vscode-jsonrpc/node');
const lsp = require('vscode-languageserver-protocol');

let project, child, connection, exit = null;
const diagnostics = new Map(); // by file name
const registered = [];
const uri = name => pathToFileURL(join(project.dir, name)).href;
const place = (text, marker, ahead = 0) => {
  const before = text.slice(0, text.indexOf(marker) + ahead).split('\n');
  return { line: before.length - 1, character: before.at(-1).length }; // JavaScript counts in UTF-16 too
};
// The text after TextEdits, the last one first.
const edited = (text, edits) => {
  const offset = p => text.split('\n').slice(0, p.line).reduce((n, l) => n + l.length + 1, 0) + p.character;
  return [...edits].sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce((out, e) => out.slice(0, offset(e.range.start)) + e.newText + out.slice(offset(e.range.end)), text);
};

const user = 'enum Role {\n  ADMIN\n  READER\n}\n\n/// Who writes.\nmodel User {\n  id Int @id\n  /* 😀 */ role Role @default(READER)\n  posts Post[]\n}\n';
const post = 'model Post {\n  id Int @id\n  userId Int\n  user User @relation(fields: [userId], references: [id])\n}\n';

before(async () => {
  project = await Project.create({ database: false, files: {
    'prisma.config.ts': 'export default { schema: "db" }\n',
    'db/schema.prisma': 'datasource db {\n  provider = "postgresql"\n}\n',
    'db/models/user.prisma': user, 'db/models/post.prisma': post,
  } });
  child = spawn(tenonPath, ['lsp', '--stdio'], { cwd: '/', stdio: ['pipe', 'pipe', 'inherit'] });
  child.on('exit', code => (exit = code));
  connection = rpc.createMessageConnection(new rpc.StreamMessageReader(child.stdout), new rpc.StreamMessageWriter(child.stdin));
  connection.onNotification(lsp.PublishDiagnosticsNotification.type, p => diagnostics.set(p.uri, p.diagnostics));
  connection.onRequest(lsp.RegistrationRequest.type, p => { registered.push(...p.registrations); });
  connection.listen();
});
after(async () => { connection.dispose(); child.kill(); await project.remove(); });
const open = (name, text) => connection.sendNotification(lsp.DidOpenTextDocumentNotification.type,
  { textDocument: { uri: uri(name), languageId: 'prisma', version: 1, text } });
const at = (name, text, marker, ahead) => ({ textDocument: { uri: uri(name) }, position: place(text, marker, ahead) });

test('initialize says what the server does', async () => {
  const { capabilities, serverInfo } = await connection.sendRequest(lsp.InitializeRequest.type, {
    processId: process.pid, rootUri: uri(''), capabilities: {
      workspace: { didChangeWatchedFiles: { dynamicRegistration: true } },
      textDocument: { completion: { completionItem: { snippetSupport: true } } },
    } });
  assert.equal(serverInfo.name, 'tenon');
  assert.equal(capabilities.textDocumentSync.change, lsp.TextDocumentSyncKind.Incremental);
  for (const name of ['hoverProvider', 'definitionProvider', 'referencesProvider', 'documentSymbolProvider', 'documentFormattingProvider'])
    assert.equal(capabilities[name], true, name);
  await connection.sendNotification(lsp.InitializedNotification.type, {});
  await until('files are watched', () => registered.some(r => r.method === 'workspace/didChangeWatchedFiles'));
});
test('opening one file checks the whole schema', async () => {
  open('db/models/user.prisma', user);
  open('db/models/post.prisma', post);
  await until('diagnostics of all files', () => diagnostics.size === 3);
  for (const [file, found] of diagnostics) assert.deepEqual(found, [], file);
});
test('a change in one file shows in the other, behind an emoji at its UTF-16 place', async () => {
  const change = (version, from, to, text) => connection.sendNotification(lsp.DidChangeTextDocumentNotification.type,
    { textDocument: { uri: uri('db/models/user.prisma'), version }, contentChanges: [{ range: { start: from, end: to }, text }] });
  const name = place(user, 'Role @');
  change(2, name, { ...name, character: name.character + 4 }, 'Rle');
  const found = await until('the mistake', () => diagnostics.get(uri('db/models/user.prisma'))?.[0]);
  assert.match(found.message, /Rle/);
  assert.equal(found.severity, lsp.DiagnosticSeverity.Error);
  assert.deepEqual(found.range.start, name);
  change(3, name, { ...name, character: name.character + 3 }, 'Role');
  await until('it goes', () => diagnostics.get(uri('db/models/user.prisma')).length === 0);
});
test('definition and references go over files', async () => {
  const definition = await connection.sendRequest(lsp.DefinitionRequest.type, at('db/models/post.prisma', post, 'User'));
  assert.deepEqual([definition.uri, definition.range.start], [uri('db/models/user.prisma'), place(user, 'User {')]);
  const references = await connection.sendRequest(lsp.ReferencesRequest.type,
    { ...at('db/models/user.prisma', user, 'READER'), context: { includeDeclaration: true } });
  assert.deepEqual(references.map(r => r.range.start), [place(user, 'READER\n}'), place(user, 'READER)')]);
});
test('hover shows documentation and relation', async () => {
  const model = await connection.sendRequest(lsp.HoverRequest.type, at('db/models/post.prisma', post, 'User'));
  assert.match(model.contents.value, /model User[^]*table `User`[^]*Who writes\./);
  const relation = await connection.sendRequest(lsp.HoverRequest.type, at('db/models/post.prisma', post, 'user User'));
  assert.match(relation.contents.value, /one to many, `Post` → `User`; the other side is `User\.posts`/);
});
test('completion knows the names of the schema', async () => {
  const roles = await connection.sendRequest(lsp.CompletionRequest.type, at('db/models/user.prisma', user, 'READER)'));
  assert.ok(roles.some(i => i.label === 'ADMIN') && roles.some(i => i.label === 'READER'));
  const fields = await connection.sendRequest(lsp.CompletionRequest.type, at('db/models/post.prisma', post, 'userId]'));
  assert.deepEqual(fields.map(i => i.label), ['id', 'userId']);
});
test('rename edits every file, and the result is valid', async () => {
  const edit = await connection.sendRequest(lsp.RenameRequest.type, { ...at('db/models/post.prisma', post, 'User'), newName: 'Person' });
  const texts = { 'db/models/user.prisma': user, 'db/models/post.prisma': post };
  for (const [name, text] of Object.entries(texts)) project.write(name, edited(text, edit.changes[uri(name)]));
  assert.match(project.read('db/models/post.prisma'), /user Person @relation/);
  assert.match(project.read('db/models/user.prisma'), /model Person \{[^]*@@map\("User"\)/);
  assert.equal(project.run(['schema', 'validate']).status, 0);
  for (const [name, text] of Object.entries(texts)) project.write(name, text);
  await assert.rejects(connection.sendRequest(lsp.RenameRequest.type, { ...at('db/models/post.prisma', post, 'User'), newName: 'Post' }),
    e => e.code === lsp.LSPErrorCodes.RequestFailed && /already/.test(e.message));
});
test('formatting gives what `tenon schema format` writes', async () => {
  const edits = await connection.sendRequest(lsp.DocumentFormattingRequest.type,
    { textDocument: { uri: uri('db/models/post.prisma') }, options: { tabSize: 2, insertSpaces: true } });
  project.check('schema', 'format');
  assert.equal(edited(post, edits), project.read('db/models/post.prisma'));
  assert.equal(project.run(['schema', 'format', '--check']).status, 0);
});
test('document symbols nest', async () => {
  const symbols = await connection.sendRequest(lsp.DocumentSymbolRequest.type, { textDocument: { uri: uri('db/models/post.prisma') } });
  assert.deepEqual(symbols.map(s => [s.name, s.kind, s.children.map(c => c.name)]),
    [['Post', lsp.SymbolKind.Class, ['id', 'userId', 'user']]]);
});
test('files that change outside the editor are read again', async () => {
  project.write('db/schema.prisma', 'datasource db {\n  provider = "nothing"\n}\n');
  connection.sendNotification(lsp.DidChangeWatchedFilesNotification.type,
    { changes: [{ uri: uri('db/schema.prisma'), type: lsp.FileChangeType.Changed }] });
  const found = await until('the mistake', () => diagnostics.get(uri('db/schema.prisma'))?.[0]);
  assert.match(found.message, /provider not known/);
});
test('shutdown and exit end it with 0', async () => {
  await connection.sendRequest(lsp.ShutdownRequest.type);
  await assert.rejects(connection.sendRequest(lsp.HoverRequest.type, at('db/models/post.prisma', post, 'User')));
  await connection.sendNotification(lsp.ExitNotification.type);
  assert.equal(await until('the end', () => (exit === null ? null : { exit })).then(e => e.exit), 0);
});
