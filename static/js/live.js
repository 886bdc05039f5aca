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
  let began = 0; // when it began
  let dirty = 'unkept' in form.dataset; // typed, and not kept yet
  let stopped = false; // signed meanwhile: trying again would not help
  let refused = false; // the last try kept nothing: nothing goes with the page, so it asks
  let signedOut = false; // says the last answer: the form's own way keeps the words until she is back
  let sent = false; // with its own button
  let joined = 0; // how often words of another window came in
  let composing = false;
  let entry = { draft: history.state?.draft }; // how this page was left; null once it is typed in
  const textareas = () => [...form.querySelectorAll('textarea')];
  const characters = () => textareas().reduce((sum, box) => sum + [...box.value].length, 0);
  const tooLong = () => characters() > Number(form.dataset.most);
  const typed = () => new URLSearchParams(new FormData(form)).toString();
  // Which window sends, and its number in their order: the next draft replaces its last one, whether or
  // not an answer came. Whatever the form sends carries it.
  const page = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  let sequence = 0;
  let again = null; // what went with the page when it was left, to be sent as that very draft
  form.addEventListener('formdata', ({ formData }) => {
    if (!again) sequence += 1;
    Object.entries(again || { page, sequence }).forEach(([name, value]) => formData.set(name, value));
    again = null;
  });
  // In the history's entry of this page: what became of the words that a browser may bring back
  const remember = (parting) => history.replaceState({ ...history.state, draft: { dirty, revision: revision.value, parting } }, '');
  const HEADERS = { 'Content-Type': 'application/x-www-form-urlencoded' };

  // Words of another window came in: above hers, and what she typed meanwhile stays behind them.
  async function join(before, note) {
    if (composing) await new Promise((done) => { form.addEventListener('compositionend', done, { once: true }); });
    joined += 1;
    Object.entries(note).forEach(([name, text]) => {
      const box = form.elements[name];
      const old = before.get(name).trimEnd();
      if (box.value === text) return;
      const behind = box.value.length - box.selectionEnd;
      box.value = box.value.startsWith(old) ? text + box.value.slice(old.length) : `${text}\n${box.value}`;
      const caret = box.value.length - behind;
      if (box === document.activeElement) box.setSelectionRange(caret, caret);
    });
  }

  function say(words, loud) {
    said.textContent = words;
    said.classList.toggle('muted', !loud);
  }

  function kept(told) {
    revision.value = told.revision;
    if (!form.elements.restored) return;
    form.elements.restored.remove(); // the note holds them now: nothing waits that could be thrown away
    document.querySelector('[form="start-empty"]').parentElement.remove();
  }

  async function send() {
    signedOut = false;
    if (tooLong()) { // the next key tries again
      say(form.dataset.long, true);
      refused = true;
      return;
    }
    const before = new Map([...form.elements].map((box) => [box.name, box.value]));
    const body = typed();
    began = Date.now();
    dirty = false;
    try {
      const keepalive = body.length < PARTING;
      const answer = await fetch(form.dataset.draft, { method: 'POST', body, headers: HEADERS, keepalive, redirect: 'manual' });
      signedOut = answer.type === 'opaqueredirect';
      const told = await answer.json();
      if (told.note) await join(before, told.note);
      if (answer.ok) kept(told);
      say(answer.ok ? told.saved : told.problem, !answer.ok || told.note);
      refused = !answer.ok;
      dirty ||= refused; // as it stands: the next key tries again
      stopped = answer.status === 409;
    } catch {
      say(form.dataset.lost, true);
      refused = true;
      dirty = true;
      later();
    }
    remember();
  }

  async function keep() {
    clearTimeout(waits);
    await underway;
    if (underway || !dirty || stopped || sent) return underway;
    underway = send();
    await underway;
    underway = null;
    return null;
  }

  function later() {
    clearTimeout(waits);
    waits = setTimeout(keep, REST);
  }

  function touch() {
    entry = null;
    if (!dirty) {
      dirty = true;
      remember();
    }
    later();
  }

  // Words that the browser put back into the boxes. Those not kept yet are sent as they were begun,
  // so that what was written elsewhere since stays; where they were kept, the note itself is newer.
  function takeUp() {
    const boxes = textareas();
    if (!entry || dirty || boxes.every((box) => box.value === box.defaultValue)) return;
    const { draft } = entry;
    if (draft && !draft.dirty) {
      boxes.forEach((box) => { box.value = box.defaultValue; });
      return;
    }
    if (draft) revision.value = draft.revision;
    say('');
    touch();
    again = draft?.parting; // it may have arrived: what was deleted since does not come back
    if (again) keep();
  }

  form.addEventListener('input', touch);
  form.addEventListener('compositionstart', () => { composing = true; });
  form.addEventListener('compositionend', () => { composing = false; });
  takeUp();
  if (dirty && !form.elements.restored) later(); // what waits after a time-out may be thrown away first
  remember();

  // The form goes its own way: what is typed from now on would be left behind unseen.
  function part(gone) {
    sent = gone;
    textareas().forEach((box) => { box.readOnly = gone; });
  }

  // A button of the page leads on when the last words are kept: the next page shows them, and the
  // form is sent with the revision that holds. One that only keeps them leads nowhere, and neither
  // does a signature under words that could not be kept, or that she has not read.
  // Before the listeners that take a button out of use.
  let waiting = false;
  let leaving = false;
  document.addEventListener('submit', (event) => {
    const { target, submitter } = event;
    const own = target === form;
    const keeps = own && submitter?.name === 'keep';
    const thrown = target.id === 'start-empty';
    if (thrown) dirty = false;
    if (leaving || thrown || !(keeps || waiting || underway || (dirty && !stopped))) {
      if (own) part(true);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (waiting) return; // pressed twice
    waiting = true;
    dirty ||= keeps;
    const late = new Promise((done) => { setTimeout(done, PATIENCE, 'late'); });
    const seen = joined;
    Promise.race([keep(), late]).then((ended) => {
      waiting = false;
      if (keeps && ended === 'late') say(form.dataset.lost, true);
      if (own && !signedOut && (keeps || joined > seen || (refused && !stopped))) {
        said.scrollIntoView({ block: 'center' });
        return;
      }
      leaving = true;
      target.dataset.confirmed = ''; // it was asked already
      try {
        target.requestSubmit(submitter);
      } finally {
        delete target.dataset.confirmed;
        leaving = false;
      }
    });
  }, true);

  // Leaving by a link, or a closed tab: what was typed last goes with the page. If it is too long
  // for that, was not kept the last time, or hangs on its way, the browser asks first. Whoever stays
  // finds the timer still running.
  const hangs = () => underway && Date.now() - began > PATIENCE;
  const unsure = () => !sent && (hangs() || ((dirty || underway) && (refused || typed().length >= PARTING)));
  let ringing = false;
  addEventListener('beforeunload', (event) => {
    if (unsure() && !ringing) event.preventDefault();
  });
  // Danger waits for no question: a call does not leave the page, though the browser takes it for
  // leaving, and a page of the crisis opens beside words that would be lost.
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="tel:"], a[href*="/crisis/"]');
    if (!link) return;
    if (link.protocol !== 'tel:') {
      link.target = unsure() ? '_blank' : '';
      return;
    }
    ringing = true;
    setTimeout(() => { ringing = false; }, 1000);
  }, true);
  addEventListener('pagehide', () => {
    const looked = form.elements.restored && entry; // what waits after a time-out was only looked at
    if (!dirty || sent || stopped || looked) return;
    const parting = new FormData(form);
    remember({ page: parting.get('page'), sequence: parting.get('sequence') });
    navigator.sendBeacon(form.dataset.draft, new URLSearchParams(parting));
  });
  // Back again, from the browser's memory: the draft has gone on meanwhile.
  addEventListener('pageshow', (event) => {
    part(false);
    takeUp();
    if (event.persisted && !dirty) location.reload();
  });
})();
