// The explorer's page: GraphiQL, a choice of role that sets the token, and that role's examples.
// Nothing is kept: storage is in memory, and a change of role or token drops all that was on the screen.

const { createElement, useEffect, useRef, useState } = window.React;
const { flushSync, createRoot } = window.ReactDOM;
const { GraphiQL } = window;
const { useEditorContext, useExecutionContext } = GraphiQL.React;
const { buildSchema, getOperationAST, parse } = GraphiQL.GraphQL;

// GraphiQL's dialogs and menus add a <style>; the package that does so reads its nonce here.
window.__webpack_nonce__ = document.querySelector('script[nonce]').nonce;

const at = (id) => document.getElementById(id);
const root = createRoot(at('graphiql'));
const memory = new Map();
const firstIds = new Map();

let settings;
let schema;
let role;
let pasted;
let sitting = { number: 0, over: new AbortController() };

// Filled in by the components below, once they are on the page.
let show = () => {};
let say = () => {};

const storage = {
  getItem: (key) => memory.get(key) ?? null,
  setItem: (key, value) => void memory.set(key, value),
  removeItem: (key) => void memory.delete(key),
  clear: () => memory.clear(),
  get length() {
    return memory.size;
  },
};

async function load() {
  settings = await read('explorer/settings.json').then(JSON.parse);
  schema = settings.schema && buildSchema(await read(settings.schema));
  at('role').replaceChildren(...settings.roles.map(({ role, label }) => new Option(label, role)));
  at('role').addEventListener('change', () => choose(at('role').value));
  at('access').addEventListener('submit', paste);
  choose(settings.roles[0].role);
}

async function read(path) {
  const response = await fetch(path, { cache: 'no-cache', credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${path}: ${reasonOf(response)}`);
  return response.text();
}

function choose(name) {
  role = settings.roles.find((each) => each.role === name);
  at('about').textContent = role.about;
  at('access').hidden = role.token !== null;
  at('examples').replaceChildren(...role.examples.map(button));
  begin();
}

function button(example) {
  const item = document.createElement('li');
  const press = document.createElement('button');
  press.type = 'button';
  press.textContent = example.title;
  press.addEventListener('click', () => show(example));
  item.append(press);
  return item;
}

// The page has no login: a token is pasted, held in a variable, and gone with the page.
function paste(event) {
  event.preventDefault();
  pasted = at('token').value.trim().replace(/^bearer\s+/i, '') || undefined;
  at('token').value = '';
  at('kept').textContent = pasted
    ? 'Token in use. It is kept in this page only; gone when it closes.'
    : 'No token in use.';
  begin();
}

// A new GraphiQL, with nothing of the last one but the theme. Until it is ready, an example begins another.
function begin(first = role.examples[0]) {
  show = begin;
  sitting.over.abort();
  sitting = { number: sitting.number + 1, over: new AbortController() };
  for (const key of memory.keys()) if (!key.endsWith(':theme')) memory.delete(key);
  firstIds.clear();
  at('graphiql').ariaBusy = 'true';
  const props = {
    key: sitting.number,
    fetcher,
    storage,
    schema: schema ?? (token() ? undefined : null),
    defaultTabs: [{ query: first.query, variables: filled(first) }],
    defaultQuery: '',
    defaultEditorToolsVisibility: Object.keys(first.variables).length ? 'variables' : false,
    shouldPersistHeaders: false,
    inputValueDeprecation: true,
  };
  root.render(
    createElement(
      GraphiQL,
      props,
      createElement(GraphiQL.Logo, null, createElement(Desk, { first })),
      createElement(GraphiQL.Footer, null, createElement(Footer)),
    ),
  );
}

const token = () => role.token ?? pasted;

// Not seen: it has GraphiQL's editors at hand, prepares them, and puts examples into them.
function Desk({ first }) {
  const tabs = useEditorContext();
  const { stop } = useExecutionContext();
  const { queryEditor, variableEditor, headerEditor, responseEditor } = tabs;
  const untouched = useRef(first.query.trim());
  const ready = Boolean(queryEditor && variableEditor && responseEditor);

  useEffect(() => {
    prepare({ Query: queryEditor, Variables: variableEditor, Headers: headerEditor, Answer: responseEditor });
  }, [queryEditor, variableEditor, headerEditor, responseEditor]);

  useEffect(() => {
    if (!ready) return;
    show = (example) => {
      stop();
      if (![untouched.current, ''].includes(queryEditor.getValue().trim())) flushSync(tabs.addTab);
      untouched.current = example.query.trim();
      place(example, tabs);
    };
  });

  useEffect(() => {
    if (!ready) return;
    setQuery(queryEditor, first.query);
    variableEditor.setValue(filled(first));
    say(hint(filled(first)));
    at('graphiql').ariaBusy = 'false';
  }, [ready]);

  return null;
}

// Names for who can't see the panes, and a Tab key that leaves them.
function prepare(editors) {
  for (const [name, editor] of Object.entries(editors)) {
    editor?.getInputField().setAttribute('aria-label', name);
    editor?.addKeyMap({ Tab: false, 'Shift-Tab': false });
    editor?.setOption('lineWrapping', true);
  }
}

function place(example, { queryEditor, variableEditor, responseEditor, updateActiveTabValues }) {
  const variables = filled(example);
  setQuery(queryEditor, example.query);
  variableEditor.setValue(variables);
  responseEditor.setValue('');
  updateActiveTabValues({ query: example.query, variables, response: null });
  if (variables) document.querySelector('.graphiql-editor-tools [data-name="variables"]').click();
  queryEditor.focus();
  say(hint(variables));
}

// GraphiQL reads the operation's name from the text a moment later; Run may come first.
function setQuery(editor, text) {
  editor.setValue(text);
  editor.documentAST = parse(text);
  editor.operations = editor.documentAST.definitions.filter(({ kind }) => kind === 'OperationDefinition');
  editor.operationName = editor.operations[0].name?.value ?? null;
}

// In an example's variables a bare prefix, "family_", stands for the first such id in the latest answer.
function filled({ variables }) {
  if (!Object.keys(variables).length) return '';
  const fill = (_, value) => (/^[a-z_]+_$/.test(value) ? (firstIds.get(value) ?? value) : value);
  return JSON.stringify(variables, fill, 2);
}

function hint(variables) {
  const [, prefix] = variables.match(/"([a-z_]+)_"/) ?? [];
  if (!prefix) return '';
  const kind = prefix.replaceAll('_', ' ');
  return `Put the id of a ${kind} into the variables, or run an example that lists some first.`;
}

function Footer() {
  const [text, setText] = useState('');
  useEffect(() => {
    say = setText;
    return () => void (say = () => {});
  }, []);
  return createElement('p', { role: 'status', className: 'answer' }, text);
}

async function fetcher(operation, { headers = {}, documentAST } = {}) {
  const streams = documentAST && getOperationAST(documentAST, operation.operationName)?.operation === 'subscription';
  const over = new AbortController();
  sitting.over.signal.addEventListener('abort', () => over.abort(), { once: true });
  const began = performance.now();
  const sent = () => send(operation, headers, streams, over.signal);
  let response = await sent();
  if (response.status === 401 && (await renewed())) response = await sent();
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) return stream(response, over);
  const answer = answerOf(response, await response.text());
  if (operation.operationName !== 'IntrospectionQuery') say(summary(response, answer, performance.now() - began));
  return answer;
}

function send(operation, headers, streams, signal) {
  const sent = new Headers({
    accept: streams ? 'text/event-stream' : 'application/graphql-response+json, application/json;q=0.9',
    'content-type': 'application/json',
  });
  if (token()) sent.set('authorization', `Bearer ${token()}`);
  for (const [name, value] of Object.entries(headers)) sent.set(name, value);
  const body = JSON.stringify(operation);
  return fetch(settings.endpoint, { method: 'POST', headers: sent, body, signal, cache: 'no-store', credentials: 'omit' });
}

// The demo's tokens are short-lived: after a 401, ask for this role's token once more.
async function renewed() {
  if (role.token === null) return false;
  const fresh = await read('explorer/settings.json').then(JSON.parse);
  const { token } = fresh.roles.find((each) => each.role === role.role) ?? role;
  const changed = token !== role.token;
  role.token = token;
  return changed;
}

// A refusal is shown with its status and the headers that explain it, above whatever body came with it.
function answerOf(response, text) {
  const body = parsed(text);
  if (response.ok && body) {
    remember(text);
    return body;
  }
  const http = { status: reasonOf(response) };
  for (const name of ['www-authenticate', 'retry-after', 'x-request-id']) {
    if (response.headers.has(name)) http[name] = response.headers.get(name);
  }
  return { http, ...(body ?? (text && { body: text })) };
}

function parsed(text) {
  try {
    const body = JSON.parse(text);
    return body && typeof body === 'object' && !Array.isArray(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

function remember(text) {
  const found = new Map();
  for (const [, id, prefix] of text.matchAll(/"(([a-z_]+_)[0-9a-f]{32})"/g)) {
    if (!found.has(prefix)) found.set(prefix, id);
  }
  for (const [prefix, id] of found) firstIds.set(prefix, id);
}

const REASONS = {
  200: 'OK', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 406: 'Not Acceptable',
  413: 'Content Too Large', 415: 'Unsupported Media Type', 429: 'Too Many Requests', 500: 'Internal Server Error',
  502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout',
};

const reasonOf = ({ status, statusText }) => `${status} ${statusText || (REASONS[status] ?? '')}`.trim();

function summary(response, { extensions }, milliseconds) {
  const cost = extensions?.cost;
  const parts = [reasonOf(response), `${Math.round(milliseconds)} ms`];
  if (cost?.requested !== undefined) parts.push(`cost ${cost.requested}`);
  if (cost?.remaining !== undefined) parts.push(`${cost.remaining} left`);
  return parts.join(' · ');
}

// Server-sent events of a subscription; GraphiQL's Stop ends the request.
function stream(response, over) {
  const events = eventsOf(response, over.signal);
  const stopped = async () => {
    over.abort();
    return { done: true, value: undefined };
  };
  return { [Symbol.asyncIterator]: () => ({ next: () => events.next(), return: stopped }) };
}

async function* eventsOf(response, signal) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop();
      for (const block of blocks) {
        if (/^event: ?complete$/m.test(block)) return;
        const data = [...block.matchAll(/^data: ?(.*)$/gm)].map(([, line]) => line).join('\n');
        if (data) yield JSON.parse(data);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

// A page brought back by the Back button would show what was on it.
window.addEventListener('pageshow', ({ persisted }) => persisted && window.location.reload());

load().catch((error) => {
  at('graphiql').ariaBusy = 'false';
  at('graphiql').textContent = `The explorer did not load. ${error.message}`;
});
