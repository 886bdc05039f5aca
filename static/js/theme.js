// Read before the first paint: the person's own choice of theme and text size.
(() => {
  const root = document.documentElement;
  root.classList.add('js');
  try {
    for (const key of ['theme', 'text']) {
      const kept = localStorage.getItem(key);
      if (kept) root.dataset[key] = kept;
    }
  } catch {
    // Storage is switched off in this browser; the system's choice holds.
  }
})();
