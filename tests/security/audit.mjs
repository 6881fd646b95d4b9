// What graphql-cop looks for, asked of a server as `hearth serve` sets it up: introspection and
// explorer off. graphql-cop itself is in no package registry (its name on PyPI is an empty
// placeholder), so each of its checks stands here: what is sent, and when it is a finding.
//
// HEARTH_URL is the GraphQL address, HEARTH_TOKEN a token as apps hold it, with trusted documents
// alone, and HEARTH_FREE_TOKEN one that may send documents of its own (`graphql:free-form`).

const { HEARTH_URL: url, HEARTH_TOKEN: token, HEARTH_FREE_TOKEN: free } = process.env;
if (!url || !token || !free) {
  console.error('Set HEARTH_URL, HEARTH_TOKEN and HEARTH_FREE_TOKEN.');
  process.exit(2);
}

const ask = async (address, options = {}, bearer = null) => {
  const headers = { ...options.headers, ...(bearer ? { authorization: `Bearer ${bearer}` } : {}) };
  const answer = await fetch(address, { ...options, headers, signal: AbortSignal.timeout(15_000) });
  const text = await answer.text();
  let body = {};
  try {
    body = JSON.parse(text);
  } catch {
    // No JSON: the text is looked at.
  }
  return { status: answer.status, headers: answer.headers, text, body: body ?? {} };
};

const post = (query) => (bearer) =>
  ask(
    url,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(Array.isArray(query) ? query : { query }),
    },
    bearer,
  );

const get = (query) => (bearer) => ask(`${url}?${new URLSearchParams({ query })}`, {}, bearer);

const form = (query) => (bearer) =>
  ask(
    url,
    {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: String(new URLSearchParams({ query })),
    },
    bearer,
  );

const isTyped = ({ body }) => Boolean(body.data?.__typename);
const tellsOfCode = ({ text }) => /stacktrace|"exception"|"tracing"|panicked|\.rs:\d/i.test(text);

// Its checks, by its names for them.
const checks = [
  ['Introspection', post('{ __schema { types { name fields { name } } } }'), (it) => it.body.data?.__schema],
  [
    'Introspection-based Circular Query',
    post(`{ __schema { types { ${'fields { type { '.repeat(4)}name${' } }'.repeat(4)} } } }`),
    (it) => it.body.data?.__schema,
  ],
  ['Field Suggestions', post('{ __schema { directive } }'), (it) => /did you mean/i.test(it.text)],
  ['Field Suggestions of our own fields', post('{ familie { id } }'), (it) => /did you mean|families/i.test(it.text)],
  ['Trace Mode', post('{ __typename }'), tellsOfCode],
  ['Unhandled Errors Detection', post('qwerty cop { abc }'), tellsOfCode],
  [
    'Alias Overloading',
    post(`{ ${Array.from({ length: 101 }, (_, no) => `alias${no}: __typename`).join(' ')} }`),
    (it) => it.body.data?.alias100,
  ],
  [
    'Array-based Query Batching',
    post(Array.from({ length: 11 }, () => ({ query: '{ __typename }' }))),
    (it) => Array.isArray(it.body) || it.body.data,
  ],
  [
    'Directive Overloading',
    post(`{ __typename ${'@aa'.repeat(10)} }`),
    (it) => (it.body.errors ?? []).length >= 10,
  ],
  ['Field Duplication', post(`{ ${'__typename '.repeat(500)} }`), isTyped],
  [
    'Circular Fragment',
    post('{ ...A } fragment A on Query { __typename ...B } fragment B on Query { ...A }'),
    (it) => !it.body.errors,
  ],
  ['Mutation is allowed over GET', get('mutation { __typename }'), isTyped],
  ['POST based url-encoded query', form('{ __typename }'), isTyped],
  ...['/graphiql', '/playground', '/console', '/graphql', '/'].map((path) => [
    `GraphQL IDE at ${path}`,
    (bearer) => ask(new URL(path, url), { headers: { accept: 'text/html' } }, bearer),
    (it) => it.status === 200 || /graphiql|graphql.playground/i.test(it.text),
  ]),
];

// It takes any GET that is answered for a way to forge requests across sites: only trusted documents
// are answered by GET. What a forged request lacks besides is the token, which no browser adds by
// itself, and leave of the server to read the answer.
const byGet = get('{ __typename }');
const forged = [
  ['GET without a token', byGet, (it) => it.status !== 401 || it.body.data],
  ['GET across sites', byGet, (it) => it.headers.has('access-control-allow-origin')],
  ['Cookies', byGet, (it) => it.headers.has('set-cookie')],
];

let found = 0;
let asked = 0;
const run = async (who, bearer, list) => {
  for (const [name, send, isFound] of list) {
    asked += 1;
    const answer = await send(bearer);
    if (answer.status >= 500 || isFound(answer)) {
      found += 1;
      console.log(`${name} (${who}): ${answer.status} ${answer.text.slice(0, 300)}`);
    }
  }
};

const alive = await post('{ viewer { role } }')(free);
if (!alive.body.data?.viewer?.role) {
  console.error(`The server doesn't answer: ${alive.status} ${alive.text}`);
  process.exit(2);
}
const all = [...checks, ['GET Method Query Support', byGet, isTyped]];
await run('as an app', token, all);
await run('with documents of its own', free, all);
await run('forged', null, forged);
console.log(`${asked} checks, ${found} findings`);
process.exit(found === 0 ? 0 : 1);
