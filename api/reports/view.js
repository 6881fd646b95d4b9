// From a report as the server tells it to what is on the page: figures, tables, charts and definitions.

import { bars, columns, legend, stacked } from './charts.js';

function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// Draws a report in a language; `say` are its words.
export function draw(report, say) {
  const view = new View(report, say);
  return [
    make('h1', {}, view.period()),
    view.about(),
    report.provisional ? make('p', { class: 'badge' }, say.provisional) : null,
    ...report.tables.map((table) => view.section(table)),
    view.checks(),
  ].filter(Boolean);
}

class View {
  constructor(report, say) {
    // English days come before months, as they do in the other languages.
    const language = report.language === 'en' ? 'en-GB' : report.language;
    this.report = report;
    this.say = say;
    this.number = (value) => new Intl.NumberFormat(language).format(value);
    const fixed = (places) => new Intl.NumberFormat(language, { minimumFractionDigits: places, maximumFractionDigits: places });
    this.percent = (value) => `${fixed(1).format(value)}\u00a0%`;
    this.mean = (value) => fixed(2).format(value);
    this.day = (text, style = { dateStyle: 'long' }) => new Intl.DateTimeFormat(language, { ...style, timeZone: 'UTC' }).format(new Date(text));
    this.moment = (text) => new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(text));
  }

  period() {
    return `${this.day(this.report.since)} \u2013 ${this.day(this.report.through)}`;
  }

  about() {
    const { say, report } = this;
    const told = (label, text) => make('span', {}, `${label} `, make('b', {}, text));
    const published = report.published && told(say.published, this.moment(report.published.at));
    const hidden = report.published?.hiddenTo ? make('span', {}, say.hiddenTo(report.published.hiddenTo)) : null;
    return make(
      'p',
      { class: 'about' },
      told(say.whose, report.whose),
      told(say.area, report.area ?? say.allAreas),
      told(say.asOf, this.moment(report.asOf)),
      published,
      hidden,
    );
  }

  section(table) {
    const body = this[table.id] ? this[table.id](table) : [this.table(table)];
    const empty = table.heads.length > 0 && table.rows.every(({ cells }) => cells.every((cell) => cell.value === 0));
    const shown = empty ? [make('p', { class: 'nothing' }, this.say.nothing)] : body;
    return make('section', { id: table.id }, make('h2', {}, table.title), ...shown, this.definitions(table));
  }

  // The figures of the whole.
  summary(table) {
    const { say } = this;
    const cells = new Map(table.columns.map((column, no) => [column.metric, { ...column, ...table.total[no] }]));
    const big = [
      ['FAMILIES_COVERED', 'c0'],
      ['FAMILIES_OVERCAME', 'c2'],
      ['FAMILIES_CONTINUING', 'c1'],
      ['FAMILIES_OTHER_EXITS', 'c3'],
      ['CHILDREN_IN_COVERED_FAMILIES', 'c0'],
    ].filter(([metric]) => cells.has(metric));
    const figure = ([metric, kind]) => {
      const cell = cells.get(metric);
      const rate = this.rate(cell, { percent: say.ofCovered, mean: say.perFamily });
      const value = cell.hidden ? this.hidden() : make('span', { class: 'value' }, this.number(cell.value));
      return make('div', { class: `figure ${kind}`, 'data-metric': metric }, make('dt', {}, cell.name), make('dd', {}, value, rate));
    };
    const rest = [...cells.values()].filter(({ metric }) => !big.some(([known]) => known === metric));
    const line = (cell) => make('div', { 'data-metric': cell.metric }, make('dt', {}, cell.name), make('dd', {}, this.shown(cell), this.beside(cell)));
    const kinds = { FAMILIES_OVERCAME: 's2', FAMILIES_CONTINUING: 's1', FAMILIES_OTHER_EXITS: 's3' };
    const parts = Object.entries(kinds)
      .filter(([metric]) => cells.has(metric))
      .map(([metric, kind]) => this.part(cells.get(metric).name, cells.get(metric), kind));
    return [
      make('dl', { class: 'figures' }, ...big.map(figure)),
      ...this.drawn(parts, [stacked(say.outcomes, [{ name: '', parts }], { names: false })], { legend: false }),
      make('dl', { class: 'more' }, ...rest.map(line)),
    ];
  }

  flow(table) {
    const kinds = ['s1', 's2', 's3'];
    const items = table.rows.map(({ keys, cells }) => ({
      name: this.month(keys[0].name),
      short: this.day(keys[0].name, { month: 'short' }),
      parts: cells.map((cell, no) => this.part(table.columns[no].name, cell, kinds[no])),
    }));
    return [this.pair(this.drawn(items[0]?.parts ?? [], [columns(this.say.chart(table.title), items, this.number)]), table)];
  }

  other_exits(table) {
    return this.lying(table);
  }

  ages(table) {
    return this.lying(table);
  }

  destinations(table) {
    return this.lying(table);
  }

  centres(table) {
    const no = table.columns.findIndex(({ metric }) => metric === 'OCCUPANCY_RATE');
    const items = table.rows.map(({ keys, cells }) => {
      const { percent, hidden } = cells[no] ?? {};
      return { name: keys[0].name, value: percent ?? null, shown: hidden ? this.say.hidden : percent === null ? '\u2013' : this.percent(percent) };
    });
    const chart = bars(`${this.say.occupied}. ${this.say.chart(table.title)}`, items, 100);
    return [make('p', { class: 'note' }, this.say.occupied), chart, this.table(table)];
  }

  programmes(table) {
    const kinds = { COMPLETED: 's2', STILL_IN: 's1', RELAPSED: 's3', DROPPED: 's4' };
    const items = table.rows.map(({ keys, cells }) => ({
      name: keys[0].name,
      parts: Object.entries(kinds).map(([code, kind]) => {
        const no = table.columns.findIndex((column) => column.code === code);
        return this.part(table.columns[no].name, cells[no], kind);
      }),
    }));
    return [this.pair(this.drawn(items[0]?.parts ?? [], [stacked(this.say.chart(table.title), items)]), table)];
  }

  // Bars of the first metric beside the table.
  lying(table) {
    const items = table.rows.map(({ keys, cells: [cell] }) => ({
      name: keys[0].name,
      value: cell.hidden ? null : cell.value,
      shown: cell.hidden ? this.say.hidden : this.number(cell.value),
    }));
    return [this.pair([bars(this.say.chart(table.title), items)], table)];
  }

  pair(left, table) {
    const hides = table.rows.some(({ cells }) => cells.some(({ hidden }) => hidden));
    const note = hides ? make('p', { class: 'note' }, this.say.notDrawn) : null;
    return make('div', { class: 'pair' }, make('div', {}, ...left, note), this.table(table));
  }

  drawn(parts, charts, { legend: explains = true } = {}) {
    return explains ? [legend(parts), ...charts] : charts;
  }

  part(name, cell, kind) {
    return { name, kind, value: cell.hidden ? null : cell.value, shown: cell.hidden ? this.say.hidden : this.number(cell.value) };
  }

  table(table) {
    const head = make('tr', {}, ...[...table.heads, ...table.columns.map(({ name }) => name)].map((text) => make('th', { scope: 'col' }, text)));
    const row = ({ keys, cells }) =>
      make('tr', {}, ...keys.map(({ name }) => make('th', { scope: 'row' }, this.month(name))), ...cells.map((cell) => this.cell(cell)));
    const parts = [make('thead', {}, head), make('tbody', {}, ...table.rows.map(row))];
    if (table.total) {
      const name = make('th', { scope: 'row', colspan: table.heads.length }, this.say.total);
      parts.push(make('tfoot', {}, make('tr', {}, name, ...table.total.map((cell) => this.cell(cell)))));
    }
    return make('div', { class: 'wide' }, make('table', { 'aria-label': table.title }, ...parts));
  }

  cell(cell) {
    return make('td', {}, this.shown(cell), this.rate(cell, { percent: (text) => text, mean: this.say.perFamily }));
  }

  shown(cell) {
    return cell.hidden ? this.hidden() : this.number(cell.value);
  }

  beside(cell) {
    const rate = this.rate(cell, { percent: (text) => text, mean: this.say.perFamily });
    return rate && make('span', {}, ' \u00b7 ', rate);
  }

  rate(cell, { percent, mean }) {
    if (cell.percent !== null && cell.percent !== undefined) return make('span', { class: 'rate' }, percent(this.percent(cell.percent)));
    if (cell.forEach !== null && cell.forEach !== undefined) return make('span', { class: 'rate' }, mean(this.mean(cell.forEach)));
    return null;
  }

  hidden() {
    return make('span', { class: 'hidden' }, this.say.hidden);
  }

  month(name) {
    return /^\d{4}-\d{2}$/.test(name) ? this.day(name, { month: 'long', year: 'numeric' }) : name;
  }

  definitions(table) {
    const metrics = new Set(table.columns.map(({ metric }) => metric));
    const told = this.report.definitions
      .filter(({ metric }) => metrics.has(metric))
      .flatMap(({ name, version, text }) => [make('dt', {}, `${name} (${this.say.version(version)})`), make('dd', {}, text)]);
    return make('details', {}, make('summary', {}, this.say.counted), make('dl', {}, ...told));
  }

  checks() {
    const { identities } = this.report;
    if (!identities.length) return null;
    const list = make('ul', { class: 'checked' }, ...identities.map((text) => make('li', {}, text)));
    return make('section', { id: 'checks' }, make('h2', {}, this.say.checks), list);
  }
}
