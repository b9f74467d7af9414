'use strict';
(() => {
  const root = document.documentElement;
  root.classList.add('script');

  // The theme: as the system has it, until the switch is used.
  const remembered = () => { try { return localStorage.getItem('provlab-theme'); } catch { return null; } };
  const remember = (theme) => { try { localStorage.setItem('provlab-theme', theme); } catch { /* not kept */ } };
  if (remembered()) root.dataset.theme = remembered();
  const isDark = () => root.dataset.theme
    ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const theme = document.createElement('button');
  theme.id = 'theme';
  theme.type = 'button';
  const nameTheme = () => { theme.textContent = isDark() ? 'Light colours' : 'Dark colours'; };
  theme.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    remember(root.dataset.theme);
    nameTheme();
  });
  nameTheme();
  document.body.prepend(theme);

  for (const button of document.querySelectorAll('.copy')) {
    button.addEventListener('click', async () => {
      const source = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(source.textContent);
        button.textContent = 'Copied';
      } catch {
        getSelection().selectAllChildren(source);
        button.textContent = 'Selected';
      }
    });
  }

  // Searching: every word must occur.
  const search = document.getElementById('search');
  if (!search) return;
  const found = document.getElementById('found');
  const none = document.getElementById('none');
  const items = [...document.querySelectorAll('.item, .events tbody tr')];
  const texts = items.map((item) => (item.dataset.find ?? item.textContent).toLowerCase());
  const folders = [...document.querySelectorAll('.folder, .problems')];
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    items.forEach((item, i) => {
      const fits = words.every((word) => texts[i].includes(word));
      item.classList.toggle('missed', !fits);
      if (fits && item.localName === 'tr') count += 1;
    });
    for (const folder of folders) {
      folder.classList.toggle('missed', !folder.querySelector('.item:not(.missed)'));
    }
    found.textContent = words.length ? `${count} found` : '';
    if (none) none.hidden = !words.length || count > 0;
  };
  search.addEventListener('input', apply);
  const clear = () => { search.value = ''; apply(); };

  const shown = (row) => row.offsetParent !== null;
  const rows = [...document.querySelectorAll('.events tbody tr')];
  const rowOf = (element) => element && element.closest ? element.closest('.events tbody tr') : null;
  const go = (row) => {
    if (!row) return;
    if (!shown(row)) clear();
    row.focus();
    row.scrollIntoView({ block: 'nearest' });
  };
  const step = (from, by) => {
    let i = rows.indexOf(from) + by;
    while (i >= 0 && i < rows.length && !shown(rows[i])) i += by;
    go(rows[i]);
  };

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const here = rowOf(document.activeElement);
    const typing = document.activeElement === search;
    if (event.key === '/' && !typing) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === 'Escape') {
      clear();
      search.blur();
    } else if (event.key === 'ArrowDown' && typing) {
      event.preventDefault();
      const first = rows.find(shown) ?? document.querySelector('.item:not(.missed) a');
      if (first) first.focus();
    } else if (here && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      step(here, event.key === 'ArrowDown' ? 1 : -1);
    } else if (here && event.key === 'c') {
      const cause = here.querySelector('td:last-child a');
      if (cause) go(document.getElementById(cause.hash.slice(1)));
    }
  });
  // A link to an event shows it, whatever is searched for, and puts the keys there.
  document.addEventListener('click', (event) => {
    const link = event.target.closest ? event.target.closest('a[href^="#e"]') : null;
    if (!link) {
      const row = rowOf(event.target);
      if (row && !getSelection().toString()) row.focus({ preventScroll: true });
      return;
    }
    const row = document.getElementById(link.getAttribute('href').slice(1));
    if (row && !shown(row)) clear();
    const bare = document.getElementById('bare');
    if (row && bare && !shown(row)) bare.checked = false;
    setTimeout(() => { if (row) row.focus(); });
  });
})();
