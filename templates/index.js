// The index works without this script; it adds sorting, search and filters, and keeps them in the address.
(() => {
  'use strict';
  const { all, one, say, kept, decoded, encoded, switchScheme } = page;
  const tools = one('.tools');
  const controls = tools.elements;
  // The address says what is shown: `#severity=critical,error&rule=node-not-ready&sort=-gathered&q=words`.
  const facets = ['severity', 'rule', 'kind', 'version', 'platform', 'state'];
  const noChoice = () => ({ at: '', q: '', sort: '', ...Object.fromEntries(facets.map((name) => [name, []])) });
  const readAddress = () => {
    const state = noChoice();
    for (const part of location.hash.slice(1).split('&').filter(Boolean)) {
      const [, name, value] = /^([a-z]+)=(.*)$/s.exec(part) || [];
      if (name === 'q') state.q = decoded(value.replaceAll('+', ' '));
      else if (name === 'sort') state.sort = decoded(value);
      else if (facets.includes(name)) state[name] = value.split(',').filter(Boolean).map(decoded);
      else if (name === undefined) state.at = decoded(part);
    }
    return state;
  };
  const addressOf = (state) => {
    const parts = facets.filter((name) => state[name].length).map((name) => `${name}=${state[name].map(encoded).join(',')}`);
    return `#${[state.at, ...parts, state.sort && `sort=${encoded(state.sort)}`, state.q && `q=${encoded(state.q)}`].filter(Boolean).join('&')}`;
  };
  let state = noChoice();
  let address = null;
  const go = (next, replace = false) => {
    const wanted = addressOf(next);
    if (wanted === (location.hash || '#')) return;
    try {
      history[replace ? 'replaceState' : 'pushState'](null, '', wanted);
    } catch {
      location.hash = wanted;
    }
    show();
  };

  // Rows are read once; what a cell shows is what is sorted and searched.
  const table = one('.fleet');
  const body = one('tbody', table);
  const heads = all('th[data-sort]', table);
  const names = heads.map((head) => head.dataset.sort);
  const ruleRows = all('#rules tbody tr').map((row) => ({ row, rule: row.dataset.rule, severity: row.dataset.severity, text: one('th', row).textContent.toLowerCase() }));
  const bundles = all('tr', body).map((row, place) => {
    const cells = [...row.cells].map((cell) => cell.textContent.trim());
    const [name, kind, version, platform] = cells;
    return {
      row, place, cells, kind, version, platform,
      rules: new Set(row.dataset.r.split(' ').filter(Boolean).map(Number)),
      states: (row.dataset.x || '').split(' '),
      severities: ['critical', 'error', 'warning', 'info'].filter((_, at) => cells[5 + at] !== '0'),
      text: `${name} ${kind} ${version} ${platform} ${cells[4]} ${row.dataset.c || ''}`.toLowerCase(),
    };
  });
  const others = [...all('#failures li'), ...all('[data-cluster]')].map((element) => ({
    element,
    isFailure: 'failure' in element.dataset,
    isNew: Boolean(one('[data-new]', element)),
    text: element.textContent.toLowerCase(),
  }));

  const collator = new Intl.Collator('en', { numeric: true });
  const numbers = new Set(names.slice(5));
  const numberOf = (text) => (/^[\d,]+$/.test(text) ? Number(text.replaceAll(',', '')) : -1);
  const sort = () => {
    const name = state.sort.replace(/^-/, '');
    const column = names.indexOf(name);
    const back = state.sort.startsWith('-') ? -1 : 1;
    for (const [at, head] of heads.entries()) {
      if (at === column) head.setAttribute('aria-sort', back < 0 ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    }
    const compare = (a, b) => {
      if (column < 0) return a.place - b.place;
      const [x, y] = [a.cells[column], b.cells[column]];
      // What is not known stands last either way.
      if ((x === '') !== (y === '')) return x === '' ? 1 : -1;
      const order = numbers.has(name) ? numberOf(x) - numberOf(y) : collator.compare(x, y);
      return order * back || a.place - b.place;
    };
    const sorted = [...bundles].sort(compare);
    if (sorted.some(({ row }, at) => row !== body.rows[at])) body.append(...sorted.map(({ row }) => row));
  };

  const toggle = (element, hidden) => { if (element.hidden !== hidden) element.hidden = hidden; };
  const counted = (count, word) => `${count.toLocaleString('en')} ${count === 1 ? word : `${word}s`}`;
  const filter = () => {
    const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    const filtering = words.length > 0 || facets.some((name) => state[name].length);
    const holds = (text) => words.every((word) => text.includes(word));
    const chosen = new Set(state.rule.map((rule) => ruleRows.findIndex((each) => each.rule === rule)));
    const any = (name, of) => !state[name].length || state[name].some((value) => of(value));
    const firing = new Set();
    let shown = 0;
    for (const bundle of bundles) {
      const fits =
        any('severity', (value) => bundle.severities.includes(value)) &&
        (!chosen.size || [...chosen].some((rule) => bundle.rules.has(rule))) &&
        ['kind', 'version', 'platform'].every((name) => any(name, (value) => bundle[name] === value)) &&
        any('state', (value) => bundle.states.includes(value));
      if (fits) for (const rule of bundle.rules) firing.add(rule);
      const isShown = fits && holds(bundle.text);
      if (isShown) shown += 1;
      toggle(bundle.row, !isShown);
    }
    let rules = 0;
    for (const [at, { row, rule, severity, text }] of ruleRows.entries()) {
      const isShown = !filtering || (firing.has(at) && any('severity', (value) => value === severity) && any('rule', (value) => value === rule) && holds(text));
      if (isShown) rules += 1;
      toggle(row, !isShown);
    }
    let rest = 0;
    const onlyState = facets.every((name) => name === 'state' || !state[name].length);
    for (const { element, isFailure, isNew, text } of others) {
      const fits = onlyState && any('state', (value) => (isFailure ? value === 'failed' : value === 'new' && isNew));
      if (fits && holds(text)) rest += 1;
      toggle(element, !(fits && holds(text)));
    }
    for (const [id, rows] of [['bundles', 'tbody tr'], ['rules', 'tbody tr'], ['failures', 'li'], ['clusters', 'tbody']]) {
      const section = document.getElementById(id);
      if (section) toggle(section, filtering && !one(`${rows}:not([hidden])`, section));
    }
    toggle(one('.chosen'), !filtering);
    toggle(one('.nothing'), !filtering || shown + rules + rest > 0);
    const found = `${shown.toLocaleString('en')} of ${counted(bundles.length, 'bundle')} shown, ${rules.toLocaleString('en')} of ${counted(ruleRows.length, 'rule')}`;
    one('output', tools).value = filtering ? found : '';
  };

  const labelOf = (name, value) => {
    const option = all('option', controls[name] instanceof HTMLSelectElement ? controls[name] : document.createElement('select')).find((each) => each.value === value);
    return option ? option.textContent : value;
  };
  const fill = () => {
    if (controls.q.value !== state.q) controls.q.value = state.q;
    controls.sort.value = state.sort;
    for (const box of all('input[type=checkbox]', tools)) box.checked = state[box.name].includes(box.value);
    for (const name of facets) if (controls[name] instanceof HTMLSelectElement) controls[name].value = '';
    const chip = (name, value) => {
      const [item, button] = [document.createElement('li'), document.createElement('button')];
      button.type = 'button';
      Object.assign(button.dataset, { name, value });
      button.textContent = `${name}: ${labelOf(name, value)}`;
      button.setAttribute('aria-label', `Take away ${name} ${labelOf(name, value)}`);
      item.append(button);
      return item;
    };
    one('.chips').replaceChildren(...facets.flatMap((name) => state[name].map((value) => chip(name, value))));
  };
  const show = () => {
    if (location.hash === address) return;
    address = location.hash;
    const before = state;
    state = readAddress();
    fill();
    if (state.sort !== before.sort) sort();
    filter();
    const target = state.at && document.getElementById(state.at);
    if (target && state.at !== before.at) target.scrollIntoView({ behavior: 'instant', block: 'start' });
  };

  // What no reader without this script needs: choices, and buttons in the heads of the columns.
  const option = (select, value, text = value) => {
    const made = document.createElement('option');
    made.value = value;
    made.textContent = text;
    select.append(made);
  };
  for (const name of ['kind', 'version', 'platform']) {
    const values = [...new Set(bundles.map((bundle) => bundle[name]))].filter(Boolean).sort(collator.compare);
    for (const value of values) option(controls[name], value);
    controls[name].closest('label').hidden = values.length < 2;
  }
  for (const { row, rule } of ruleRows) option(controls.rule, rule, one('a', row).textContent);
  for (const head of heads) {
    const name = head.dataset.sort;
    const first = numbers.has(name) || name === 'gathered' ? '-' : '';
    const text = head.textContent;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = text;
    button.dataset.by = name;
    button.dataset.first = first;
    head.replaceChildren(button);
    option(controls.sort, first + name, text);
    option(controls.sort, first ? name : `-${name}`, `${text}, ${first ? 'ascending' : 'descending'}`);
  }

  let typing;
  tools.hidden = false;
  // The heads of the columns stay below the search, however many filters are chosen.
  new ResizeObserver(() => document.documentElement.style.setProperty('--below', `${tools.offsetHeight}px`)).observe(tools);
  one('.switches').hidden = false;
  controls.q.addEventListener('input', () => {
    clearTimeout(typing);
    const isNew = state.q === '';
    typing = setTimeout(() => go({ ...state, q: controls.q.value, at: '' }, !isNew), 120);
  });
  tools.addEventListener('change', ({ target }) => {
    if (target.type === 'search') return;
    if (target.name === 'sort') return go({ ...state, sort: target.value });
    const rest = state[target.name].filter((value) => value !== target.value);
    const add = target.type === 'checkbox' ? target.checked : target.value !== '';
    go({ ...state, at: '', [target.name]: add ? [...rest, target.value] : rest });
  });
  tools.addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(typing);
    go({ ...state, q: controls.q.value, at: '' }, state.q !== '');
  });
  const panel = one('.facets');
  addEventListener('click', (event) => {
    const { target } = event;
    if (panel.open && !panel.contains(target)) panel.open = false;
    const link = target.closest('#rules a[href^="#rule="]');
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      go({ ...state, at: 'bundles', rule: [link.closest('tr').dataset.rule] });
    }
    const button = target.closest('button');
    if (!button) return;
    const { by, first, name, value } = button.dataset;
    if (by) {
      // Once, turned round, and back to how it was.
      const turned = first ? by : `-${by}`;
      const next = state.sort === first + by ? turned : state.sort === turned ? '' : first + by;
      go({ ...state, sort: next });
      say(next ? `Sorted by ${button.textContent}, ${next.startsWith('-') ? 'descending' : 'ascending'}` : 'Sorted as at first, the worst first');
    } else if (name) {
      go({ ...state, [name]: state[name].filter((each) => each !== value) });
      controls.q.focus();
    } else if (button.dataset.do === 'clear') {
      go({ ...noChoice(), sort: state.sort });
      controls.q.focus({ preventScroll: true });
    } else if (button.dataset.do === 'scheme') switchScheme();
  });
  panel.addEventListener('focusout', ({ relatedTarget }) => { if (relatedTarget && !panel.contains(relatedTarget)) panel.open = false; });
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const isWriting = event.target.matches && event.target.matches('input:not([type=checkbox]), select');
    if (event.key === 'Escape' && panel.open) { panel.open = false; one('summary', panel).focus(); }
    else if (event.key === 'Escape' && event.target === controls.q) go({ ...state, q: '', at: '' });
    else if (event.key === '/' && !isWriting && kept('keys') !== 'off') { event.preventDefault(); controls.q.focus(); controls.q.select(); }
  });
  addEventListener('hashchange', show);
  addEventListener('popstate', show);
  show();
})();
