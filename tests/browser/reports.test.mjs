// The page of reports in a real browser. HEARTH_URL is a running server with demo roles; SCREENSHOT is where a
// picture of the page goes. The demo's Quietwater has the figures of practice in the nine months of 2020.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { kept, launched, watched } from './watched.mjs';

const host = new URL(process.env.HEARTH_URL ?? 'http://127.0.0.1:8080/');
const home = new URL('reports', host);

let browser;
let roles;

before(async () => {
  browser = await launched();
  ({ roles } = await (await fetch(new URL('reports/settings.json', host))).json());
});

after(() => browser?.close());

const ready = (page) => page.waitForSelector('main[aria-busy="false"] h1');

// Reports are dear: a page that asked for many waits, which the browser's console tells as an error.
const told = (story, { opened = ready, expected = /^$/, ...options } = {}) =>
  watched(browser, home, opened, story, {
    locale: 'en-GB',
    timezoneId: 'UTC',
    expected: new RegExp(`${expected.source}|${failed(429).source}`),
    ...options,
  });

const failed = (status) => new RegExp(`^Failed to load resource: the server responded with a status of ${status} `);

const token = (name) => roles.find(({ role }) => role === name).token;

// Chooses a period and an area, and waits for the report.
async function show(page, [since, through], area) {
  await page.locator('#since').fill(since);
  await page.locator('#through').fill(through);
  if (area !== undefined) await page.locator('#area').selectOption({ label: area });
  await pressed(page, () => page.locator('#asked button[type=submit]').click());
}

async function pressed(page, press) {
  await Promise.all([page.waitForResponse((response) => response.url().includes('/reports/report.json?')), press()]);
  await page.waitForFunction(() => document.getElementById('report').ariaBusy === 'false' && !document.getElementById('status').textContent);
}

const NINE_MONTHS = ['2020-01-01', '2020-09-30'];
const FIGURES = {
  FAMILIES_COVERED: '51',
  FAMILIES_OVERCAME: '11',
  FAMILIES_CONTINUING: '35',
  FAMILIES_OTHER_EXITS: '5',
  CHILDREN_IN_COVERED_FAMILIES: '123',
};

const figure = (page, metric) => page.locator(`#summary [data-metric=${metric}] .value`).textContent();

const heading = (page) => page.locator('h1').textContent();

test('the page opens with a report of this year, and keeps to its own host', async () => {
  await told(async (page, response) => {
    const policy = response.headers()['content-security-policy'];
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    assert.equal(await page.locator('#role').inputValue(), 'director');
    assert.match(await heading(page), new RegExp(`1 January ${new Date().getUTCFullYear()}`));
    assert.equal(await page.locator('.badge').count(), 1, 'the year is not over');
    assert.deepEqual(await kept(page), { local: 0, session: 0, databases: 0, caches: 0, cookies: '' });
  });
});

test('nine months of 2020 in Quietwater are the figures of practice, on the page and in the files', async () => {
  await told(
    async (page) => {
      await show(page, NINE_MONTHS, 'Quietwater');
      assert.equal(await heading(page), '1 January 2020 \u2013 30 September 2020');
      for (const [metric, value] of Object.entries(FIGURES)) assert.equal(await figure(page, metric), value, metric);
      const summary = await page.locator('#summary').textContent();
      for (const rate of ['21.6\u00a0%', '68.6\u00a0%', '9.8\u00a0%', '2.41']) assert.ok(summary.includes(rate), rate);
      assert.equal(await page.locator('.badge').count(), 0);
      assert.match(await page.locator('#checks').textContent(), /Families covered \(51\) = Families that overcame \(11\)/);
      const charts = await page.locator('svg[role=img]').all();
      assert.ok(charts.length >= 4);
      for (const chart of charts) assert.ok((await chart.locator('> title').textContent()).length > 10);
      await page.locator('#summary details summary').click();
      await page.getByText('Distinct families with an episode of a case').first().waitFor();
      await page.locator('#summary details summary').click();

      const csv = await downloaded(page, '#csv', 'report_2020-01-01_2020-09-30.csv');
      assert.ok(csv.toString('utf8').startsWith('\ufeff'));
      assert.match(csv.toString('utf8'), /Families covered,51,/);
      const workbook = await downloaded(page, '#xlsx', 'report_2020-01-01_2020-09-30.xlsx');
      assert.equal(workbook.subarray(0, 2).toString(), 'PK');
    },
    { acceptDownloads: true },
  );
});

async function downloaded(page, button, name) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator(button).click()]);
  assert.equal(download.suggestedFilename(), name);
  return readFile(await download.path());
}

test('a picture of the region in the year that is over', async () => {
  await told(async (page) => {
    await pressed(page, async () => {
      await page.locator('#preset').selectOption('lastYear');
      await page.locator('#asked button[type=submit]').click();
    });
    const rows = await page.locator('#municipalities tbody tr').count();
    assert.ok(rows > 2);
    assert.ok((await page.locator('#flow tbody tr').count()) === 12);
    if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT, clip: { x: 0, y: 0, width: 1280, height: 1180 }, fullPage: true });
    if (process.env.SCREENSHOT_ALL) await page.screenshot({ path: process.env.SCREENSHOT_ALL, fullPage: true });
  });
});

test('it speaks the language of the browser, and another when asked to', async () => {
  await told(
    async (page) => {
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'uk');
      await page.locator('#asked').getByRole('button', { name: 'Показати' }).waitFor();
      await show(page, NINE_MONTHS, 'Quietwater');
      await page.locator('#summary').getByText('Охоплено сімей').first().waitFor();
      await pressed(page, () => page.locator('#language').selectOption('ru'));
      await page.locator('#summary').getByText('Охвачено семей').first().waitFor();
      assert.equal(await figure(page, 'FAMILIES_COVERED'), '51', 'the choice stays');
      assert.equal(await page.locator('#role option').first().textContent(), 'Руководитель регионального центра');
      assert.match(await page.locator('#summary').textContent(), /21,6\u00a0%/);
    },
    { locale: 'uk-UA' },
  );
});

test('it prints as a report, without what is for the screen', async () => {
  await told(async (page) => {
    await show(page, NINE_MONTHS, 'Quietwater');
    await page.evaluate(() => {
      window.print = () => (window.printed = true);
    });
    await page.locator('#print').click();
    assert.equal(await page.evaluate(() => window.printed), true);
    const file = await page.pdf({ format: 'A4', printBackground: true, path: process.env.PDF });
    assert.equal(file.subarray(0, 5).toString(), '%PDF-');
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('#asked').isVisible(), false);
    assert.equal(await page.locator('#language').isVisible(), false);
    assert.equal(await page.locator('h1').isVisible(), true);
  });
});

test('an analyst reads what was published, with small numbers hidden', async () => {
  const [since, through] = NINE_MONTHS;
  const input = { clientMutationId: crypto.randomUUID(), period: { since, through }, audience: 'ANALYST' };
  const query = 'mutation P($input: SnapshotPublishInput!) { snapshotPublish(input: $input) { snapshot { id } userErrors { message } } }';
  const response = await fetch(new URL('graphql', host), {
    method: 'POST',
    headers: { authorization: `Bearer ${token('director')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const { data } = await response.json();
  assert.deepEqual(data.snapshotPublish.userErrors, []);
  await told(async (page) => {
    await pressed(page, () => page.locator('#role').selectOption('analyst'));
    assert.equal(await heading(page), '1 January 2020 \u2013 30 September 2020');
    assert.equal(await page.locator('#area').isVisible(), false);
    assert.equal(await page.locator('#since').isVisible(), false);
    await page.locator('.about').getByText('numbers from 1 to 4 are hidden').waitFor();
    assert.ok((await page.locator('#other_exits').getByText('hidden: small number').count()) > 0);
  });
});

test('without roles a pasted token signs in, and is kept nowhere', async () => {
  const prepared = (page) => page.route('**/reports/settings.json', (route) => route.fulfill({ json: { roles: [] } }));
  const opened = (page) => page.getByText('Paste an access token').waitFor();
  await told(
    async (page) => {
      await page.getByLabel('Access token').fill('nonsense');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('status').getByText('The token is not accepted').waitFor();
      await page.getByLabel('Access token').fill(`Bearer ${token('supervisor')}`);
      await pressed(page, () => page.getByRole('button', { name: 'Sign in' }).click());
      assert.equal(await page.getByLabel('Access token').inputValue(), '');
      assert.deepEqual(await kept(page), { local: 0, session: 0, databases: 0, caches: 0, cookies: '' });
    },
    { prepared, opened, expected: failed(401) },
  );
});

test('a refusal says what to do, and leaves nothing of the last report', async () => {
  await told(
    async (page) => {
      await page.locator('#since').fill('2020-02-01');
      await page.locator('#through').fill('2020-01-01');
      await page.locator('#asked button[type=submit]').click();
      await page.getByRole('status').getByText('The period ends before it begins').waitFor();
      assert.equal(await page.locator('h1').count(), 0);
      assert.equal(await page.locator('#csv').isDisabled(), true);
    },
    { expected: failed(400) },
  );
});

test("a demo's token that has run out is asked for again", async () => {
  const stale = { roles: roles.map((role) => ({ ...role, token: 'stale' })) };
  const prepared = (page) => page.route('**/reports/settings.json', (route) => route.fulfill({ json: stale }), { times: 1 });
  await told(async (page) => assert.match(await heading(page), /January/), {
    prepared,
    expected: failed(401),
  });
});

test('who asked a lot is told to wait, and then gets the report', async () => {
  const busy = { status: 429, headers: { 'retry-after': '2' }, json: { errors: [{ message: 'Slower.' }] } };
  await told(async (page) => {
    await page.route('**/reports/report.json?*', (route) => route.fulfill(busy), { times: 1 });
    await page.locator('#since').fill(NINE_MONTHS[0]);
    await page.locator('#through').fill(NINE_MONTHS[1]);
    await page.locator('#asked button[type=submit]').click();
    await page.getByRole('status').getByText('going on in 2 s').waitFor();
    await page.getByRole('heading', { name: '1 January 2020' }).waitFor();
    assert.equal(await page.getByRole('status').textContent(), '');
  });
});

test('a narrow window holds the page', async () => {
  await told(
    async (page) => {
      const [needed, given] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      assert.ok(needed <= given, `${needed} in ${given}`);
    },
    { viewport: { width: 390, height: 780 } },
  );
});
