"""A drawn signature as a picture: strokes are kept as points, drawn as vector paths."""

import base64

MARGIN = 10


Stroke = list[list[float]]  # points: x, y, milliseconds


def svg_data_uri(strokes: list[Stroke]) -> str:
    """Return the strokes as an SVG data URI; "" for none. Only numbers reach the picture."""
    points = [(float(x), float(y)) for stroke in strokes for x, y, _ms in stroke]
    if not points:
        return ""
    left, top = (min(axis) - MARGIN for axis in zip(*points, strict=True))
    right, bottom = (max(axis) + MARGIN for axis in zip(*points, strict=True))
    paths = "".join(f'<path d="{_path(stroke)}"/>' for stroke in strokes if stroke)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:g} {top:g} {right - left:g} '
        f'{bottom - top:g}"><g fill="none" stroke="#1b2829" stroke-width="2.5" '
        f'stroke-linecap="round" stroke-linejoin="round">{paths}</g></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _path(stroke: Stroke) -> str:
    first, *rest = ((float(x), float(y)) for x, y, _ms in stroke)
    moves = "".join(f"L{x:g} {y:g}" for x, y in rest) or "h.1"
    return f"M{first[0]:g} {first[1]:g}{moves}"
