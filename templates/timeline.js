// Zooms the timeline: draws the same marks again, from the list of moments below it, for the stretch the reader chose.
(() => {
  'use strict';
  const figure = document.querySelector('figure.time');
  const rows = [...document.querySelectorAll('#all-moments li[data-at]')];
  if (!figure || rows.length === 0) return;
  const svg = figure.querySelector('svg.lanes');
  const region = figure.querySelector('.scroll');
  const drawn = svg.querySelector('.t-drawn');
  const frame = svg.querySelector('.t-window');
  const [left, right, bottomOf] = [124, 988, (lanes) => 46 + lanes * 28];
  const lanes = [...svg.querySelectorAll('[data-lane]')].map((word) => word.dataset.lane);
  const moments = rows.map((row) => {
    const at = Number(row.dataset.at);
    return { row, at, end: row.dataset.until === '' ? at : Number(row.dataset.until), lane: lanes.indexOf(row.dataset.lane), tone: row.dataset.tone };
  });
  const start = { from: Number(figure.dataset.from), to: Number(figure.dataset.to) };
  const whole = { from: Number(figure.dataset.first), to: Number(figure.dataset.end) };
  const gathered = Number(figure.dataset.gathered || Number.NaN);
  let range = { ...start };

  const make = (name, attributes, text) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const shapes = { bad: 'M0-6l6 6-6 6-6-6z', good: 'M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0', plain: 'M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0' };
  const second = 1000;
  const steps = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 604800, 2592000, 7776000, 31536000].map((seconds) => seconds * second);
  const textOf = (time, step) => {
    const iso = new Date(time).toISOString();
    if (step >= 28 * 86400 * second) return iso.slice(0, 10);
    if (step >= 86400 * second || iso.slice(11, 19) === '00:00:00') return iso.slice(5, 10);
    return step < 60 * second ? iso.slice(11, 19) : iso.slice(11, 16);
  };
  const wordsOf = (row) => row.querySelector('div').firstChild && `${row.querySelector('time').getAttribute('datetime')} ${row.querySelector('.who').textContent}: ${row.querySelector('strong').textContent}`;

  const draw = () => {
    const bottom = bottomOf(lanes.length);
    const x = (time) => left + ((time - range.from) / (range.to - range.from)) * (right - left);
    const parts = [];
    const [first, last] = [range.from, range.to].map((time) => new Date(time).toISOString().slice(0, 10));
    parts.push(make('text', { class: 't-day', x: 8, y: 16 }, first === last ? `${first}, UTC` : `${first} to ${last}, UTC`));
    const step = steps.find((each) => (range.to - range.from) / each <= 8) || steps.at(-1);
    for (let time = Math.ceil(range.from / step) * step; time <= range.to; time += step) {
      if (x(time) < left + 16 || x(time) > right - 16) continue;
      parts.push(make('path', { class: 't-tick', d: `M${x(time)} 38V${bottom}` }), make('text', { class: 't-hour', x: x(time), y: 33, 'text-anchor': 'middle' }, textOf(time, step)));
    }
    if (gathered >= range.from && gathered <= range.to) parts.push(make('path', { class: 't-now', d: `M${x(gathered)} 38V${bottom}` }));
    lanes.forEach((_, lane) => {
      const y = 46 + lane * 28 + 14;
      const own = moments.filter((moment) => moment.lane === lane && moment.end >= range.from && moment.at <= range.to && !moment.row.hidden);
      const piles = [];
      for (const moment of own) {
        const here = x(Math.max(moment.at, range.from));
        if (moment.end > moment.at) parts.push(make('rect', { class: 't-lasting', x: here, y: y + 9, width: Math.max(1, x(Math.min(moment.end, range.to)) - here), height: 2 }));
        const before = piles.at(-1);
        if (before && here - before.x < 22) before.moments.push(moment);
        else piles.push({ x: here, moments: [moment] });
      }
      for (const pile of piles) {
        const worst = pile.moments.find(({ tone }) => tone === 'bad') || pile.moments[0];
        const many = pile.moments.length > 1;
        const mark = make('g', { class: `t-mark o-${worst.tone}` });
        mark.append(make('title', {}, `${wordsOf(worst.row)}${many ? `, and ${pile.moments.length - 1} more` : ''}`));
        if (many) {
          const width = 10 + String(pile.moments.length).length * 6;
          mark.append(make('rect', { x: pile.x - width / 2, y: y - 8, width, height: 16 }), make('text', { x: pile.x, y, dy: 4, 'text-anchor': 'middle' }, String(pile.moments.length)));
        } else mark.append(make('path', { transform: `translate(${pile.x} ${y})`, d: shapes[worst.tone] }));
        mark.addEventListener('click', () => {
          if (!many) return show(worst.row);
          const [from, to] = [pile.moments[0].at, pile.moments.at(-1).at];
          if (to - from < second || range.to - range.from < 20 * second) return show(worst.row);
          const room = Math.max((to - from) * 0.2, second);
          return zoomTo(from - room, to + room);
        });
        parts.push(mark);
      }
    });
    drawn.replaceChildren(...parts);
    const share = (time) => left + Math.min(1, Math.max(0, (time - whole.from) / (whole.to - whole.from))) * (right - left);
    frame.setAttribute('x', share(range.from));
    frame.setAttribute('width', Math.max(3, share(range.to) - share(range.from)));
  };
  const show = (row) => {
    for (let at = row; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true;
    for (const other of rows) other.classList.toggle('chosen', other === row);
    row.setAttribute('tabindex', '-1');
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'center' });
  };
  const zoomTo = (from, to) => {
    const length = Math.min(Math.max(to - from, 2 * second), whole.to - whole.from);
    const begin = Math.min(Math.max(from, whole.from), whole.to - length);
    range = { from: begin, to: begin + length };
    draw();
  };
  const zoom = (factor) => {
    const [middle, half] = [(range.from + range.to) / 2, ((range.to - range.from) / 2) * factor];
    zoomTo(middle - half, middle + half);
  };
  const move = (share) => zoomTo(range.from + (range.to - range.from) * share, range.to + (range.to - range.from) * share);
  const deeds = {
    in: ['Zoom in', () => zoom(0.5)],
    out: ['Zoom out', () => zoom(2)],
    earlier: ['Earlier', () => move(-0.5)],
    later: ['Later', () => move(0.5)],
    all: ['All of it', () => zoomTo(whole.from, whole.to)],
    start: ['Reset', () => zoomTo(start.from, start.to)],
  };
  const buttons = figure.querySelector('.zoom');
  for (const [word, deed] of Object.values(deeds)) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'plain';
    button.textContent = word;
    button.addEventListener('click', deed);
    buttons.append(button);
  }
  buttons.hidden = false;
  const keys = { '+': 'in', '=': 'in', '-': 'out', ArrowLeft: 'earlier', ArrowRight: 'later', 0: 'start', a: 'all' };
  region.addEventListener('keydown', (event) => {
    const deed = deeds[keys[event.key]];
    if (!deed || event.ctrlKey || event.metaKey || event.altKey) return;
    // Where the drawing is wider than the screen, the arrows move the drawing.
    if (event.key.startsWith('Arrow') && region.scrollWidth > region.clientWidth + 1) return;
    event.preventDefault();
    event.stopPropagation();
    deed[1]();
  });
  // A stretch is drawn with the pointer: over the lanes within what is seen, over the strip within all of it.
  const timeAt = (event) => {
    const box = svg.getBoundingClientRect();
    const [px, py] = [((event.clientX - box.left) / box.width) * 1000, ((event.clientY - box.top) / box.height) * svg.viewBox.baseVal.height];
    const within = py > bottomOf(lanes.length) + 8 ? whole : range;
    return within.from + (Math.min(1, Math.max(0, (px - left) / (right - left)))) * (within.to - within.from);
  };
  let from;
  svg.addEventListener('pointerdown', (event) => { if (event.pointerType === 'mouse' && event.button === 0) from = { time: timeAt(event), x: event.clientX }; });
  addEventListener('pointerup', (event) => {
    if (from === undefined) return;
    const begun = from;
    from = undefined;
    if (Math.abs(event.clientX - begun.x) < 6) return;
    const time = timeAt(event);
    zoomTo(Math.min(begun.time, time), Math.max(begun.time, time));
  });
  draw();
  // What a filter hides in the list is not drawn either.
  let asked = false;
  new MutationObserver(() => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  }).observe(document.getElementById('all-moments'), { subtree: true, attributeFilter: ['hidden'] });
  // On a narrow screen the end of the story is seen first.
  region.scrollLeft = region.scrollWidth;
  const words = svg.querySelector('.t-words');
  const follow = () => words.setAttribute('transform', `translate(${(region.scrollLeft / svg.getBoundingClientRect().width) * 1000} 0)`);
  region.addEventListener('scroll', follow, { passive: true });
  follow();
  addEventListener('beforeprint', () => words.removeAttribute('transform'));
  addEventListener('afterprint', follow);
})();
