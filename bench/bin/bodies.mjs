#!/usr/bin/env node
// Writes one file per operation, one JSON request body per line, for wrk/post.lua.
// usage: bodies.mjs --dialect tenon --out DIR [--dir DIR]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { body, doc, loadOps, root } from './lib.mjs';
const { values: o } = parseArgs({ options: { dialect: { type: 'string', default: 'tenon' }, out: { type: 'string' }, dir: { type: 'string', default: root } } });
if (!o.out) { console.error('usage: bodies.mjs --dialect NAME --out DIR [--dir DIR]'); process.exit(2); }
mkdirSync(o.out, { recursive: true });
const list = [...await loadOps(o.dir), { name: 'i01_introspection', vars: [{}] }];
for (const op of list) { const q = doc(o.dir, o.dialect, op.name); if (q) writeFileSync(join(o.out, op.name + '.jsonl'), op.vars.map(v => body(q, v) + '\n').join('')); }
