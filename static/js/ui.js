// Behaviour shared by every page; each part looks for its own data attribute. Every page works without it.
(() => {
  const all = (selector, from = document) => from.querySelectorAll(selector);
  const root = document.documentElement;

  function keep(key, value) {
    root.dataset[key] = value;
    try {
      localStorage.setItem(key, value);
    } catch {
      // Storage is switched off: the choice lasts for this page.
    }
  }

  function switches() {
    all('[data-theme-switch]').forEach((button) => button.addEventListener('click', () => {
      const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
      keep('theme', dark ? 'light' : 'dark');
    }));
    all('[name="text-size"]').forEach((radio) => {
      radio.checked = radio.value === (root.dataset.text || 'm');
      radio.addEventListener('change', () => keep('text', radio.value));
    });
    all('[data-print]').forEach((button) => button.addEventListener('click', () => print()));
  }

  // Menus made of <details>: a click or the keyboard's focus elsewhere, or Escape, closes them
  function menus() {
    const open = () => all('details[data-menu][open]');
    const leave = (event) => open().forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    document.addEventListener('click', leave);
    document.addEventListener('focusin', (event) => {
      if (event.target.matches(':focus-visible')) leave(event); // a press must not move what it is meant for
    });
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      open().forEach((menu) => {
        if (menu.contains(document.activeElement)) menu.querySelector('summary').focus();
        menu.open = false;
      });
    });
  }

  function dialogs() {
    all('[data-dialog]').forEach((button) => button.addEventListener('click', () => document.getElementById(button.dataset.dialog).showModal()));
    all('[data-close]').forEach((button) => button.addEventListener('click', () => button.closest('dialog').close()));
  }

  // A form or button with data-confirm asks first; the dialog's [data-yes] goes on with the same button
  function confirmations() {
    document.addEventListener('submit', (event) => {
      const form = event.target;
      const asked = event.submitter?.dataset.confirm || form.dataset.confirm;
      if (!asked || 'confirmed' in form.dataset) return;
      const dialog = document.getElementById(asked);
      if (!dialog) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      dialog.querySelector('[data-yes]').onclick = () => {
        dialog.close();
        form.dataset.confirmed = '';
        form.requestSubmit(event.submitter);
        delete form.dataset.confirmed;
      };
      dialog.showModal();
    }, true);
  }

  // One click is enough. A form that answers with a file says data-again and stays usable.
  function singleSubmit() {
    document.addEventListener('submit', (event) => {
      const form = event.target;
      if (event.defaultPrevented || form.method !== 'post' || 'again' in form.dataset) return;
      setTimeout(() => all('button:not([type="button"]), input[type="submit"]', form).forEach((button) => {
        if (button.disabled) return;
        button.disabled = true;
        button.dataset.sent = '';
      }));
    });
    const free = () => all('[data-sent]').forEach((button) => {
      button.disabled = false;
      delete button.dataset.sent;
    });
    addEventListener('pageshow', free);
    // The browser asked whether to leave, and the page is still there
    addEventListener('beforeunload', (event) => setTimeout(() => {
      if (event.defaultPrevented) free();
    }));
  }

  // Toasts of the server are put in again after loading, so that a screen reader says them
  function toasts() {
    const region = document.querySelector('.toasts');
    if (!region) return;
    const said = [...region.children];
    region.replaceChildren();
    setTimeout(() => region.append(...said), 150);
    let from = null; // where the focus was before it came here
    region.addEventListener('focusin', (event) => {
      if (!region.contains(event.relatedTarget)) from = event.relatedTarget;
    });
    region.addEventListener('click', (event) => {
      if (!event.target.closest('[data-dismiss]')) return;
      event.target.closest('.toast').remove();
      (from || document.getElementById('main')).focus({ preventScroll: true });
    });
  }

  function tabs() {
    all('[role="tab"]').forEach((tab) => {
      tab.tabIndex = tab.getAttribute('aria-selected') === 'true' ? 0 : -1;
      tab.addEventListener('click', () => {
        for (const other of tab.parentElement.children) {
          const chosen = other === tab;
          other.setAttribute('aria-selected', chosen);
          other.tabIndex = chosen ? 0 : -1;
          document.getElementById(other.getAttribute('aria-controls')).hidden = !chosen;
        }
      });
    });
    all('[role="tablist"]').forEach((list) => list.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 'nextElementSibling', ArrowLeft: 'previousElementSibling' }[event.key];
      const next = step && event.target[step];
      if (next) { next.focus(); next.click(); }
    }));
  }

  // <select data-filter-by="id of the county select">: only options with the same data-county remain
  function dependentSelects() {
    all('select[data-filter-by]').forEach((select) => {
      const source = document.getElementById(select.dataset.filterBy);
      if (!source) return;
      const everything = [...select.children];
      const options = [...all('option', select)];
      const filter = () => {
        const county = source.value;
        const kept = select.value;
        if (county) {
          select.replaceChildren(...options.filter((option) => !option.value || countyOf(option) === county));
        } else {
          options.forEach((option) => homes.get(option).append(option));
          select.replaceChildren(...everything);
        }
        select.value = options.some((option) => option.isConnected && option.value === kept) ? kept : '';
      };
      const homes = new Map(options.map((option) => [option, option.parentElement]));
      const counties = new Map(options.map((option) => [option, option.dataset.county || option.parentElement.dataset.county]));
      const countyOf = (option) => counties.get(option);
      source.addEventListener('change', filter);
      filter();
    });
  }

  // A button that ticks every box of a group and says so beside it, as long as it is true
  function tickAll() {
    all('[data-tick-all]').forEach((button) => {
      const group = document.getElementById(button.dataset.tickAll);
      const line = button.nextElementSibling;
      button.addEventListener('click', () => {
        all('input[type="checkbox"]', group).forEach((box) => { box.checked = true; });
        line.textContent = line.dataset.said;
      });
      group.addEventListener('change', () => { line.textContent = ''; });
    });
  }

  // The whole name of a chosen file, which the browser may shorten
  function fileNames() {
    all('input[type="file"]').forEach((input) => input.addEventListener('change', () => {
      const line = document.querySelector(`[data-file-of="${CSS.escape(input.id)}"]`);
      if (!line) return;
      line.textContent = [...input.files].map((file) => `${file.name} (${(file.size / 1048576).toFixed(1)} MB)`).join(', ');
      line.hidden = !input.files.length;
    }));
  }

  switches();
  menus();
  dialogs();
  confirmations();
  singleSubmit();
  toasts();
  tabs();
  dependentSelects();
  tickAll();
  fileNames();
  // What was wrong in a form stands in the answer to a POST, which Back would ask to send anew
  history.replaceState(history.state, '', location.href);
  document.querySelector('.error-summary, #preview, #main > [role="alert"]')?.focus();
})();
