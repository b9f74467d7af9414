'use strict';
(() => {
  // What is live: facts of the status, and lines of the log.
  const facts = document.querySelectorAll('[data-live]');
  const log = document.querySelector('[data-log]');
  if (facts.length || log) {
    const feed = new EventSource(log ? `/events?after=${log.dataset.log}` : '/events');
    feed.addEventListener('status', (event) => {
      const status = JSON.parse(event.data);
      for (const fact of facts) {
        const text = status[fact.dataset.live] || '–';
        if (fact.textContent !== text) fact.textContent = text;
      }
    });
    feed.addEventListener('log', (event) => {
      if (!log) return;
      const known = Number(log.dataset.log);
      const lines = JSON.parse(event.data).lines.filter((line) => line.number > known);
      for (const line of lines.reverse()) {
        const row = document.createElement('tr');
        for (const text of [line.time, line.text]) row.insertCell().textContent = text;
        row.cells[0].className = 'time';
        log.prepend(row);
        log.dataset.log = line.number;
      }
      while (log.rows.length > 500) log.deleteRow(-1);
    });
    // It ends with the session: whoever is logged out sees that.
    feed.addEventListener('error', async () => {
      try {
        const answer = await fetch('/events', { method: 'HEAD', redirect: 'manual' });
        if (answer.type === 'opaqueredirect') location.assign('/login?ended');
      } catch { /* the telephone is off; the browser tries again */ }
    });
  }

  // A file that is too long is told before it is sent.
  const form = document.querySelector('form[data-most-octets]');
  if (form) {
    const file = form.querySelector('input[type=file]');
    const judge = () => {
      const most = Number(form.dataset.mostOctets);
      const long = file.files.length && file.files[0].size > most;
      file.setCustomValidity(long ? 'This file is longer than 1 MiB.' : '');
    };
    file.addEventListener('change', judge);
    judge();
  }
})();
