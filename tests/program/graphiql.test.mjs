// The embedded GraphiQL of `tenon dev` in a real browser: it loads, knows the schema, runs a query with the
// development key, and asks no other origin for anything.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project, databaseSql, engine, root } from './support/project.mjs';

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
const skip = !existsSync(chromium) && `no browser at ${chromium}`;
const { launch } = skip ? {} : createRequire(join(root, 'tests/npm/package.json'))('puppeteer-core');
let project, server, browser;
before(async () => {
  if (skip) return;
  project = await Project.create({ sql: databaseSql('blog'), on: engine });
  server = await project.dev();
  browser = await launch({ executablePath: chromium, headless: true, timeout: 120_000,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'] });
});
after(async () => { await browser?.close(); await project?.remove(); });

for (const scheme of ['light', 'dark']) {
  test(`GraphiQL answers a query (${scheme})`, { skip }, async () => {
    const page = await browser.newPage();
    page.setDefaultTimeout(90_000);
    const errors = [], origins = new Set();
    page.on('pageerror', e => errors.push(e.message));
    page.on('console', m => m.type() === 'error' && errors.push(m.text()));
    page.on('request', r => r.url().startsWith('http') && origins.add(new URL(r.url()).origin));
    await page.setViewport({ width: 1280, height: 800 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.goto(server.origin + '/');
    await page.waitForSelector('.graphiql-execute-button');
    await page.click('.graphiql-execute-button');
    await page.waitForFunction(() => document.querySelector('.result-window')?.textContent.includes('"data"'));
    if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, `graphiql-${scheme}.png`) });
    assert.deepEqual(errors, []);
    assert.deepEqual([...origins], [server.origin]);
    await page.close();
  });
}
