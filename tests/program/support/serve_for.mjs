#!/usr/bin/env node
// Serves a database made from a SQL file, openly to one key, while a command runs; {url} and {key} in the
// command's words are replaced. Ends with the command's exit code.
// usage: serve_for.mjs FILE.sql -- COMMAND [ARG …]
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Project } from './project.mjs';

const split = process.argv.indexOf('--');
const [file] = process.argv.slice(2, split);
const command = process.argv.slice(split + 1);
const project = await Project.create({ sql: readFileSync(file, 'utf8') });
try {
  const server = await project.dev();
  const words = command.map(w => w.replaceAll('{url}', server.url).replaceAll('{key}', server.key));
  process.exitCode = await new Promise(done => spawn(words[0], words.slice(1), { stdio: 'inherit' }).on('exit', code => done(code ?? 1)));
} finally {
  await project.remove();
}
