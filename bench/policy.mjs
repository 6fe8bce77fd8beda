// What rules cost a point query: the same request with the same token, once where everybody who is signed in may
// read all rows, and once where a rule asks for the owner. Runs alternate, so that both meet the same noise.
// usage: node bench/policy.mjs [seconds a run] [runs of each]
// env: TENON (build/tenon), CONNECTIONS (16). Needs wrk.
import { spawn, spawnSync } from 'node:child_process';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const [seconds = '5', runs = '5'] = process.argv.slice(2);
const tenon = resolve(process.env.TENON ?? 'build/tenon'), connections = process.env.CONNECTIONS ?? '16';
const folder = mkdtempSync(join(tmpdir(), 'tenon-policy-'));
const start = (...args) => spawn(tenon, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
const run = (args, input) => {
  const r = spawnSync(tenon, args, { cwd: folder, encoding: 'utf8', input });
  if (r.status !== 0) throw new Error(r.stderr);
  return r.stdout;
};

// ---- an issuer with one key, and a token of it
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keys = createServer((_, response) => response.end(JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256', use: 'sig' }] })));
await new Promise(done => keys.listen(0, '127.0.0.1', done));
const issuer = `http://127.0.0.1:${keys.address().port}`;
const part = value => Buffer.from(JSON.stringify(value)).toString('base64url');
const unsigned = `${part({ alg: 'RS256', kid: 'k' })}.${part({ iss: issuer, sub: 'ada', username: 'ada', token_use: 'access', exp: Math.floor(Date.now() / 1000) + 3600 })}`;
const token = `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(privateKey, 'base64url')}`;

// ---- rows, and a server for each set of rules
mkdirSync(join(folder, 'api'));
const rules = { none: '{ allow: private }', owner: '{ allow: owner }' };
const toml = `[auth.user_pools]\nissuer = "${issuer}"\njwks_url = "${issuer}/jwks"\n`;
writeFileSync(join(folder, 'tenon.toml'), toml);
run(['db', 'start']);
const url = run(['db', 'url']).trim();
run(['db', 'execute', '--url', url, '--stdin'], `CREATE TABLE note (id int PRIMARY KEY, owner text NOT NULL, title text NOT NULL);
  INSERT INTO note SELECT n, CASE WHEN n % 2 = 0 THEN 'ada' ELSE 'bob' END, 'note ' || n FROM generate_series(1, 100000) AS n; ANALYZE note;`);
writeFileSync(join(folder, 'post.lua'), `wrk.method = "POST"; wrk.headers["content-type"] = "application/json"; wrk.headers["authorization"] = "${token}"
request = function() return wrk.format(nil, nil, nil, '{"query":"query($id: Int!) { getNote(id: $id) { id title } }","variables":{"id":' .. 2 * math.random(1, 50000) .. '}}') end`);
const servers = {};
for (const [name, rule] of Object.entries(rules)) {
  writeFileSync(join(folder, 'api/rules.graphql'), `extend type note @auth(rules: [${rule}])\n`);
  const server = start('serve', '--url', url, '--port', '0');
  let output = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', text => (output += text));
  for (let i = 0; i < 200 && !/http:\/\/127\.0\.0\.1:\d+/.test(output.replace(issuer, '')); ++i) await new Promise(done => setTimeout(done, 50));
  const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(output.replaceAll(issuer, ''))?.[0];
  if (!origin) throw new Error(output);
  servers[name] = { server, origin, rates: [] };
  const answer = await (await fetch(`${origin}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: token }, body: '{"query":"{ a: getNote(id: 2) { title } b: getNote(id: 1) { title } }"}' })).json();
  const sees = answer.data?.b !== null;
  if (answer.data?.a?.title !== 'note 2' || sees !== (name === 'none')) throw new Error(`${name}: ${JSON.stringify(answer)}`);
}
const measure = origin => {
  const r = spawnSync('wrk', ['-t2', `-c${connections}`, `-d${seconds}s`, '-s', join(folder, 'post.lua'), `${origin}/graphql`], { encoding: 'utf8' });
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(r.stdout)?.[1] ?? NaN);
};
try {
  for (let i = 0; i < Number(runs); ++i) for (const one of Object.values(servers)) one.rates.push(measure(one.origin));
  const median = rates => [...rates].sort((a, b) => a - b)[Math.floor(rates.length / 2)];
  const none = median(servers.none.rates), owner = median(servers.owner.rates);
  console.log(`all rows    ${none.toFixed(0)} requests/s\nown rows    ${owner.toFixed(0)} requests/s\ncost        ${((1 - owner / none) * 100).toFixed(1)} %`);
} finally {
  for (const { server } of Object.values(servers)) server.kill();
  keys.close();
  run(['db', 'stop']);
  rmSync(folder, { recursive: true, force: true });
}
