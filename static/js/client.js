// The client's pages, all of them. Each part looks for its own data attribute; without this file
// everything but reading aloud and text size still works. ES2017: phones of 2019 read it.
(() => {
  const root = document.documentElement;
  root.classList.add('js');

  // Kept choice of text size, before the first paint; storage may be switched off
  const kept = (value) => {
    try {
      if (value) localStorage.setItem('text', value);
      return localStorage.getItem('text');
    } catch (error) {
      return value;
    }
  };
  if (kept()) root.dataset.text = kept();

  // What only this tab knows: '' forgets it; storage may be switched off
  const ofTab = (key, value) => {
    try {
      if (value) sessionStorage.setItem(key, value);
      else if (value === '') sessionStorage.removeItem(key);
      return sessionStorage.getItem(key);
    } catch (error) {
      return null;
    }
  };
  const forgetTab = () => {
    try {
      sessionStorage.clear();
    } catch (error) { /* nothing was kept */ }
  };

  const all = (selector) => [...document.querySelectorAll(selector)];
  const on = (selector, event, run) => all(selector).forEach((part) => part.addEventListener(event, (e) => run(part, e)));
  const lacksDialogs = typeof HTMLDialogElement === 'undefined' || !HTMLDialogElement.prototype.showModal;

  function textSize() {
    on('[name="text-size"]', 'change', (radio) => {
      root.dataset.text = radio.value;
      kept(radio.value);
    });
    all('[name="text-size"]').forEach((radio) => { radio.checked = radio.value === (root.dataset.text || 'm'); });
  }

  // A browser without dialogs follows the address to the same words instead
  function dialogs() {
    if (lacksDialogs) return;
    on('[data-dialog]', 'click', (link, event) => {
      event.preventDefault();
      document.getElementById(link.dataset.dialog).showModal();
    });
    on('[data-close]', 'click', (link, event) => {
      event.preventDefault();
      const dialog = link.closest('dialog');
      if (dialog.open) dialog.close();
      else location.hash = 'main';
    });
  }

  const printing = () => on('[data-print]', 'click', () => print());

  // Away at once: nothing typed stays, nothing is shown while the other page loads
  function leave() {
    on('[data-leave]', 'click', (link, event) => {
      event.preventDefault();
      root.classList.add('left');
      document.title = '';
      if (window.speechSynthesis) speechSynthesis.cancel();
      forgetTab();
      all('input:not([type="hidden"]), textarea').forEach((field) => {
        field.value = '';
        field.checked = false;
      });
      all('[name="strokes"]').forEach((field) => { field.value = ''; });
      // The links' cookies go too: the way back through the history opens nothing.
      if (navigator.sendBeacon) navigator.sendBeacon(link.dataset.leave);
      location.replace(link.href);
    });
  }

  // The device's own voice, sentence by sentence: some voices stop after a long text
  function readAloud() {
    all('[data-read]').forEach((button) => {
      if (!window.speechSynthesis) {
        button.hidden = true;
        return;
      }
      const label = button.querySelector('span');
      const start = label.textContent;
      let left = 0;
      const stop = () => {
        left = 0;
        label.textContent = start;
        speechSynthesis.cancel();
      };
      button.addEventListener('click', () => {
        if (left) return stop();
        speechSynthesis.cancel();
        const text = document.getElementById(button.dataset.read).innerText;
        const sentences = text.match(/[^。！？；.!?\n]+[。！？；.!?]*/g) || [];
        left = sentences.length;
        if (left) label.textContent = button.dataset.stop;
        sentences.forEach((sentence) => {
          const words = new SpeechSynthesisUtterance(sentence);
          words.lang = root.lang.startsWith('zh') ? 'zh-TW' : 'en-GB';
          words.onend = () => { if (left && !(left -= 1)) stop(); };
          words.onerror = () => { if (left) stop(); };
          speechSynthesis.speak(words);
        });
      });
      window.addEventListener('pagehide', stop);
    });
  }

  // Words typed and not sent stay in this tab, whatever comes between: the other language, the
  // easy-read version, a link that has to be opened again. They go when the next page has come,
  // which only who has proven her birth date sees.
  function drafts() {
    const sent = ofTab('sent');
    const onward = 'proven' in document.body.dataset;
    if (sent && onward && !sent.startsWith(`draft ${location.pathname} `)) ofTab(sent, '');
    ofTab('sent', '');
    all('textarea').forEach((field) => {
      const key = `draft ${location.pathname} ${field.name}`;
      const part = field.closest('[data-when]');
      const radio = part && document.querySelector(`[name="${part.dataset.when}"][value="${part.dataset.is}"]`);
      if (ofTab(key)) {
        field.value = ofTab(key);
        if (radio) radio.checked = true;
      }
      field.form.addEventListener('input', () => ofTab(key, radio && !radio.checked ? '' : field.value));
      field.form.addEventListener('submit', () => ofTab('sent', key));
    });
  }

  // The field for a question shows only when asking is chosen
  function questionField() {
    all('[data-when]').forEach((part) => {
      const radios = all(`[name="${part.dataset.when}"]`);
      const show = (focus) => {
        const chosen = radios.find((radio) => radio.checked);
        part.hidden = !chosen || chosen.value !== part.dataset.is;
        if (focus && !part.hidden) part.querySelector('textarea').focus();
      };
      radios.forEach((radio) => radio.addEventListener('click', (event) => show(event.detail > 0)));
      radios.forEach((radio) => radio.addEventListener('change', () => show(false)));
      show(false);
    });
  }

  // An answer is kept at the tap, one after the other; "next" waits for the last one.
  // The server says 204 when it kept it; any other answer leaves it to "next". Only of the answer
  // that is chosen now, and once it was kept, do the words say that it is saved.
  let keeping = null;
  function keepAnswers() {
    const said = document.querySelector('[data-saved]');
    const unsaved = said && said.textContent;
    const say = (words) => {
      said.style.minHeight = `${said.getBoundingClientRect().height}px`; // "next" stays under the finger
      said.textContent = words;
    };
    on('form[data-keep]', 'change', (form, event) => {
      const radio = event.target;
      if (radio.name !== 'choice' || !window.fetch) return;
      say(radio.value === 'ask' ? unsaved : '');
      if (radio.value === 'ask') return;
      const body = new FormData(form);
      const send = () => fetch(form.action, {
        method: 'POST', body, credentials: 'same-origin', redirect: 'manual', headers: { 'X-Keep': '1' },
      }).then((answer) => answer.status === 204, () => false).then((kept) => {
        const at = new Date().toTimeString().slice(0, 5);
        if (radio.checked) say(kept ? said.dataset.saved.replace('00:00', at) : unsaved);
      });
      const mine = (keeping || Promise.resolve()).then(send);
      keeping = mine;
      mine.then(() => { if (keeping === mine) keeping = null; });
    });
  }

  // Fifty taps are one submit
  function submitOnce() {
    const buttons = (form) => [...form.querySelectorAll('button:not([type="button"])')];
    document.addEventListener('submit', (event) => {
      const form = event.target;
      if (event.defaultPrevented) return;
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = '1';
      buttons(form).forEach((button) => button.setAttribute('aria-disabled', 'true'));
      if (keeping && 'keep' in form.dataset) {
        event.preventDefault();
        const late = new Promise((done) => { setTimeout(done, 4000); });
        Promise.race([keeping, late]).then(() => form.submit());
      }
    });
    window.addEventListener('pageshow', () => all('form[data-sent]').forEach((form) => {
      delete form.dataset.sent;
      buttons(form).forEach((button) => button.removeAttribute('aria-disabled'));
    }));
  }

  document.addEventListener('DOMContentLoaded', () => {
    textSize();
    dialogs();
    printing();
    leave();
    readAloud();
    drafts();
    questionField();
    keepAnswers();
    submitOnce();
    // What was wrong in a form stands in the answer to a POST, which Back would ask to send anew
    history.replaceState(history.state, '', location.href);
    const said = document.querySelector('[role="alert"][tabindex]');
    if (said) said.focus();
  });
})();
