// The page works without this script; it adds search, filters, copying, and unfolds what a link or a printer asks for.
(() => {
  'use strict';
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const findings = all('.finding');

  const unfold = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    const target = name && document.getElementById(name);
    if (!target) return;
    for (let at = target; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true;
    target.scrollIntoView({ behavior: 'instant' });
  };
  addEventListener('hashchange', unfold);
  unfold();

  let folded = [];
  addEventListener('beforeprint', () => {
    folded = all('details.print-open:not([open])');
    for (const details of folded) details.open = true;
  });
  addEventListener('afterprint', () => {
    for (const details of folded) details.open = false;
  });

  const filters = document.querySelector('.filters');
  if (filters) {
    filters.hidden = false;
    const entries = findings.map((finding) => {
      const subjects = all('.subject', finding);
      const head = all('header, .message, .runbook', finding).map((part) => part.textContent).join(' ').toLowerCase();
      return { finding, head, subjects: subjects.map((element) => ({ element, text: element.textContent.toLowerCase() })) };
    });
    const holds = (names, name) => !name || (names || '').split('\n').includes(name);
    const chosen = (name) => (filters.elements[name] ? filters.elements[name].value : '');
    const apply = () => {
      const words = chosen('search').toLowerCase().split(/\s+/).filter(Boolean);
      const severities = all('input[name=severity]:checked', filters).map((box) => box.value);
      const [pack, namespace, node] = ['pack', 'namespace', 'node'].map(chosen);
      let shown = 0;
      for (const { finding, head, subjects } of entries) {
        let left = 0;
        for (const { element, text } of subjects) {
          const fits =
            holds(element.dataset.namespace, namespace) &&
            holds(element.dataset.node, node) &&
            words.every((word) => head.includes(word) || text.includes(word));
          element.hidden = !fits;
          if (fits) left += 1;
        }
        finding.hidden = left === 0 || !severities.includes(finding.dataset.severity) || (pack && finding.dataset.pack !== pack);
        const more = finding.querySelector('.more');
        if (more) {
          more.hidden = all('tr.subject', more).every((row) => row.hidden);
          if (!finding.hidden && (words.length || namespace || node)) more.open = more.open || all('details.subject', finding).every((row) => row.hidden);
        }
        if (!finding.hidden) shown += 1;
      }
      for (const section of all('[data-section]')) section.hidden = all('.finding', section).every((finding) => finding.hidden);
      filters.elements.shown.value = shown === findings.length ? '' : `${shown} of ${findings.length} shown`;
    };
    filters.addEventListener('input', apply);
    filters.addEventListener('submit', (event) => event.preventDefault());
    apply();
  }

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
        const numbers = all('.number', evidence).map((number) => number.textContent);
        const width = Math.max(0, ...numbers.map((number) => number.length));
        const lines = all('.text', evidence).map((text, at) => `  ${(numbers[at] || '').padStart(width)} | ${text.textContent.replace(/\n$/, '')}`);
        const fence = fenceFor(lines.join('\n'));
        out.push('', `  ${span(of('.path', evidence) + of('.span', evidence))}`);
        if (lines.length) out.push('', `  ${fence}text`, ...lines, `  ${fence}`);
      }
    }
    const rest = all('tr.subject', finding).filter((row) => !row.hidden);
    if (rest.length) out.push('', `and ${rest.length} more subjects.`);
    return `${out.join('\n')}\n`;
  };
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement('textarea');
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
  };
  for (const finding of findings) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy as Markdown';
    button.addEventListener('click', async () => {
      await copy(asMarkdown(finding));
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = 'Copy as Markdown'; }, 1500);
    });
    finding.querySelector('header').append(button);
  }
})();
