// The explorer in a real browser. HEARTH_URL is a running server with demo roles; SCREENSHOT is where
// a picture of the page goes. Every page fails its test on a request to another host, on a console
// error, on a breach of the content security policy, and on a write to the browser's storage.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { kept, launched, watched } from './watched.mjs';

const home = new URL(process.env.HEARTH_URL ?? 'http://127.0.0.1:8080/');

let browser;
let settings;

before(async () => {
  browser = await launched();
  settings = await (await fetch(new URL('explorer/settings.json', home))).json();
});

after(() => browser?.close());

// A fresh page of the explorer, watched while `story` is told on it.
const told = (story, options) => watched(browser, home, ready, story, options);

// Whom a token names: each opening of the page brings fresh ones.
function who(token) {
  const { sub, role, org } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
  return { sub, role, org };
}

const ready = (page) => page.waitForSelector('main[aria-busy="false"] .graphiql-execute-button');

async function choose(page, role) {
  await page.getByLabel('Role').selectOption(role);
  await ready(page);
}

const isOperation = (request) =>
  request.method() === 'POST' &&
  new URL(request.url()).pathname === settings.endpoint &&
  !request.postData().includes('IntrospectionQuery');

// Presses Run, and gives the request, its answer, and what the page shows of it.
async function run(page, press = () => page.locator('.graphiql-execute-button').click()) {
  const [response] = await Promise.all([page.waitForResponse((each) => isOperation(each.request())), press()]);
  const pane = await page.waitForFunction(() => {
    const text = document.querySelector('.result-window .CodeMirror').CodeMirror.getValue();
    return text && JSON.parse(text);
  });
  return { request: response.request(), response, shown: await pane.jsonValue() };
}

const inEditor = (page) =>
  page.evaluate(() => document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror.getValue());

const familiesOf = ({ shown }) => shown.data.families.nodes;

test('the page opens with the first role and its first example', async () => {
  await told(async (page, response) => {
    const policy = response.headers()['content-security-policy'];
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    assert.equal(response.headers()['x-content-type-options'], 'nosniff');
    const [first] = settings.roles;
    assert.equal(await page.getByLabel('Role').inputValue(), first.role);
    assert.equal(await page.locator('#about').textContent(), first.about);
    assert.equal(await inEditor(page), first.examples[0].query);
    const titles = await page.getByRole('navigation', { name: 'Example queries' }).getByRole('button').allTextContents();
    assert.deepEqual(titles, first.examples.map(({ title }) => title));
  });
});

test('one caseworker sees families; one of another authority sees none of them', async () => {
  await told(async (page) => {
    await choose(page, 'caseworker');
    const mine = familiesOf(await run(page));
    assert.ok(mine.length > 0);
    await page.locator('.result-window').getByText(mine[0].label).first().waitFor();
    if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });

    await choose(page, 'caseworker_other');
    assert.equal(await page.locator('.result-window').getByText(mine[0].label).count(), 0);
    const theirs = familiesOf(await run(page));
    const known = new Set(mine.map(({ id }) => id));
    assert.deepEqual(theirs.filter(({ id }) => known.has(id)), []);
    for (const { label } of mine) {
      if (theirs.some((family) => family.label === label)) continue;
      assert.equal(await page.locator('.result-window').getByText(label).count(), 0);
    }
  });
});

test("each role's first example answers with data", async () => {
  await told(async (page) => {
    for (const { role, token } of settings.roles) {
      await choose(page, role);
      const { request, response, shown } = await run(page);
      assert.deepEqual(who(request.headers().authorization), who(token), role);
      assert.equal(response.status(), 200, role);
      assert.equal(shown.errors, undefined, role);
      assert.ok(Object.values(shown.data).every((value) => value !== null), role);
    }
  });
});

test('an example runs at once, leaves a touched query alone, and goes with its role', async () => {
  await told(async (page) => {
    const { examples } = settings.roles.find(({ role }) => role === 'caseworker');
    const file = examples.find(({ query }) => query.includes('query FamilyFile'));
    const [, other] = examples.filter(({ variables }) => !Object.keys(variables).length);
    await choose(page, 'caseworker');
    const [family] = familiesOf(await run(page));

    await page.getByRole('button', { name: file.title }).click();
    const asked = (await run(page)).request.postDataJSON();
    assert.equal(asked.operationName, 'FamilyFile');
    if (file.variables.id.endsWith('_')) assert.equal(asked.variables.id, family.id);
    assert.equal(await page.getByRole('tab').count(), 1);

    await page.locator('.graphiql-query-editor .CodeMirror').click();
    await page.keyboard.type('# mine\n');
    await page.getByRole('button', { name: other.title }).click();
    await run(page);
    assert.equal(await inEditor(page), other.query);
    assert.equal(await page.getByRole('tab').count(), 2);
    await page.getByRole('tab').first().click();
    await page.waitForFunction(() =>
      document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror.getValue().includes('# mine'),
    );

    await choose(page, 'caseworker_other');
    assert.equal(await page.getByRole('tab').count(), 1, 'another role starts afresh');
    assert.equal(await inEditor(page), settings.roles.find(({ role }) => role === 'caseworker_other').examples[0].query);
    await page.getByRole('button', { name: 'Show History' }).click();
    assert.equal(await page.locator('.graphiql-history-item').count(), 0);
  });
});

test('it works from the keyboard', async () => {
  await told(async (page) => {
    await choose(page, 'caseworker');
    await page.getByLabel('Role').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await run(page, () => page.keyboard.press('Control+Enter'));
    await page.keyboard.press('Tab');
    const inside = await page.evaluate(() => document.activeElement.closest('.graphiql-query-editor .CodeMirror') !== null);
    assert.equal(inside, false, 'Tab leaves the editor');
  });
});

test('a refusal is shown as what it is', async () => {
  const refusals = [
    [401, { 'www-authenticate': 'Bearer error="invalid_token"' }, '{"errors":[{"message":"no"}]}', '401 Unauthorized'],
    [403, {}, '{"errors":[{"message":"no"}]}', '403 Forbidden'],
    [503, { 'retry-after': '3' }, 'busy', '503 Service Unavailable'],
  ];
  const story = async (page) => {
    for (const [status, headers, body, line] of refusals) {
      await page.route(`**${settings.endpoint}`, (route) => route.fulfill({ status, headers, body }));
      const { shown } = await run(page);
      assert.equal(shown.http.status, line);
      assert.deepEqual(Object.values(shown.http).slice(1), Object.values(headers));
      if (body.startsWith('{')) assert.equal(shown.errors[0].message, 'no');
      else assert.equal(shown.body, body);
      await page.getByRole('status').getByText(line).waitFor();
      await page.unroute(`**${settings.endpoint}`);
    }
  };
  await told(story, { expected: /^Failed to load resource: the server responded with a status of (401|403|503)/ });
});

test('without a token of its own, a role takes a pasted one and keeps it nowhere', async () => {
  const bare = { ...settings, roles: settings.roles.map((role) => ({ ...role, token: null })) };
  const prepared = (page) => page.route('**/explorer/settings.json', (route) => route.fulfill({ json: bare }));
  const { role, token } = settings.roles.find((each) => each.role === 'caseworker');
  const story = async (page) => {
    await choose(page, role);
    await page.getByLabel('Access token').fill(token);
    await page.getByRole('button', { name: 'Use token' }).click();
    await ready(page);
    assert.equal(await page.getByLabel('Access token').inputValue(), '');
    const { request } = await run(page);
    assert.equal(request.headers().authorization, `Bearer ${token}`);
    assert.deepEqual(await kept(page), { local: 0, session: 0, databases: 0, caches: 0, cookies: '' });
    await page.reload();
    await ready(page);
    await page.route(`**${settings.endpoint}`, (route) => route.fulfill({ json: { data: null } }));
    assert.equal((await run(page)).request.headers().authorization, undefined);
  };
  await told(story, { prepared });
});

test("a demo's token that has run out is asked for again", async () => {
  const stale = { ...settings, roles: settings.roles.map((role) => ({ ...role, token: 'stale' })) };
  const prepared = (page) => page.route('**/explorer/settings.json', (route) => route.fulfill({ json: stale }), { times: 1 });
  const story = async (page) => {
    await choose(page, 'caseworker');
    await page.locator('.graphiql-execute-button').click();
    await page.getByRole('status').getByText('200 OK').waitFor();
    assert.ok(familiesOf(await run(page)).length > 0);
  };
  await told(story, { prepared, expected: /^Failed to load resource: the server responded with a status of 401/ });
});

test('nothing of a sitting is kept', async () => {
  await told(async (page) => {
    await choose(page, 'caseworker');
    const [family] = familiesOf(await run(page));
    await page.getByRole('button', { name: 'Show History' }).click();
    await page.locator('.graphiql-history-item').first().waitFor();
    assert.deepEqual(await kept(page), { local: 0, session: 0, databases: 0, caches: 0, cookies: '' });
    await page.reload();
    await ready(page);
    assert.equal(await page.getByText(family.label).count(), 0);
    await page.getByRole('button', { name: 'Show History' }).click();
    assert.equal(await page.locator('.graphiql-history-item').count(), 0);
  });
});

test('documentation, completion, settings and a choice of operations keep to the policy', async () => {
  await told(async (page) => {
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    const documentation = page.locator('.graphiql-doc-explorer-content');
    await documentation.getByRole('link', { name: 'Query', exact: true }).first().click();
    await documentation.getByRole('link', { name: 'families', exact: true }).waitFor();
    await page.locator('.graphiql-query-editor .CodeMirror').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('query A { viewer { __typename } }\nquery B { vie');
    await page.keyboard.press('Control+Space');
    await page.locator('.CodeMirror-hint').first().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.type('wer { __typename } }');
    await page.locator('.graphiql-execute-button[aria-haspopup="menu"]').click();
    await run(page, () => page.getByRole('menuitem', { name: 'B' }).click());
    await page.getByRole('button', { name: 'Open settings dialog' }).click();
    await page.getByRole('dialog').getByText('Dark').click();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark');
  });
});

test('a subscription is read as server-sent events', async () => {
  const body = ': hello\n\nevent: next\ndata: {"data":{"n":1}}\n\nevent: next\ndata: {"data":{"n":2}}\n\nevent: complete\ndata:\n\n';
  await told(async (page) => {
    await page.route(`**${settings.endpoint}`, (route) => route.fulfill({ contentType: 'text/event-stream', body }));
    await page.locator('.graphiql-query-editor .CodeMirror').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('subscription Watch { n }');
    await page.getByRole('tab').getByText('Watch').waitFor();
    const { request } = await run(page);
    assert.equal(request.headers().accept, 'text/event-stream');
    await page.locator('.result-window').getByText('"n": 2').waitFor();
    await page.locator('.graphiql-execute-button[aria-label^="Execute"]').waitFor();
  });
});

for (const colorScheme of ['light', 'dark']) {
  test(`a narrow window, ${colorScheme}`, async () => {
    const story = async (page) => {
      await choose(page, 'caseworker');
      const [family] = familiesOf(await run(page));
      await page.locator('.result-window').getByText(family.label).first().scrollIntoViewIfNeeded();
      const [needed, given] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      assert.ok(needed <= given, `${needed} in ${given}`);
      const panes = await page.locator('#graphiql-session > div:not(.graphiql-horizontal-drag-bar)').all();
      const [query, answer] = await Promise.all(panes.map((pane) => pane.boundingBox()));
      assert.ok(answer.y >= query.y + query.height - 1, 'the answer is below the query');
      assert.ok(query.width > 280 && answer.width > 280);
    };
    await told(story, { viewport: { width: 390, height: 780 }, colorScheme });
  });
}
