// Charts as SVG, drawn by hand. Each says what it is to who can't see it, and has its table beside it; what is
// hidden is not drawn. Colours come from the style sheet.

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 520;

function element(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

let charts = 0;

function frame(title, height) {
  const id = `chart-${(charts += 1)}`;
  return element(
    'svg',
    { class: 'chart', role: 'img', 'aria-labelledby': id, viewBox: `0 0 ${WIDTH} ${height}` },
    element('title', { id }, title),
  );
}

const word = (x, y, kind, text) => element('text', { x, y, class: kind }, text);

const box = (x, y, width, height, kind, title) =>
  element('rect', { x, y, width: Math.max(width, 0), height, class: kind, rx: 2 }, element('title', {}, title));

// Bars that lie, each under its name; the value stands behind it. `most` is the value of a full bar.
export function bars(title, items, most = Math.max(...items.map(({ value }) => value ?? 0), 1)) {
  const row = 42;
  const room = WIDTH - 90;
  const svg = frame(title, items.length * row);
  items.forEach(({ name, value, shown }, no) => {
    const top = no * row;
    const width = value === null ? 0 : Math.min(value / most, 1) * room;
    svg.append(word(0, top + 14, 'name', name), box(0, top + 20, room, 14, 'back', name));
    if (width) svg.append(box(0, top + 20, width, 14, 's1', `${name}: ${shown}`));
    svg.append(word(WIDTH, top + 32, value === null ? 'quiet end' : 'end', shown));
  });
  return svg;
}

// One bar for each item, made of parts, as long as all of them together.
export function stacked(title, items, { names = true } = {}) {
  const row = names ? 42 : 26;
  const sums = items.map(({ parts }) => parts.reduce((sum, { value }) => sum + (value ?? 0), 0));
  const most = Math.max(...sums, 1);
  const svg = frame(title, items.length * row);
  items.forEach(({ name, parts }, no) => {
    const top = no * row + (names ? 20 : 4);
    if (names) svg.append(word(0, top - 6, 'name', name));
    let x = 0;
    parts.forEach(({ name: part, value, shown, kind }) => {
      if (!value) return;
      const width = (value / most) * WIDTH;
      svg.append(box(x, top, width - 1, names ? 15 : 18, kind, `${part}: ${shown}`));
      x += width;
    });
  });
  return svg;
}

// Groups of standing bars, one group for each item.
export function columns(title, items, number) {
  const [height, bottom, left] = [230, 24, 34];
  const most = Math.max(...items.flatMap(({ parts }) => parts.map(({ value }) => value ?? 0)), 1);
  const step = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000].find((one) => most / one <= 5) ?? most;
  const top = Math.ceil(most / step) * step;
  const at = (value) => height - bottom - (value / top) * (height - bottom - 12);
  const svg = frame(title, height);
  for (let tick = 0; tick <= top; tick += step) {
    svg.append(element('line', { x1: left, x2: WIDTH, y1: at(tick), y2: at(tick), class: 'grid' }));
    svg.append(word(left - 7, at(tick) + 4, 'quiet end', number(tick)));
  }
  const room = (WIDTH - left) / items.length;
  const every = Math.ceil(items.length / 12);
  items.forEach(({ name, short, parts }, no) => {
    const width = Math.min((room * 0.76) / parts.length, 22);
    const first = left + no * room + (room - width * parts.length) / 2;
    parts.forEach(({ name: part, value, shown, kind }, index) => {
      if (!value) return;
      const y = at(value);
      svg.append(box(first + index * width, y, width - 1, height - bottom - y, kind, `${name}, ${part}: ${shown}`));
    });
    if (no % every === 0) svg.append(word(left + (no + 0.5) * room, height - 7, 'quiet middle', short));
  });
  return svg;
}

// What the colours mean.
export function legend(parts) {
  const list = document.createElement('ul');
  list.className = 'legend';
  for (const { name, kind } of parts) {
    const item = document.createElement('li');
    const sign = element('svg', { viewBox: '0 0 10 10', 'aria-hidden': 'true' });
    sign.append(element('rect', { width: 10, height: 10, rx: 2, class: kind }));
    item.append(sign, name);
    list.append(item);
  }
  return list;
}
