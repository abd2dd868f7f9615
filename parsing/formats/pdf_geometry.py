"""Places on a page of a PDF: in points from the upper left corner of the page as it is shown."""

import ctypes
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

_EDGE = 2.0
"""Points by which the rules around a cell may lie inside of what it shows."""
_MOST_CLIPS = 10
_MOST_CORNERS = 20
"""Of the paths that clip an object: rectangles, nearly always."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `y0` is its upper edge."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    def nearest(self, x: float, y: float) -> tuple[float, float]:
        """The point inside, and not just at an edge, that is nearest to a point."""
        edge = min(_EDGE, self.width / 2, self.height / 2)
        return min(max(x, self.x0 + edge), self.x1 - edge), min(max(y, self.y0 + edge), self.y1 - edge)

    def within(self, other: "Box") -> "Box":
        """What two rectangles have in common; without any width or height where they do not meet."""
        x0, y0 = max(self.x0, other.x0), max(self.y0, other.y0)
        return Box(x0, y0, max(min(self.x1, other.x1), x0), max(min(self.y1, other.y1), y0))

    def holds(self, x: float, y: float, slack: float = 0.0) -> bool:
        return self.x0 - slack <= x <= self.x1 + slack and self.y0 - slack <= y <= self.y1 + slack


class Frame:
    """Turns pdfium's places (from the lower left, before the page is turned) into ours."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.turn = page.get_rotation()
        self.left, self.bottom, self.right, self.top = page.get_cropbox()
        self.width, self.height = page.get_size()

    def point(self, x: float, y: float) -> tuple[float, float]:
        if self.turn == 90:
            return y - self.bottom, x - self.left
        if self.turn == 180:
            return self.right - x, y - self.bottom
        if self.turn == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        (a, b), (c, d) = self.point(x0, y0), self.point(x1, y1)
        return Box(min(a, c), min(b, d), max(a, c), max(b, d))


Matrix = tuple[float, float, float, float, float, float]


def matrix_of(thing: Any) -> Matrix:
    m = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(thing, m)
    return m.a, m.b, m.c, m.d, m.e, m.f


def moved(x: float, y: float, matrix: Matrix | None) -> tuple[float, float]:
    if matrix is None:
        return x, y
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def bounds_of(thing: Any, matrix: Matrix | None, frame: Frame) -> Box | None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
        return None
    return frame.box(*moved(left.value, bottom.value, matrix), *moved(right.value, top.value, matrix))


def clip_of(thing: Any, frame: Frame) -> Box | None:
    """The part of the page in which an object is shown (ISO 32000-1, 8.5.4); None where it is not clipped."""
    clip = raw.FPDFPageObj_GetClipPath(thing)
    box: Box | None = None
    for n in range(min(max(raw.FPDFClipPath_CountPaths(clip), 0), _MOST_CLIPS)):
        found = _bounds_of_path(clip, n, frame)
        if found is not None:
            box = found if box is None else box.within(found)
    return box


def _bounds_of_path(clip: Any, n: int, frame: Frame) -> Box | None:
    xs, ys = [], []
    x, y = ctypes.c_float(), ctypes.c_float()
    for k in range(min(raw.FPDFClipPath_CountPathSegments(clip, n), _MOST_CORNERS)):
        raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(clip, n, k), x, y)
        xs.append(x.value)
        ys.append(y.value)
    return frame.box(min(xs), min(ys), max(xs), max(ys)) if xs else None
