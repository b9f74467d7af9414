'use strict';
(() => {
  const root = document.documentElement;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const byId = (id) => document.getElementById(id);
  const on = (type, act) => document.addEventListener(type, act);
  const made = (name) => document.createElement(name);
  root.classList.add('script');

  // The theme: as the system has it, until the switch is used.
  const remembered = () => { try { return localStorage.getItem('provlab-theme'); } catch { return null; } };
  const remember = (theme) => { try { localStorage.setItem('provlab-theme', theme); } catch { /* not kept */ } };
  if (remembered()) root.dataset.theme = remembered();
  const isDark = () => root.dataset.theme
    ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const theme = made('button');
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

  for (const button of all('.copy')) {
    button.addEventListener('click', async () => {
      const source = byId(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(source.textContent);
        button.textContent = 'Copied';
      } catch {
        getSelection().selectAllChildren(source);
        button.textContent = 'Selected';
      }
    });
  }

  // An arrow can be hit beside its line too.
  for (const line of all('.seq a .s')) {
    const hit = line.cloneNode();
    hit.setAttribute('class', 'hit');
    line.before(hit);
  }
  // Where there is no room for notes beside the phone they stand in the world.
  for (const note of all('.side .k')) {
    const [dot, words] = note.children;
    const world = note.closest('.lanes').querySelector('.world');
    const beside = note.cloneNode();
    const label = words.cloneNode(true);
    label.setAttribute('class', 'l ph n');
    label.setAttribute('x', 12);
    label.setAttribute('y', +dot.getAttribute('cy') + (note.matches('.race, .fail') ? 14 : 4));
    label.style.setProperty('--m', `${world.getAttribute('width')}px`);
    beside.append(label);
    world.append(beside);
  }
  // Labels at the phone follow it when a wide world is moved under it.
  for (const figure of all('.figure')) {
    figure.addEventListener('scroll', () => figure.style.setProperty('--x', `${figure.scrollLeft}px`), { passive: true });
  }
  // The first line that failed is in sight.
  for (const source of all('.source')) {
    const bad = source.querySelector('.bad');
    if (bad) source.scrollTop = bad.offsetTop - source.clientHeight / 3;
  }

  // What a message says: the style sheet shows what is linked to; here its buttons and keys.
  const panels = all('.says');
  const said = () => one('.says:target');
  const arrowsTo = (panel) => all(`.seq a[href="#${panel.id}"]`);
  let opener = null;
  const ways = made('p');
  ways.className = 'ways';
  const way = (text, act) => {
    const button = made('button');
    button.type = 'button';
    button.textContent = text;
    button.addEventListener('click', act);
    ways.append(button);
    return button;
  };
  const turn = (by) => {
    const next = panels[panels.indexOf(said()) + by];
    if (next) location.hash = next.id;
  };
  const mark = () => {
    for (const link of all('.seq a.open')) link.classList.remove('open');
    const panel = said();
    if (!panel) return;
    const at = panels.indexOf(panel);
    before.disabled = at === 0;
    after.disabled = at === panels.length - 1;
    place.textContent = `${at + 1} of ${panels.length}`;
    panel.prepend(ways);
    for (const link of arrowsTo(panel)) link.classList.add('open');
    const drawn = arrowsTo(panel).find((link) => link.getClientRects().length);
    if (drawn) drawn.scrollIntoView({ block: 'nearest' });
    panel.tabIndex = -1;
    panel.focus({ preventScroll: true });
  };
  const close = () => {
    const panel = said();
    const { scrollX, scrollY } = window;
    location.hash = 'diagram';
    scrollTo(scrollX, scrollY);
    mark();
    const back = panel && arrowsTo(panel).find((link) => link.getClientRects().length);
    (back || opener)?.focus({ preventScroll: true });
  };
  const before = way('\u2190 before', () => turn(-1));
  const after = way('next \u2192', () => turn(1));
  way('Close (Esc)', close);
  const place = made('span');
  place.className = 'quiet';
  ways.append(place);
  addEventListener('hashchange', mark);
  addEventListener('load', mark);  // a link from elsewhere
  on('click', (event) => {
    const link = event.target.closest ? event.target.closest('a') : null;
    if (!link) return;
    if (link.getAttribute('href')?.startsWith('#p') && !link.closest('.says')) opener = link;
  });
  on('keydown', (event) => {
    if (!said() || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Escape') {
      close();
      event.stopImmediatePropagation();
    } else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      turn(event.key === 'ArrowLeft' ? -1 : 1);
      event.preventDefault();
    }
  });
  mark();

  // Searching: every word must occur.
  const search = byId('search');
  if (!search) return;
  const found = byId('found');
  const none = byId('none');
  const items = all('.item, .names li, .events tbody tr:not(.gap)');
  const texts = items.map((item) => `${item.textContent} ${item.closest('.folder')?.querySelector('h3').textContent ?? ''}`.toLowerCase());
  const folders = all('.folder, .problems');
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    items.forEach((item, i) => {
      const fits = words.every((word) => texts[i].includes(word));
      item.classList.toggle('missed', !fits);
      if (fits && !item.closest('.problems')) count += 1;
    });
    for (const folder of folders) {
      folder.classList.toggle('missed', !folder.querySelector(':is(.item, .names li):not(.missed)'));
    }
    found.textContent = words.length ? `${count} found` : '';
    if (none) none.hidden = !words.length || count > 0;
  };
  search.addEventListener('input', apply);
  const clear = () => { search.value = ''; apply(); };

  const shown = (row) => row.offsetParent !== null;
  const rows = all('.events tbody tr:not(.gap)');
  for (const row of rows) row.tabIndex = -1;
  const rowOf = (element) => element && element.closest ? element.closest('.events tbody tr:not(.gap)') : null;
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

  on('keydown', (event) => {
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
      const top = rows.find(shown) ?? one(':is(.item, .names li):not(.missed) a');
      if (top) top.focus();
    } else if (here && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      step(here, event.key === 'ArrowDown' ? 1 : -1);
    } else if (here && event.key === 'c') {
      const cause = here.querySelector('td:last-child a[href]');
      if (cause) go(byId(cause.hash.slice(1)));
    }
  });
  // A link to an event shows it, whatever is searched for, and puts the keys there.
  on('click', (event) => {
    const link = event.target.closest ? event.target.closest('a[href^="#e"]') : null;
    if (!link) {
      const row = rowOf(event.target);
      if (row && !getSelection().toString()) row.focus({ preventScroll: true });
      return;
    }
    const row = byId(link.getAttribute('href').slice(1));
    if (row && !shown(row)) clear();
    const bare = byId('bare');
    if (row && bare && !shown(row)) bare.checked = false;
    setTimeout(() => { if (row) row.focus(); });
  });
})();
