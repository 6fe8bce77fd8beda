// The completion scripts, as a shell uses them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { tenonPath } from './support/project.mjs';

const script = `
source <("$TENON" completion bash)
complete -p tenon >/dev/null || exit 9
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
function=$(complete -p tenon | sed 's/.*-F \\([^ ]*\\).*/\\1/')
"$function" tenon "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "\${COMPREPLY[@]}"`;

// What bash offers when the last word is being typed.
function offers(...words) {
  const r = spawnSync('bash', ['--norc', '-uc', script, 'bash', 'tenon', ...words], { encoding: 'utf8', env: { ...process.env, TENON: tenonPath } });
  assert.equal(r.status, 0, r.stderr);
  assert.equal(r.stderr, '');
  return r.stdout.split('\n').filter(Boolean).sort();
}

test('bash completes commands', () => {
  assert.deepEqual(offers('d'), ['db', 'dev', 'doctor']);
  assert.deepEqual(offers('db', 'st'), ['start', 'status', 'stop']);
  assert.ok(offers('').includes('serve'));
  assert.deepEqual(offers('completion', 'z'), ['zsh']);
});
test('bash completes options', () => {
  assert.deepEqual(offers('pull', '--f'), ['--force']);
  assert.deepEqual(offers('db', 'status', '--j'), ['--json']);
  assert.deepEqual(offers('check', '--u'), ['--url']);
  assert.deepEqual(offers('-C', 'shop', 'db', 're'), ['reset']);
});
test('every script is free of syntax errors in its shell', t => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const text = spawnSync(tenonPath, ['completion', shell], { encoding: 'utf8' });
    assert.equal(text.status, 0);
    const parsed = spawnSync(shell, ['-n'], { input: text.stdout, encoding: 'utf8' });
    if (parsed.error?.code === 'ENOENT') { t.diagnostic(`${shell} is not installed`); continue; }
    assert.equal(parsed.status, 0, parsed.stderr);
  }
});
