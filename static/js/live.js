// The live page and the note: a clock to the second, and a draft that is kept while one types.
// Without this script the buttons "keep the draft" and "undo" do the same.
(() => {
  const clock = document.querySelector('[data-clock]');
  if (clock) {
    const began = Date.now() - Number(clock.dataset.clock) * 1000;
    const two = (number) => String(number).padStart(2, '0');
    const bar = document.querySelector('[data-gone]');
    const show = () => {
      const seconds = Math.floor((Date.now() - began) / 1000);
      bar.value = seconds;
      clock.textContent = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
    };
    show();
    setInterval(show, 1000);
  }

  const form = document.querySelector('form[data-draft]');
  if (!form) return;
  const said = document.querySelector('[data-saved]');
  const revision = form.querySelector('[name="revision"]');
  const REST = 3000; // milliseconds without a key before the draft is kept
  const PATIENCE = 4000; // milliseconds that leaving the page waits for the draft
  const PARTING = 60000; // bytes that a browser sends for a page that is being closed
  let waits;
  let underway = null; // one keeping at a time
  let dirty = false;
  let stopped = false;
  const typed = () => new URLSearchParams(new FormData(form)).toString();
  const HEADERS = { 'Content-Type': 'application/x-www-form-urlencoded' };

  async function send() {
    const body = typed();
    dirty = false;
    try {
      const keepalive = body.length < PARTING;
      const answer = await fetch(form.dataset.draft, { method: 'POST', body, headers: HEADERS, keepalive, redirect: 'error' });
      const told = await answer.json();
      said.textContent = answer.ok ? told.saved : told.problem;
      if (answer.ok) revision.value = told.revision;
      // Saved elsewhere, or signed: trying again would not help, and nothing is overwritten.
      else if (answer.status === 409) stopped = true;
      else dirty = true; // refused as it stands: the next key tries again
    } catch {
      said.textContent = form.dataset.lost;
      dirty = true;
      later();
    }
  }

  async function keep() {
    await underway;
    if (underway || !dirty || stopped) return underway;
    underway = send();
    await underway;
    underway = null;
    return null;
  }

  function later() {
    clearTimeout(waits);
    waits = setTimeout(keep, REST);
  }

  form.addEventListener('input', () => {
    dirty = true;
    later();
  });

  // A button of the page leads on when the last words are kept: the next page shows them, and the
  // form is sent with the revision that holds. Before the listeners that take a button out of use.
  let waiting = false;
  let leaving = false;
  document.addEventListener('submit', (event) => {
    const sent = event.target;
    clearTimeout(waits);
    if (leaving || !(waiting || underway || (dirty && !stopped && sent !== form))) {
      stopped = stopped || sent === form;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (waiting) return; // pressed twice
    waiting = true;
    const late = new Promise((done) => { setTimeout(done, PATIENCE); });
    Promise.race([sent === form ? underway : keep(), late]).then(() => {
      waiting = false;
      leaving = true;
      sent.dataset.confirmed = ''; // it was asked already
      sent.requestSubmit(event.submitter);
      delete sent.dataset.confirmed;
      leaving = false;
    });
  }, true);

  // Leaving by a link, or a closed tab: what was typed last goes with the page, if it is not too
  // long for that; then the browser asks first.
  addEventListener('beforeunload', (event) => {
    if (dirty && !stopped && typed().length >= PARTING) event.preventDefault();
  });
  addEventListener('pagehide', () => {
    if (dirty && !stopped) navigator.sendBeacon(form.dataset.draft, new URLSearchParams(new FormData(form)));
  });
  // Back again, from the browser's memory: the draft has gone on meanwhile.
  addEventListener('pageshow', (event) => {
    if (event.persisted && !dirty) location.reload();
  });
})();
