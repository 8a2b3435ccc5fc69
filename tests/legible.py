"""What a reader sees of a figure, and whether it can be read."""

from __future__ import annotations

import itertools

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox


def texts(figure: Figure) -> list[Text]:
    """The texts that a reader sees, with their places computed."""
    FigureCanvasAgg(figure).draw()
    hidden: set[Text] = set()
    for axes in figure.axes:
        for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            # Matplotlib keeps the labels of ticks beyond the limits, and of axes that are off, but does not draw them.
            for tick in axis.get_major_ticks():
                if not axes.axison or not low <= tick.get_loc() <= high:
                    hidden.update(tick.findobj(Text))
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text() and text not in hidden]


def words(figure: Figure) -> list[str]:
    return [text.get_text() for text in texts(figure)]


def overlap(one: Bbox, other: Bbox) -> bool:
    """Whether two boxes share more than a pixel in each direction."""
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    return width > 1 and height > 1


def check_legible(figure: Figure) -> None:
    """No text lies on another or beyond the edge, and none is smaller than the 6 points that can be read in print."""
    seen = texts(figure)
    places = [(text.get_text(), text.get_window_extent()) for text in seen]
    assert len(places) > 10
    for (one, at), (other, there) in itertools.combinations(places, 2):
        assert not overlap(at, there), f"{one!r} lies on {other!r}"
    width, height = figure.get_size_inches() * figure.dpi
    for text, at in places:
        assert at.x0 >= 0, text
        assert at.y0 >= 0, text
        assert at.x1 <= width, text
        assert at.y1 <= height, text
    assert min(text.get_fontsize() for text in seen) >= 6
