// What the pages share: looking things up, what a reader chose to keep, words in the address, light and dark.
const page = (() => {
  'use strict';
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);
  const say = (text) => { one('.said').textContent = text; };

  // A page opened from a file may have no store; then a choice lasts as long as the page.
  const kept = (name) => { try { return localStorage.getItem(`drydock-${name}`); } catch { return null; } };
  const keep = (name, value) => { try { localStorage.setItem(`drydock-${name}`, value); } catch { /* for this page only */ } };

  const decoded = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
  const encoded = (text) => encodeURIComponent(text.toWellFormed ? text.toWellFormed() : text);

  // Light or dark as the system has it, until somebody chooses. The style sheet says it once, for the system's choice.
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const schemes = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule.media && rule.media.mediaText.includes('prefers-color-scheme'))
    .map((rule) => ({ rule, own: rule.media.mediaText, ofDark: rule.media.mediaText.includes('dark') }));
  let scheme = kept('scheme');
  const isDark = () => (scheme ? scheme === 'dark' : dark.matches);
  const paint = () => {
    for (const { rule, own, ofDark } of schemes) {
      const media = !scheme ? own : ofDark === isDark() ? 'screen' : 'not all';
      if (rule.media.mediaText !== media) rule.media.mediaText = media;
    }
    document.documentElement.style.colorScheme = scheme || '';
    one('[data-do=scheme]').textContent = isDark() ? 'Light' : 'Dark';
    one('[data-do=scheme]').setAttribute('aria-label', isDark() ? 'Light colours' : 'Dark colours');
  };
  const switchScheme = () => {
    scheme = isDark() ? 'light' : 'dark';
    keep('scheme', scheme);
    paint();
  };
  dark.addEventListener('change', paint);
  paint();

  return { all, one, say, kept, keep, decoded, encoded, switchScheme };
})();
