// The page of reports: who looks, at which period and area, in which language. A token is held in a variable
// and goes with each request; nothing is kept, and nothing comes from another host.

import { draw } from './view.js';
import { languages, words } from './words.js';

const at = (id) => document.getElementById(id);

let language = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => languages.includes(tag)) ?? 'en';
let roles = [];
let token;
let choices;
let report;
let asking = new AbortController();

const say = () => words[language];

async function load() {
  at('language').value = language;
  at('language').addEventListener('change', () => speak(at('language').value));
  at('role').addEventListener('change', () => choose(at('role').value));
  at('access').addEventListener('submit', paste);
  at('asked').addEventListener('submit', (event) => {
    event.preventDefault();
    show();
  });
  at('preset').addEventListener('change', preset);
  for (const id of ['since', 'through']) at(id).addEventListener('input', () => (at('preset').value = 'own'));
  for (const form of ['csv', 'xlsx']) at(form).addEventListener('click', () => save(form));
  at('print').addEventListener('click', () => window.print());
  ({ roles } = await (await fetch('reports/settings.json', { cache: 'no-store', credentials: 'omit' })).json());
  at('as').hidden = roles.length === 0;
  at('access').hidden = roles.length > 0;
  translate();
  if (roles.length) choose(roles[0].role);
  else tell(say().needsToken);
}

// Who looks.

function choose(name) {
  at('role').value = name;
  ({ token } = roles.find(({ role }) => role === name));
  enter();
}

function paste(event) {
  event.preventDefault();
  token = at('token').value.trim().replace(/^bearer\s+/i, '') || undefined;
  at('token').value = '';
  if (token) enter();
}

async function enter() {
  leave();
  const response = await ask('choices.json');
  if (!response) return;
  choices = await response.json();
  offer();
  if (choices.published?.length === 0) tell(say().nothingPublished);
  else show();
}

// Nothing of the last viewer stays.
function leave() {
  report = undefined;
  choices = undefined;
  at('report').replaceChildren();
  at('asked').hidden = true;
  for (const id of ['csv', 'xlsx', 'print']) at(id).disabled = true;
  tell('');
}

// What can be chosen: presets, or of analysts what was published.

function offer() {
  const { published, areas } = choices;
  const chosen = { preset: at('preset').value, area: at('area').value };
  const presets = published
    ? published.map(({ since, through }) => new Option(`${since} \u2013 ${through}`, `${since} ${through}`))
    : ['soFar', 'nineMonths', 'lastQuarter', 'lastYear', 'own'].map((name) => new Option(say()[name], name));
  at('preset').replaceChildren(...presets);
  at('area').replaceChildren(new Option(say().allAreas, ''), ...areas.map(({ id, name }) => new Option(name, id)));
  for (const [id, value] of Object.entries(chosen)) {
    if ([...at(id).options].some((option) => option.value === value)) at(id).value = value;
  }
  at('places').hidden = Boolean(published);
  for (const label of document.querySelectorAll('.day')) label.hidden = Boolean(published);
  at('asked').hidden = published?.length === 0;
  if (at('preset').value !== 'own' || !at('since').value) preset();
}

function preset() {
  const days = choices.published ? at('preset').value.split(' ') : periods()[at('preset').value];
  if (days) [at('since').value, at('through').value] = days;
}

function periods() {
  const [year, month] = choices.today.split('-').map(Number);
  const quarter = Math.floor((month - 1) / 3);
  const day = (y, m, d) => new Date(Date.UTC(y, m, d)).toISOString().slice(0, 10);
  return {
    soFar: [day(year, 0, 1), choices.today],
    nineMonths: [day(year, 0, 1), day(year, 8, 30)],
    lastQuarter: [day(year, quarter * 3 - 3, 1), day(year, quarter * 3, 0)],
    lastYear: [day(year - 1, 0, 1), day(year - 1, 11, 31)],
  };
}

// The report.

const asked = () => new URLSearchParams({ since: at('since').value, through: at('through').value, area: at('area').value });

async function show() {
  if (!at('asked').reportValidity()) return;
  tell(say().loading);
  at('report').ariaBusy = 'true';
  const response = await ask(`report.json?${asked()}`);
  if (!response) return;
  report = { asked: asked(), ...(await response.json()) };
  at('report').replaceChildren(...draw(report, say()));
  at('report').ariaBusy = 'false';
  for (const id of ['csv', 'xlsx', 'print']) at(id).disabled = false;
  tell('');
}

// The file is of the same period, area and moment as what is on the page.
async function save(form) {
  const query = new URLSearchParams(report.asked);
  query.set('asOf', report.asOf);
  const response = await ask(`report.${form}?${query}`);
  if (!response) return;
  const [, name] = response.headers.get('content-disposition').match(/filename="([^"]+)"/);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  tell(say().saved(name));
}

// Asks as whoever looks; without an answer the page says why. The last request alone counts.
async function ask(path) {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    let response = await send(path, signal);
    if (response.status === 401 && (await renewed())) response = await send(path, signal);
    while (response.status === 429) {
      await patience(Number(response.headers.get('retry-after')) || 1, signal);
      response = await send(path, signal);
    }
    if (response.ok) return response;
    const body = await response.json().catch(() => undefined);
    fail(response.status === 401 ? say().refused : (body?.errors?.[0]?.message ?? say().failed));
  } catch (error) {
    if (!signal.aborted) fail(say().failed);
  }
  return undefined;
}

// Whoever asks a lot in a while waits, told for how long, unless something else is asked meanwhile.
async function patience(seconds, signal) {
  const said = at('status').textContent;
  tell(say().waiting(seconds));
  await new Promise((over, stopped) => {
    setTimeout(over, seconds * 1000);
    signal.addEventListener('abort', () => stopped(signal.reason));
  });
  tell(said);
}

const send = (path, signal) =>
  fetch(`reports/${path}`, {
    headers: { authorization: `Bearer ${token}`, 'accept-language': language },
    cache: 'no-store',
    credentials: 'omit',
    signal,
  });

// The demo's tokens are short-lived: after a 401, ask for this role's token once more.
async function renewed() {
  const role = roles.find(({ role }) => role === at('role').value);
  if (!role) return false;
  const fresh = await (await fetch('reports/settings.json', { cache: 'no-store', credentials: 'omit' })).json();
  ({ roles } = fresh);
  const known = token;
  ({ token } = roles.find(({ role: name }) => name === role.role) ?? role);
  return token !== known;
}

function tell(text) {
  at('status').textContent = text;
  at('status').className = '';
}

function fail(text) {
  at('report').replaceChildren();
  at('report').ariaBusy = 'false';
  for (const id of ['csv', 'xlsx', 'print']) at(id).disabled = true;
  at('status').textContent = text;
  at('status').className = 'wrong';
}

// Languages.

function translate() {
  document.documentElement.lang = language;
  document.title = say().title;
  for (const place of document.querySelectorAll('[data-text]')) place.textContent = say()[place.dataset.text];
  const name = at('role').value;
  at('role').replaceChildren(...roles.map(({ role, label }) => new Option(say().roles[role] ?? label, role)));
  if (name) at('role').value = name;
}

function speak(tag) {
  language = tag;
  translate();
  if (!choices) return tell(token ? '' : say().needsToken);
  offer();
  return report ? show() : undefined;
}

// On paper, definitions stand open.
let opened = [];
window.addEventListener('beforeprint', () => {
  opened = [...document.querySelectorAll('details:not([open])')];
  for (const one of opened) one.open = true;
});
window.addEventListener('afterprint', () => {
  for (const one of opened) one.open = false;
});

// A page brought back by the Back button would show what was on it.
window.addEventListener('pageshow', ({ persisted }) => persisted && window.location.reload());

load().catch(() => fail(say().failed));
