// Two databases in one tenon.toml: one API, relations across, and what happens when one of them is down. The second one
// is of the engine of this run, the first a PostgreSQL.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { Project, engine, onMariadb, quietPort, steadily, until } from './support/project.mjs';

const shop = `
  CREATE TABLE customer (id serial PRIMARY KEY, name text NOT NULL);
  CREATE TYPE mood AS ENUM ('good', 'bad');
  CREATE TABLE note (id serial PRIMARY KEY, mood mood NOT NULL);
  INSERT INTO customer (name) VALUES ('Al'), ('Bo');`;
const serial = onMariadb ? 'int AUTO_INCREMENT' : 'serial';
const billing = `
  CREATE TABLE invoice (id ${serial} PRIMARY KEY, customer_id bigint NOT NULL, amount numeric(10,2) NOT NULL);
  CREATE TABLE note (id ${serial} PRIMARY KEY, text text);
  INSERT INTO invoice (customer_id, amount) VALUES (1, 5), (1, 7), (2, 1), (9, 3);`;
const overlay = `
  extend type customer @auth(rules: [{ allow: public }]) { invoices: [Bill_invoice] @hasMany(references: ["customer_id"]) }
  extend type Bill_invoice @auth(rules: [{ allow: public }]) { customer: customer @belongsTo(references: ["customer_id"]) }
  extend type Bill_note @auth(rules: [{ allow: public }])`;
const toml = `
  [databases.shop]
  url = "env:SHOP_URL"
  [databases.billing]
  url = "env:BILLING_URL"
  prefix = "Bill_"
  [api]
  keys = ["env:TENON_TEST_KEY"]`;

// A way to the billing database that can be cut.
class Relay {
  constructor(url) { this.target = new URL(url); this.sockets = new Set(); }
  get url() { const url = new URL(this.target); url.port = this.port; return url.href; }
  async open() {
    this.server = createServer(socket => {
      const out = connect(Number(this.target.port), this.target.hostname);
      for (const each of [socket, out]) { this.sockets.add(each); each.on('error', () => {}); each.on('close', () => { this.sockets.delete(each); socket.destroy(); out.destroy(); }); }
      socket.pipe(out).pipe(socket);
    }).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }
  async close() {
    this.server.close();
    for (const each of this.sockets) each.destroy();
    await once(this.server, 'close');
  }
}

let project, other, env, relay;
before(async () => {
  [project, other] = await Promise.all([Project.create({ sql: shop }), Project.create({ sql: billing, on: engine })]);
  env = { SHOP_URL: project.databaseUrl, BILLING_URL: other.databaseUrl, TENON_TEST_KEY: 'test-key' };
  relay = new Relay(other.databaseUrl);
  relay.port = await quietPort();
  project.write('tenon.toml', toml);
  project.write('api/all.graphql', overlay);
});
after(async () => {
  project?.write('tenon.toml', '');
  if (relay?.server?.listening) await relay.close();
  await Promise.all([project?.remove(), other?.remove()]);
});
const serve = async () => {
  const server = await project.start(['serve', '--port', '0'], { env }).ready();
  server.key = 'test-key';
  return server;
};
const invoices = '{ listBill_invoices { items { amount customer { name } } } }';
const customers = '{ listCustomers { items { name invoices { items { amount } totalCount } } } }';
const all_invoices = { listBill_invoices: { items: [
  { amount: '5.00', customer: { name: 'Al' } }, { amount: '7.00', customer: { name: 'Al' } },
  { amount: '1.00', customer: { name: 'Bo' } }, { amount: '3.00', customer: null }] } };
const all_customers = { listCustomers: { items: [
  { name: 'Al', invoices: { items: [{ amount: '5.00' }, { amount: '7.00' }], totalCount: 2 } },
  { name: 'Bo', invoices: { items: [{ amount: '1.00' }], totalCount: 1 } }] } };

test('check tells of names that collide, with the remedy', () => {
  project.write('tenon.toml', toml.replace('prefix = "Bill_"', ''));
  const r = project.run(['check'], { env });
  project.write('tenon.toml', toml);
  assert.equal(r.status, 3);
  assert.match(r.stdout, /error\[TN4005\]: tenon\.toml:\d+:\d+: The name note is that of a model or enum of billing and of shop\./);
  assert.match(r.stdout, /write into \[databases\.shop\]: prefix = "Shop"/);
});
test('check reads both databases', () => {
  const r = project.run(['check'], { env });
  assert.equal(r.status, 0, r.stdout + r.stderr);
  assert.match(r.stdout, /Bill_invoice/);
  assert.match(r.stdout, /customer/);
});
test('a command about one database says that it must be named', () => {
  const r = project.run(['pull', '--print'], { env });
  assert.equal(r.status, 1);
  assert.match(r.stderr, /error\[TN1005\][^]*name it with --database: billing, shop/);
  const wrong = project.run(['pull', '--print', '--database', 'bills'], { env });
  assert.match(wrong.stderr, /There is no database bills/);
  const url = project.run(['serve', '--url', env.SHOP_URL], { env });
  assert.match(url.stderr, /error\[TN1006\]: --url names one database/);
});
test('relations lead from one database to the other and back', async () => {
  const server = await serve();
  assert.deepEqual((await server.graphql(invoices)).json, { data: all_invoices });
  assert.deepEqual((await server.graphql(customers)).json, { data: all_customers });
  const written = await server.graphql('mutation { createBill_invoice(input: { customer_id: "2", amount: "4" }) { id customer { name } } }');
  assert.equal(written.json.data.createBill_invoice.customer.name, 'Bo');
  await server.graphql('mutation ($id: Int!) { deleteBill_invoice(input: { id: $id }) { id } }', { id: written.json.data.createBill_invoice.id });
  const both = await server.graphql('mutation @transaction { createCustomer(input: { name: "x" }) { id } createBill_note(input: { text: "x" }) { id } }');
  assert.deepEqual(both.json.errors.map(e => e.extensions.code), ['TRANSACTION_ACROSS_DATABASES', 'TRANSACTION_ACROSS_DATABASES']);
  assert.equal(project.sql("SELECT count(*) FROM customer WHERE name = 'x'"), '0');
  await server.stop();
});
test('explain shows the statements of both, and what the databases did', () => {
  project.write('q.graphql', invoices);
  const r = project.run(['explain', 'q.graphql', '--analyze'], { env });
  assert.equal(r.status, 0, r.stderr);
  assert.match(r.stdout, /level 0 depth 0 (public|app)\.invoice in billing\n/);
  assert.match(r.stdout, /level 1 depth 1 public\.customer by id from level 0 in shop\n/);
  assert.match(r.stdout, /statement 2: 2 rows[^]*FROM "public"\."customer"/);
});
test('pull writes each to a place of its own', () => {
  for (const name of ['shop', 'billing']) project.check('pull', '--url', env[name.toUpperCase() + '_URL'], '--database', name);
  assert.match(project.read('prisma/shop/schema.prisma'), /model customer \{/);
  assert.match(project.read('prisma/billing/schema.prisma'), /model invoice \{/);
});
test('with schema files a database may be down at the start, come, and go', async () => {
  const server = await project.start(['serve', '--port', '0'], { env: { ...env, BILLING_URL: relay.url } }).ready();
  server.key = 'test-key';
  const down = async () => {
    const { status, json } = await server.graphql(customers);
    assert.equal(status, 200);
    assert.deepEqual(json.data, { listCustomers: { items: [{ name: 'Al', invoices: null }, { name: 'Bo', invoices: null }] } });
    assert.deepEqual(json.errors.map(e => [e.path.join('.'), e.extensions.code]), [
      ['listCustomers.items.0.invoices', 'DATABASE_UNAVAILABLE'], ['listCustomers.items.1.invoices', 'DATABASE_UNAVAILABLE']]);
    const roots = await server.graphql('{ listCustomers { items { name } } listBill_invoices { items { amount } } }');
    assert.deepEqual(roots.json.data, { listCustomers: { items: [{ name: 'Al' }, { name: 'Bo' }] }, listBill_invoices: null });
    assert.equal((await fetch(server.origin + '/readyz')).status, 200);
  };
  const answers = () => steadily('the database is used again', async () => !(await server.graphql(customers)).json.errors);
  await down();
  await relay.open();
  await answers();
  assert.deepEqual((await server.graphql(customers)).json, { data: all_customers });
  await until('its version is known', () => /a database answers that did not at the start/.test(server.output));
  await relay.close();
  await down();
  await relay.open();
  await answers();
  await server.stop();
});
test('a relation that cannot be is told with its place', () => {
  project.write('api/more.graphql', 'extend type customer { bills: [Bill_invoice] @hasMany(references: ["customerid"]) }\n');
  const r = project.run(['check'], { env });
  project.write('api/more.graphql', '');
  assert.equal(r.status, 3);
  assert.match(r.stdout, /error\[TN4008\]: Bill_invoice has no field customerid[^]*api\/more\.graphql:1:\d+[^]*did you mean "customer_id"\?/);
});
test('dev serves both, and says where its models come from', async () => {
  const server = await project.start(['dev', '--port', '0'], { env }).ready();
  server.key = project.read('.tenon/dev-key').trim();
  assert.deepEqual((await server.graphql('{ listCustomers { items { name } } }')).json.data.listCustomers.items.length, 2);
  assert.match(server.output, /models +3 +from 2 databases \(/);
  await server.stop();
});
