"""What is wrong with a page that stands in a browser: WCAG 2.2 AA by axe, and its width."""

from importlib.resources import files

from playwright.sync_api import Page

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
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


def problems(page: Page) -> list[str]:
    """Return what axe and the width say about a page, in light and in dark.

    The page's window was opened with ``axe``.
    """
    found = []
    for theme, which in (("light", WCAG), ("dark", COLOURS)):
        page.emulate_media(color_scheme=theme)
        kind = "tag" if which is WCAG else "rule"
        seen = page.evaluate(RUN, {"type": kind, "values": which})
        found += [f"{theme}: {what}" for what in seen]
    return found + page.evaluate(TOO_WIDE)
