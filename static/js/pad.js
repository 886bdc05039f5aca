// The drawn signature. Strokes are points [x, y, milliseconds since the first], kept as JSON in
// the form; drawn as vector paths. The drawing keeps its own measure, so turning the phone only
// shows it larger or smaller. ES2017.
document.addEventListener('DOMContentLoaded', () => {
  const form = document.querySelector('[data-sign]');
  if (!form) return;
  const SHORTEST = 30; // units of the drawing: a slip of the finger is no signature
  const SVG = 'http://www.w3.org/2000/svg';
  const find = (name) => document.querySelector(`[data-${name}]`);
  const dialog = document.getElementById('pad');
  const area = find('pad-area');
  const ink = find('pad-ink');
  const preview = find('pad-preview');
  const opener = find('pad-open');
  const named = find('signed'); // what the opener is called: the drawing covers it, but it is read out
  const unsigned = named.textContent;
  const kept = form.querySelector('[name="strokes"]');
  const refusal = find('pad-refusal');
  const said = find('pad-said');
  let strokes = [];
  let current = null;
  let started = 0;

  const read = () => {
    try {
      return JSON.parse(kept.value || '[]');
    } catch (error) {
      return [];
    }
  };
  const length = () => strokes.reduce((sum, points) => points.reduce((part, dot, i) => (
    i ? part + Math.hypot(dot[0] - points[i - 1][0], dot[1] - points[i - 1][1]) : part), sum), 0);

  // A smooth path through the middles of neighbouring points
  function path(points) {
    let d = `M${points[0][0]} ${points[0][1]}`;
    if (points.length === 1) return `${d}h.1`;
    for (let i = 1; i < points.length - 1; i += 1) {
      const [x, y] = points[i];
      const [nx, ny] = points[i + 1];
      d += `Q${x} ${y} ${(x + nx) / 2} ${(y + ny) / 2}`;
    }
    const last = points[points.length - 1];
    return `${d}L${last[0]} ${last[1]}`;
  }
  function draw(target) {
    while (target.firstChild) target.removeChild(target.firstChild);
    strokes.forEach((points) => {
      const line = document.createElementNS(SVG, 'path');
      line.setAttribute('d', path(points));
      target.appendChild(line);
    });
  }
  function show() {
    draw(preview);
    opener.classList.toggle('signed', strokes.length > 0);
    named.textContent = strokes.length ? named.dataset.signed : unsigned;
    if (!strokes.length) return;
    const xs = [].concat(...strokes).map((dot) => dot[0]);
    const ys = [].concat(...strokes).map((dot) => dot[1]);
    const left = Math.min(...xs) - 20;
    const top = Math.min(...ys) - 20;
    preview.setAttribute('viewBox', [left, top, Math.max(...xs) + 20 - left, Math.max(...ys) + 20 - top].join(' '));
  }

  // The measure of the drawing: the pad's own, and beyond it whatever was drawn before it was turned
  function measure() {
    const box = area.getBoundingClientRect();
    if (!box.width) return;
    const drawn = [].concat(...strokes);
    const left = Math.floor(Math.min(0, ...drawn.map((dot) => dot[0] - 10)));
    const top = Math.floor(Math.min(0, ...drawn.map((dot) => dot[1] - 10)));
    const width = Math.round(Math.max(box.width, ...drawn.map((dot) => dot[0] + 10)) - left);
    const height = Math.round(Math.max(box.height, ...drawn.map((dot) => dot[1] + 10)) - top);
    area.setAttribute('viewBox', [left, top, width, height].join(' '));
    find('pad-line').setAttribute('d', `M${left + 24} ${top + Math.round(height * 0.72)}H${left + width - 24}`);
  }
  function point(x, y) {
    const at = area.createSVGPoint();
    at.x = x;
    at.y = y;
    const dot = at.matrixTransform(area.getScreenCTM().inverse());
    if (!strokes.length && !current) started = Date.now();
    return [Math.round(dot.x * 10) / 10, Math.round(dot.y * 10) / 10, Date.now() - started];
  }
  function begin(x, y) {
    said.textContent = '';
    current = [point(x, y)];
    strokes.push(current);
    draw(ink);
  }
  function go(x, y) {
    const dot = point(x, y);
    const before = current[current.length - 1];
    if (dot[0] === before[0] && dot[1] === before[1]) return;
    current.push(dot);
    ink.lastChild.setAttribute('d', path(current));
  }
  const end = () => { current = null; };

  if (window.PointerEvent) {
    let finger = null;
    area.addEventListener('pointerdown', (event) => {
      if (current || !event.isPrimary || event.button > 0) return;
      finger = event.pointerId;
      area.setPointerCapture(finger);
      begin(event.clientX, event.clientY);
    });
    area.addEventListener('pointermove', (event) => {
      if (!current || event.pointerId !== finger) return;
      const parts = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
      (parts.length ? parts : [event]).forEach((part) => go(part.clientX, part.clientY));
    });
    ['pointerup', 'pointercancel', 'lostpointercapture'].forEach((name) => area.addEventListener(name, end));
  } else {
    area.addEventListener('touchstart', (event) => {
      event.preventDefault();
      if (!current) begin(event.touches[0].clientX, event.touches[0].clientY);
    }, { passive: false });
    area.addEventListener('touchmove', (event) => {
      event.preventDefault();
      if (current) go(event.touches[0].clientX, event.touches[0].clientY);
    }, { passive: false });
    ['touchend', 'touchcancel'].forEach((name) => area.addEventListener(name, end));
    area.addEventListener('mousedown', (event) => begin(event.clientX, event.clientY));
    area.addEventListener('mousemove', (event) => { if (current) go(event.clientX, event.clientY); });
    window.addEventListener('mouseup', end);
  }

  function open() {
    strokes = read();
    started = Date.now() - Math.max(0, ...[].concat(...strokes).map((dot) => dot[2]));
    said.textContent = '';
    document.documentElement.classList.add('still');
    if (dialog.showModal) dialog.showModal();
    else dialog.setAttribute('open', '');
    measure();
    draw(ink);
  }
  function close() {
    strokes = read();
    end();
    document.documentElement.classList.remove('still');
    if (dialog.close) dialog.close();
    else dialog.removeAttribute('open');
    show();
    opener.focus();
  }
  opener.addEventListener('click', open);
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    close();
  });
  find('pad-cancel').addEventListener('click', close);
  find('pad-undo').addEventListener('click', () => {
    strokes.pop();
    draw(ink);
    measure();
  });
  find('pad-clear').addEventListener('click', () => {
    strokes = [];
    draw(ink);
    measure();
  });
  find('pad-done').addEventListener('click', () => {
    if (length() < SHORTEST) {
      said.textContent = said.dataset.empty;
      return;
    }
    kept.value = JSON.stringify(strokes);
    refusal.hidden = true;
    close();
  });
  window.addEventListener('resize', () => {
    measure();
    draw(ink);
  });

  // Drawn or typed: the same signature, one panel at a time. Drawing is offered first, but never to
  // her who began to type before this file had come.
  const radios = [...form.querySelectorAll('[name="method"]')];
  const method = () => radios.find((radio) => radio.checked).value;
  const panels = () => ['drawn', 'typed'].forEach((name) => { document.getElementById(`by-${name}`).hidden = name !== method(); });
  const typed = document.getElementById('name');
  const begun = typed.value || typed === document.activeElement;
  const first = form.dataset.method || (begun ? 'typed' : 'drawn');
  radios.forEach((radio) => {
    radio.checked = radio.value === first;
    radio.addEventListener('change', panels);
  });
  find('ways').hidden = false;
  panels();
  strokes = read();
  show();
  form.addEventListener('submit', (event) => {
    if (method() === 'typed') {
      kept.value = '';
    } else if (!read().length) {
      event.preventDefault();
      refusal.hidden = false;
      opener.focus();
    }
  });
});
