// The page's own script, as text: search, filter and copying, and nothing that the page cannot be read without. It only
// hides, opens, counts and copies what is there: it makes no markup, so nothing that stands in the page can become any.

/** Goes into the page as it is; the page's policy names its digest. */
export const SCRIPT = `'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const [finder, text, verdict, suite] = ['finder', 'find', 'verdict-filter', 'suite-filter'].map(byId);
  const [clear, found] = ['clear', 'found'].map(byId);
  const items = [...document.querySelectorAll('[data-find]')].map((element) => ({ element, words: undefined }));
  const rows = items.filter(({ element }) => element.closest('#checks'));
  const stories = items.filter(({ element }) => element.classList.contains('story'));
  const folded = [...document.querySelectorAll('details.suite, details.card')];
  const groups = folded.filter((g) => g.querySelector('[data-find]'));
  const opened = new Map(groups.map((g) => [g, g.open]));
  const fits = (item, words) => {
    const { element } = item;
    // Rows without a check (a requirement, a note) have neither, and stay.
    if (verdict.value !== '' && (element.dataset.verdict ?? verdict.value) !== verdict.value) return false;
    if (suite.value !== '' && (element.dataset.suite ?? suite.value) !== suite.value) return false;
    if (words.length === 0) return true;
    item.words ??= (element.textContent + ' ' + (element.dataset.duties ?? '')).toLowerCase();
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
    const shown = (list) => list.filter(({ element }) => !element.hidden).length;
    const count = (of, what) => shown(of) + ' of ' + of.length + ' ' + what;
    found.textContent = active ? count(rows, 'checks') + ', ' + count(stories, 'stories') : '';
    clear.hidden = !active;
    return active;
  };
  const FIELDS = { find: text, verdict, suite };
  // In the fragment, as a page from a file may change no other part of its address.
  const keep = () => {
    const set = Object.entries(FIELDS).filter(([, field]) => field.value !== '');
    const state = new URLSearchParams(set.map(([name, field]) => [name, field.value]));
    try {
      history.replaceState(null, '', '#' + (state.size > 0 ? '?' + state : ''));
    } catch { /* The address stays as it was. */ }
  };
  const change = () => { apply(); keep(); };
  const reset = () => { text.value = verdict.value = suite.value = ''; apply(); };
  const reveal = () => {
    if (location.hash.startsWith('#?')) {
      const state = new URLSearchParams(location.hash.slice(2));
      for (const [name, field] of Object.entries(FIELDS)) field.value = state.get(name) ?? '';
      apply();
      return;
    }
    const target = location.hash === '' ? null : byId(decodeURIComponent(location.hash.slice(1)));
    if (target === null) return;
    if (target.closest('[hidden]')) reset();
    for (let e = target; e !== null; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true;
    target.scrollIntoView();
  };
  let timer;
  text.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(change, 80); });
  text.addEventListener('keydown', (event) => { 
    if (event.key === 'Escape') { reset(); keep(); }
    if (event.key !== 'Enter') return;
    change();
    const first = [...stories, ...rows].find(({ element }) => !element.hidden)?.element;
    if (first?.tagName === 'DETAILS') first.open = true;
    first?.scrollIntoView();
  });
  verdict.addEventListener('change', change);
  suite.addEventListener('change', change);
  clear.addEventListener('click', () => { reset(); keep(); text.focus(); });
  for (const button of document.querySelectorAll('button.copy')) {
    const command = button.previousElementSibling;
    button.hidden = false;
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(command.textContent);
      } catch {
        getSelection().selectAllChildren(command);
        document.execCommand('copy');
      }
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    });
  }
  addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(?:INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '')) return;
    event.preventDefault();
    text.focus();
  });
  addEventListener('hashchange', reveal);
  finder.hidden = false;
  reset();
  reveal();
})();
`;
