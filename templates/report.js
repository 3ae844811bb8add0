// The page works without this script; it adds search, filters, keys, copying, and unfolds what a link or a printer asks for.
(() => {
  'use strict';
  const { all, one, say, kept, keep, decoded, encoded, switchScheme } = page;
  const tools = one('.tools');
  const findings = all('.finding');
  for (const finding of findings) finding.tabIndex = -1;
  const calm = { behavior: 'instant', block: 'start' };

  // The address says what is shown: `#f-1a2b&severity=critical,error&pack=cni&q=words`.
  const facets = ['severity', 'verdict', 'pack', 'namespace', 'node'];
  const noChoice = () => ({ at: '', q: '', ...Object.fromEntries(facets.map((name) => [name, []])) });
  const readAddress = () => {
    const state = noChoice();
    for (const part of location.hash.slice(1).split('&').filter(Boolean)) {
      const [, name, value] = /^([a-z]+)=(.*)$/s.exec(part) || [];
      if (name === 'q') state.q = decoded(value.replaceAll('+', ' '));
      else if (facets.includes(name)) state[name] = value.split(',').filter(Boolean).map(decoded);
      else if (name === undefined) state.at = decoded(part);
    }
    return state;
  };
  const addressOf = (state) => {
    const parts = facets.filter((name) => state[name].length).map((name) => `${name}=${state[name].map(encoded).join(',')}`);
    return `#${[state.at, ...parts, state.q && `q=${encoded(state.q)}`].filter(Boolean).join('&')}`;
  };
  let state = noChoice();
  let address = '';
  const isFiltering = () => state.q.trim() !== '' || facets.some((name) => state[name].length);
  const go = (next, replace = false) => {
    const wanted = addressOf(next);
    if (wanted === (location.hash || '#')) return show();
    try {
      history[replace ? 'replaceState' : 'pushState'](null, '', wanted);
    } catch {
      location.hash = wanted;
    }
    show();
  };

  // Everything that can be searched. What it is about stands on it, around it, or on the findings that it links to.
  const words = (text) => (text || '').split('\n').filter(Boolean);
  const around = (element, name) => words(element.closest(`[data-${name}]`)?.dataset[name]);
  const about = (element) => Object.fromEntries(facets.map((name) => [name, around(element, name)]));
  const linked = (element) =>
    all('a[href^="#f-"], a[href^="#r-"]', element).map((link) => document.getElementById(link.hash.slice(1))).filter(Boolean);
  let index;
  const entries = () => {
    index ??= all('.subject, [data-entry]').map((element) => {
      const isSubject = element.classList.contains('subject');
      return { element, isSubject, finding: isSubject ? element.closest('.finding') : null };
    });
    return index;
  };
  const aboutsOf = (entry) =>
    (entry.abouts ??= [entry.element, ...(entry.isSubject ? [] : linked(entry.element))].map(about));
  // Texts are read once: head and runbook of a finding count for all its subjects.
  const textOf = (element) => `${element.textContent} ${element.dataset.rule || ''}`.toLowerCase();
  const copyLabel = 'Copy as Markdown';
  const heads = new Map();
  const headOf = (element) => {
    const head = element && (element.closest('.finding') || element.closest('[data-context]'));
    if (!head) return '';
    if (!heads.has(head)) {
      const parts = head.classList.contains('finding')
        ? [...head.children].filter((part) => !part.matches('.subjects, .subject'))
        : [...head.children].filter((part) => part.matches('th, .path, summary'));
      heads.set(head, parts.map(textOf).join(' ').replace(copyLabel.toLowerCase(), ''));
    }
    return heads.get(head);
  };
  const readText = (entry) => (entry.text ??= textOf(entry.element));
  const holds = (entry, wanted) => wanted.every((word) => readText(entry).includes(word) || headOf(entry.element).includes(word));
  const fits = (entry) =>
    aboutsOf(entry).some((of) => facets.every((name) => !state[name].length || state[name].some((value) => of[name].includes(value))));
  const toggle = (element, hidden) => { if (element.hidden !== hidden) element.hidden = hidden; };
  // A crowd is shown and hidden in steps, so that a key pressed meanwhile is heard.
  let later;
  const toggleAll = (changes) => {
    for (const [element, hidden] of changes.splice(0, 1500)) toggle(element, hidden);
    if (changes.length) later = setTimeout(() => toggleAll(changes));
  };
  // A page with many findings is read in its pauses, before somebody searches.
  const readAhead = (at = 0) => {
    const end = performance.now() + 15;
    let next = at;
    for (; next < entries().length && performance.now() < end; next += 1) {
      const entry = entries()[next];
      readText(entry);
      headOf(entry.element);
      aboutsOf(entry);
    }
    if (next < entries().length) setTimeout(() => readAhead(next), 30);
  };
  setTimeout(readAhead, 400);

  const holders = all('[data-holds]');
  const links = all('.contents li, .sections li').map((item) => [item, document.getElementById(one('a', item).hash.slice(1))]);
  const unfolded = new Set();
  const fewEntries = 20;
  const counted = (count, word, words = `${word}s`) => `${count.toLocaleString('en')} ${count === 1 ? word : words}`;
  const filter = (target) => {
    const wanted = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    const filtering = isFiltering();
    clearTimeout(later);
    const changes = [];
    const entryChanges = [];
    const inFull = new Set();
    // What was found is seen without a click, unless it is a crowd.
    const unfolds = filtering && (wanted.length > 0 || facets.some((name) => name !== 'pack' && state[name].length > 0));
    const left = new Map();
    const shown = { subjects: 0, others: 0 };
    const total = { subjects: 0, others: 0 };
    for (const entry of filtering || index ? entries() : []) {
      const named = target && (entry.element === target || entry.element.contains(target) || entry.finding === target);
      const isShown = !filtering || named || (fits(entry) && holds(entry, wanted));
      if (entry.element.hidden === isShown) entryChanges.push([entry.element, !isShown]);
      total[entry.isSubject ? 'subjects' : 'others'] += 1;
      if (!isShown) continue;
      shown[entry.isSubject ? 'subjects' : 'others'] += 1;
      if (entry.isSubject && entry.element.tagName !== 'TR') inFull.add(entry.finding);
      for (let at = entry.element.parentElement; at && at.id !== 'main'; at = at.parentElement) {
        if ('holds' in at.dataset) left.set(at, (left.get(at) || 0) + 1);
      }
    }
    for (const details of unfolded) details.open = false;
    unfolded.clear();
    const isGone = (place) => Boolean(place) && 'holds' in place.dataset && filtering && !left.get(place);
    for (const holder of holders) {
      changes.push([holder, isGone(holder)]);
      if (!unfolds || holder.tagName !== 'DETAILS' || holder.open || isGone(holder) || left.get(holder) > fewEntries) continue;
      if (holder.matches('.more') && inFull.has(holder.closest('.finding'))) continue;
      holder.open = true;
      unfolded.add(holder);
    }
    for (const [item, place] of links) changes.push([item, isGone(place)]);
    toggleAll([...changes.filter(([element, hidden]) => element.hidden !== hidden), ...entryChanges]);
    const articles = filtering ? findings.filter((finding) => left.get(finding)).length : findings.length;
    one('.chosen').hidden = !filtering;
    one('.nothing').hidden = !filtering || shown.subjects + shown.others > 0;
    one('output', tools).value = !filtering
      ? ''
      : `${articles.toLocaleString('en')} of ${counted(findings.length, 'finding')} shown (${shown.subjects.toLocaleString('en')} of ${counted(total.subjects, 'subject')}), ${shown.others.toLocaleString('en')} of ${counted(total.others, 'other entry', 'other entries')}`;
  };

  // The controls say what the address says, also what no control offers.
  const controls = tools.elements;
  const labelOf = { q: 'text', severity: 'severity', verdict: 'verdict', pack: 'pack', namespace: 'namespace', node: 'node' };
  const fill = () => {
    if (controls.q.value !== state.q) controls.q.value = state.q;
    for (const box of all('input[type=checkbox]', tools)) box.checked = state[box.name].includes(box.value);
    for (const select of all('select', tools)) select.value = '';
    const chip = (name, value) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.dataset.name = name;
      button.dataset.value = value;
      button.textContent = `${labelOf[name]}: ${value}`;
      button.setAttribute('aria-label', `Take away ${labelOf[name]} ${value}`);
      const item = document.createElement('li');
      item.append(button);
      return item;
    };
    one('.chips').replaceChildren(...facets.flatMap((name) => state[name].map((value) => chip(name, value))));
  };

  // A link to a finding opens what is folded around it; `finding-` and the whole id, as other outputs have it, lead there too.
  const targetOf = (name) =>
    name && (document.getElementById(name) || document.getElementById(`f-${name.replace(/^finding-/, '').slice(0, 12)}`));
  const open = (target) => {
    for (let at = target; at; at = at.parentElement) {
      if (at.tagName !== 'DETAILS') continue;
      at.open = true;
      unfolded.delete(at);
    }
  };
  const show = () => {
    if (location.hash === address) return;
    address = location.hash;
    const before = state.at;
    state = readAddress();
    const target = targetOf(state.at);
    fill();
    filter(target);
    for (let at = target; at; at = at.parentElement) toggle(at, false);
    for (const here of all('.here')) here.classList.remove('here');
    if (!target) return;
    open(target);
    if (target.matches('.finding, .subject')) target.classList.add('here');
    if (state.at === before && isFiltering()) return;
    target.scrollIntoView(calm);
    // What comes into view is laid out only now and moves the rest.
    requestAnimationFrame(() => requestAnimationFrame(() => target.scrollIntoView(calm)));
  };

  let typing;
  tools.hidden = false;
  one('.switches').hidden = false;
  controls.q.addEventListener('input', () => {
    clearTimeout(typing);
    const isNew = state.q === '';
    typing = setTimeout(() => go({ ...state, q: controls.q.value, at: '' }, !isNew), 120);
  });
  tools.addEventListener('change', ({ target }) => {
    if (target.type === 'search') return;
    const others = state[target.name].filter((value) => value !== target.value);
    const add = target.type === 'checkbox' ? target.checked : target.value !== '';
    go({ ...state, at: '', [target.name]: add ? [...others, target.value] : others });
  });
  tools.addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(typing);
    go({ ...state, q: controls.q.value, at: '' }, state.q !== '');
    const first = one('main [data-holds]:not([hidden])');
    if (first) first.scrollIntoView(calm);
  });
  one('.chips').addEventListener('click', ({ target }) => {
    const { name, value } = target.dataset;
    if (!name) return;
    go({ ...state, [name]: state[name].filter((each) => each !== value) });
    controls.q.focus();
  });
  const panel = one('.facets');
  addEventListener('click', ({ target }) => { if (panel.open && !panel.contains(target)) panel.open = false; });
  panel.addEventListener('focusout', ({ relatedTarget }) => { if (relatedTarget && !panel.contains(relatedTarget)) panel.open = false; });
  // A link inside of the page keeps the filters.
  addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link || !isFiltering() || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go({ ...state, at: decoded(link.hash.slice(1)) });
  });
  addEventListener('hashchange', show);
  addEventListener('popstate', show);
  show();

  let folded = [];
  addEventListener('beforeprint', () => {
    folded = all('details.print-open:not([open])');
    for (const details of folded) details.open = true;
  });
  addEventListener('afterprint', () => {
    for (const details of folded) details.open = false;
  });

  // In Markdown, text of a bundle goes into code spans and fences longer than any run of backticks inside.
  const fenceFor = (text) => '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map((run) => run[0].length + 1)));
  const span = (text) => {
    const line = text.replace(/\s+/g, ' ').trim();
    const ticks = '`'.repeat(Math.max(0, ...[...line.matchAll(/`+/g)].map((run) => run[0].length)) + 1);
    return ticks.length === 1 ? `\`${line}\`` : `${ticks} ${line} ${ticks}`;
  };
  const plain = /^[\p{L}\p{N}.,:;()'"%/µ×–—…?-]+$/u;
  const linksItself = /:\/\/|^www\.|^[%:][\p{L}\p{N}:]|^GH-\d|[\p{L}\p{N}]\.\p{L}{2,}|^(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}[.,:;)"']*$/iu;
  const sentence = (text) =>
    text.trim().split(/\s+/).map((word) => (plain.test(word) && !linksItself.test(word.replace(/^[("']+/, '')) ? word : span(word))).join(' ');
  const paragraph = (part) => {
    if (part.tagName === 'PRE') {
      const fence = fenceFor(part.textContent);
      return [`${fence}text`, part.textContent.replace(/\n$/, ''), fence];
    }
    if (/^[OU]L$/.test(part.tagName)) return [...part.children].map((item) => `- ${sentence(item.textContent)}`);
    return [sentence(part.textContent)];
  };
  const asMarkdown = (finding) => {
    const of = (selector, within = finding) => (within.querySelector(selector) || { textContent: '' }).textContent;
    const out = [`### ${of('.badge').trim()}: ${sentence(of('h4'))}`, '', span(of('.origin'))];
    const shared = all('.message', finding).find((part) => !part.querySelector('.who'));
    if (shared) out.push('', `All: ${sentence(shared.textContent)}`);
    for (const subject of all('div.subject, details.subject', finding).filter((element) => !element.hidden)) {
      const what = subject.querySelector('.what') || subject.querySelector('.message');
      const who = of('.who', subject);
      const said = what ? what.textContent.replace(who, '').trim() : '';
      out.push('', `- **${span(who)}**${said ? ` ${sentence(said)}` : ''}`);
      for (const evidence of all('.evidence', subject)) {
        const same = one('.note a', evidence);
        const source = (same && document.getElementById(same.hash.slice(1))) || evidence;
        const numbers = all('.number', source).map((number) => number.textContent);
        const width = Math.max(0, ...numbers.map((number) => number.length));
        const lines = all('.text', source).map((text, at) => `  ${(numbers[at] || '').padStart(width)} | ${text.textContent.replace(/\n$/, '')}`);
        const fence = fenceFor(lines.join('\n'));
        out.push('', `  ${span(of('.path', evidence) + of('.span', evidence))}`);
        if (lines.length) out.push('', `  ${fence}text`, ...lines, `  ${fence}`);
      }
    }
    const advice = all('.runbook section', finding).find((section) => of('h5', section) === 'What to do');
    if (advice) out.push('', '**What to do**', '', ...all('.prose > *', advice).flatMap((part) => [...paragraph(part), '']));
    const rest = all('tr.subject', finding).filter((row) => !row.hidden);
    if (rest.length) out.push('', `and ${rest.length} more subjects.`);
    return `${out.join('\n')}\n`;
  };

  // Some browsers give a file no clipboard, some no command either: then the text is shown, to be copied by hand.
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = document.createElement('textarea');
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand('copy');
      area.remove();
      return done;
    }
  };
  const showText = (text) => {
    const dialog = document.createElement('dialog');
    dialog.className = 'keys';
    const [heading, area, button] = ['h2', 'textarea', 'button'].map((name) => document.createElement(name));
    heading.textContent = 'This browser lets no page copy. The text is selected, copy it by hand.';
    area.value = text;
    area.readOnly = true;
    area.setAttribute('aria-label', 'The finding as Markdown');
    button.className = 'plain';
    button.textContent = 'Close';
    button.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => dialog.remove());
    dialog.append(heading, area, button);
    document.body.append(dialog);
    dialog.showModal();
    area.select();
  };
  const copyFinding = async (finding) => {
    const button = one('.copy', finding);
    const text = asMarkdown(finding);
    const back = document.activeElement;
    const done = await copy(text);
    if (back && back.isConnected) back.focus({ preventScroll: true });
    say('');
    say(done ? `Copied as Markdown: ${one('h4', finding).textContent}` : 'Could not be copied; the text is shown.');
    if (!done) return showText(text);
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = copyLabel; }, 1500);
  };
  for (const finding of findings) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = copyLabel;
    one('header', finding).append(button);
  }

  // Single keys, for people who do not write at the moment and did not switch them off.
  const keys = one('dialog.keys');
  const keysOn = one('input[name=keys]', keys);
  keysOn.checked = kept('keys') !== 'off';
  keysOn.addEventListener('change', () => keep('keys', keysOn.checked ? 'on' : 'off'));
  let last;
  const current = () => document.activeElement.closest('.finding') || (last && !last.hidden ? last : undefined);
  const step = (by) => {
    const visible = findings.filter((finding) => !finding.hidden);
    if (!visible.length) return say('No finding is shown.');
    const at = visible.indexOf(current());
    last = visible[at < 0 ? (by > 0 ? 0 : visible.length - 1) : Math.min(visible.length - 1, Math.max(0, at + by))];
    last.focus({ preventScroll: true });
    last.scrollIntoView(calm);
  };
  const fold = (finding) => {
    const parts = all('details', finding).filter((details) => !details.hidden && !details.matches('.more'));
    const isOpen = parts.every((details) => details.open);
    for (const details of parts) details.open = !isOpen;
  };
  const doings = {
    scheme: switchScheme,
    keys() { if (!keys.open) keys.showModal(); },
    clear() { go(noChoice()); controls.q.focus({ preventScroll: true }); },
  };
  addEventListener('click', ({ target }) => {
    const button = target.closest('button');
    if (!button) return;
    if (button.matches('.copy')) copyFinding(button.closest('.finding'));
    else if (button.dataset.do) doings[button.dataset.do]();
  });
  const singleKeys = {
    '/': () => { controls.q.focus(); controls.q.select(); },
    f: () => { panel.open = true; one('input, select', panel).focus(); },
    j: () => step(1),
    k: () => step(-1),
    c: () => (current() ? copyFinding(current()) : say('No finding is chosen; j goes to the first.')),
    '?': doings.keys,
  };
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector('dialog[open]')) return;
    const { key, target } = event;
    if (key === 'Escape') {
      if (panel.open) { panel.open = false; one('summary', panel).focus(); }
      else if (target === controls.q) { if (controls.q.value) go({ ...state, q: '', at: '' }); else controls.q.blur(); }
      return;
    }
    if ((key === 'Enter' || key === ' ') && target.matches && target.matches('.finding')) {
      event.preventDefault();
      return fold(target);
    }
    const isWriting = target.matches && target.matches('input:not([type=checkbox]), textarea, select, [contenteditable]');
    if (isWriting || !keysOn.checked || !Object.hasOwn(singleKeys, key)) return;
    event.preventDefault();
    singleKeys[key]();
  });

  // Where the reader is.
  const sections = new Map(links.filter(([, place]) => place && place.matches('main > section')).map(([item, place]) => [place, one('a', item)]));
  const seen = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) {
      if (isIntersecting) sections.get(target).setAttribute('aria-current', 'true');
      else sections.get(target).removeAttribute('aria-current');
    }
  }, { rootMargin: '-15% 0px -80%' });
  for (const section of sections.keys()) seen.observe(section);
})();
