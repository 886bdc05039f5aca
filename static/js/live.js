// The live page and the note: a clock to the second, and a draft that is kept while one types.
// Without this script the buttons "keep the draft" and "undo" do the same.
(() => {
  const clock = document.querySelector('[data-clock]');
  if (clock) {
    const began = Date.now() - Number(clock.dataset.clock) * 1000;
    const two = (number) => String(number).padStart(2, '0');
    const show = () => {
      const seconds = Math.floor((Date.now() - began) / 1000);
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
  let waits;
  let busy = false;
  let dirty = false;
  let stopped = false;

  async function keep() {
    if (busy || !dirty || stopped) return;
    busy = true;
    dirty = false;
    try {
      const answer = await fetch(form.dataset.draft, { method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'error' });
      const told = await answer.json();
      if (answer.ok) {
        revision.value = told.revision;
        said.textContent = told.saved;
      } else {
        // Saved elsewhere, or refused: trying again would not help, and nothing is overwritten.
        said.textContent = told.problem;
        stopped = answer.status === 409;
        dirty = !stopped;
      }
    } catch {
      said.textContent = form.dataset.lost;
      dirty = true;
    }
    busy = false;
    if (dirty && !stopped) later();
  }

  function later() {
    clearTimeout(waits);
    waits = setTimeout(keep, REST);
  }

  form.addEventListener('input', () => {
    dirty = true;
    later();
  });
  form.addEventListener('submit', () => {
    clearTimeout(waits);
    stopped = true;
  });
  // Leaving by a tap on an event, or a closed tab: what was typed last goes with the page.
  addEventListener('pagehide', () => {
    if (dirty && !stopped && navigator.sendBeacon) navigator.sendBeacon(form.dataset.draft, new URLSearchParams(new FormData(form)));
  });
})();
