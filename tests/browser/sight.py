"""What is wrong with a page that stands in a browser: WCAG 2.2 AA by axe, width, broken lines."""

from importlib.resources import files

from playwright.sync_api import Page

# axe works out each colour of each element anew, a third of what a look costs; the same words are
# the same colour, so once a page is enough.
READ_ONCE = """
(() => {
  const colour = axe.commons.color.Color.prototype;
  const read = colour.parseString;
  const known = new Map();
  colour.parseString = function (words) {
    if (!known.has(words)) {
      const { r, g, b, alpha } = read.call(this, words);
      known.set(words, { r, g, b, alpha });
    }
    return Object.assign(this, known.get(words));
  };
})();
"""
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8") + READ_ONCE
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]  # all else is the same in the dark
# Without ``preload`` axe fetches no style sheet anew; the one rule that reads them is experimental.
RUN = """
async (which) => {
  const asked = { runOnly: which, resultTypes: ['violations'], preload: false };
  const found = await axe.run(document, asked);
  return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}`));
}
"""
# Wider than the window, or cut off inside a box that does not scroll.
TOO_WIDE = """
() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const wide = [...document.body.querySelectorAll('*')].filter(
    (e) => e.getBoundingClientRect().right > root.clientWidth + 1);
  return [`${root.scrollWidth} px wide: ` + wide.slice(-3).map(
    (e) => e.tagName.toLowerCase() + '.' + e.className).join(', ')];
}
"""
# A text in a strip so narrow that hardly a word fits on a line, or of a name hardly more than a
# character; the names of clinics may be long.
SQUEEZED = r"""
() => {
  const found = [];
  for (const box of document.body.querySelectorAll('p, h1, h2, h3, li, dd, td, span, a')) {
    const own = [...box.childNodes].filter((node) => node.nodeType === 3);
    const words = own.map((node) => node.data.trim()).join('');
    if (!words || box.closest('.brand, .word, .vh')) continue;
    const lines = new Set(own.flatMap((node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      return [...range.getClientRects()].map((line) => Math.round(line.top));
    })).size;
    const fits = words.length / lines;
    const [most, least] = words.length < 12 ? [2, 2] : [4, /[\u4e00-\u9fff]/.test(words) ? 3 : 6];
    if (lines > most && fits < least) found.push(`squeezed: ${words}`);
  }
  return found;
}
"""
# A date or a telephone number of which one part stands on the next line.
BROKEN = r"""
() => {
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    for (const number of texts.currentNode.data.matchAll(/\d+(-\d+)+/g)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, number.index);
      range.setEnd(texts.currentNode, number.index + number[0].length);
      const lines = new Set([...range.getClientRects()].map((line) => Math.round(line.top)));
      if (lines.size > 1) found.push(`on two lines: ${number[0]}`);
    }
  }
  return found;
}
"""


def problems(page: Page) -> list[str]:
    """Return what axe says about a page, in light and in dark, and what is too wide or narrow.

    The page's window was opened with ``axe``.
    """
    found = []
    for theme, which in (("light", WCAG), ("dark", COLOURS)):
        page.emulate_media(color_scheme=theme)
        kind = "tag" if which is WCAG else "rule"
        seen = page.evaluate(RUN, {"type": kind, "values": which})
        found += [f"{theme}: {what}" for what in seen]
    return [
        *found,
        *(what for look in (TOO_WIDE, SQUEEZED, BROKEN) for what in page.evaluate(look)),
    ]
