#!/usr/bin/env node
// Checks a server's answers against expected/.
// usage: verify.mjs --url http://127.0.0.1:8080/graphql --dialect tenon [--op r01_point ...] [--header 'k: v'] [--dir DIR] [--writes]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { body, canon, checksum, doc, loadOps, root } from './lib.mjs';
const { values: o } = parseArgs({ options: { url: { type: 'string' }, dialect: { type: 'string', default: 'tenon' }, op: { type: 'string', multiple: true },
  header: { type: 'string', multiple: true, default: [] }, dir: { type: 'string', default: root }, writes: { type: 'boolean', default: false }, show: { type: 'boolean', default: false } } });
const headers = { 'content-type': 'application/json', accept: 'application/json' };
for (const h of o.header) { const i = h.indexOf(':'); headers[h.slice(0, i).trim()] = h.slice(i + 1).trim(); }
// Our connections hold their rows in `items`; the expected results have plain lists.
const unwrap = v => Array.isArray(v) ? v.map(unwrap)
  : v && typeof v === 'object' ? (Array.isArray(v.items) && Object.keys(v).every(k => ['items', 'nextToken', '__typename'].includes(k)) ? unwrap(v.items)
    : Object.fromEntries(Object.entries(v).map(([k, x]) => [k, unwrap(x)]))) : v;
// What a dialect cannot say in exactly that form is put into it here, never in the server under test.
const reshape = {
  tenon: {
    r06_m2m: d => ({ product: d.product.items.map(({ tags, ...p }) => ({ ...p, product_tags: tags.items.map(tag => ({ tag })) })) }),
    r09_aggregate: d => ({ orders_aggregate: { aggregate: d.orders_aggregate[0] } }),
    r12_page_count: d => ({ product: d.product.items, product_aggregate: { aggregate: { count: d.product.totalCount } } }),
  },
  postgraphile: {
    r09_aggregate: d => ({ orders_aggregate: { aggregate: { count: d.orders_aggregate.count, ...d.orders_aggregate.aggregate } } }),
    r10_nested_aggregate: d => ({ customer: d.customer.map(({ orders_aggregate: a, ...c }) => ({ ...c, orders_aggregate: { aggregate: { count: a.count, sum: { total: a.count ? a.aggregate.sum.total : null } } } })) }),
    r12_page_count: d => ({ product: d.product, product_aggregate: { aggregate: { count: d.product_aggregate.count } } }),
    m02_update: d => d.update,
  },
};
let pass = 0, fail = 0, skip = 0;
for (const op of await loadOps(o.dir)) {
  if (o.op?.length && !o.op.includes(op.name)) continue;
  const query = doc(o.dir, o.dialect, op.name);
  if (!query || (op.mutation && !o.writes)) { skip++; continue; }
  const { sets } = JSON.parse(readFileSync(join(o.dir, 'expected', op.name + '.json'), 'utf8'));
  for (const [i, s] of sets.entries()) {
    let why = '';
    try {
      const r = await fetch(o.url, { method: 'POST', headers, body: body(query, s.vars) }); const j = await r.json();
      if (j.errors) why = JSON.stringify(j.errors).slice(0, 300);
      else { const d = unwrap(reshape[o.dialect.split('-')[0]]?.[op.name]?.(j.data) ?? j.data); if (checksum(d) !== s.checksum) { why = 'checksum differs'; if (o.show) console.log(JSON.stringify(canon(d)).slice(0, 3000) + '\n--\n' + JSON.stringify(canon(s.data ?? null)).slice(0, 3000)); } }
    } catch (e) { why = String(e); }
    if (why) { fail++; console.log(`not ok ${op.name}[${i}]: ${why}`); } else pass++;
  }
}
console.log(`${pass} passed, ${fail} failed, ${skip} skipped`);
process.exit(fail ? 1 : 0);
