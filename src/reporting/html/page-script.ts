// The page's own script, as text: search and filter, and nothing that the page cannot be read without. It only hides, opens and counts what is there:
// it makes no markup, so nothing that stands in the page can become any.

/** Goes into the page as it is; the page's policy names its digest. */
export const SCRIPT = `'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const [finder, text, verdict, suite, clear, found] = ['finder', 'find', 'verdict-filter', 'suite-filter', 'clear', 'found'].map(byId);
  const items = [...document.querySelectorAll('[data-find]')].map((element) => ({ element, words: undefined }));
  const rows = items.filter(({ element }) => element.closest('#checks'));
  const groups = [...document.querySelectorAll('details.suite, details.card')].filter((g) => g.querySelector('[data-find]'));
  const opened = new Map(groups.map((g) => [g, g.open]));
  const fits = (item, words) => {
    const { element } = item;
    if (verdict.value !== '' && element.dataset.verdict !== verdict.value) return false;
    if (suite.value !== '' && element.dataset.suite !== suite.value) return false;
    if (words.length === 0) return true;
    item.words ??= element.textContent.toLowerCase();
    return words.every((word) => item.words.includes(word));
  };
  const apply = () => {
    const words = text.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const active = words.length > 0 || verdict.value !== '' || suite.value !== '';
    for (const item of items) item.element.hidden = active && !fits(item, words);
    for (const group of groups) {
      const any = [...group.querySelectorAll('[data-find]')].some((e) => !e.hidden);
      if (!group.matches('[data-find]')) group.hidden = !any;
      group.open = active ? any : opened.get(group);
    }
    const shown = rows.filter(({ element }) => !element.hidden).length;
    found.textContent = active ? shown + ' of ' + rows.length + ' checks' : '';
    clear.hidden = !active;
  };
  const reset = () => { text.value = verdict.value = suite.value = ''; apply(); };
  const reveal = () => {
    const target = location.hash === '' ? null : byId(decodeURIComponent(location.hash.slice(1)));
    if (target === null) return;
    if (target.closest('[hidden]')) reset();
    for (let e = target; e !== null; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true;
    target.scrollIntoView();
  };
  let timer;
  text.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(apply, 80); });
  text.addEventListener('keydown', (event) => { if (event.key === 'Escape') reset(); });
  verdict.addEventListener('change', apply);
  suite.addEventListener('change', apply);
  clear.addEventListener('click', () => { reset(); text.focus(); });
  addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || /^(?:INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '')) return;
    event.preventDefault();
    text.focus();
  });
  addEventListener('hashchange', reveal);
  finder.hidden = false;
  reset();
  reveal();
})();
`;
