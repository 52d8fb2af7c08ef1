"""While a run plays, marks and lines are moved between whole draws: the picture is that of a whole draw."""

from itertools import pairwise

import pytest

from tests.browser.app import App, eventually

TITLES = {"Character embedding": 1.0, "Loss curve": 1.0}  # pixels: Plotly leaves points of a line out, quick does not

GEOMETRY = """
const geometry = (plot) => [...plot.querySelectorAll(".scatterlayer > .trace")].map((group) => ({
  points: [...group.querySelectorAll(".point")].map((point) => numbers(point.getAttribute("transform"))),
  names: [...group.querySelectorAll(".textpoint > text")].map((name) =>
    [name.textContent, Number(name.getAttribute("x")), Number(name.getAttribute("y"))]),
  lines: [...group.querySelectorAll(".js-line")].flatMap((line) => line.getAttribute("d").match(/M[^M]+/g) ?? [])
    .map((piece) => pairs(numbers(piece))),
}));
const numbers = (text) => text.match(/-?[0-9.]+/g).map(Number);
const pairs = (list) => list.flatMap((x, i) => (i % 2 ? [] : [[x, list[i + 1]]]));
"""

# A state as the server would send it next: every number a little further on, the lines a point longer.
BOTH_PICTURES = """async (plot) => {
  const { move } = await import(new URL("live/quick.js", document.baseURI));
  const layout = {};
  const state = () =>
    plot._fullData.map(({ x = [], y = [], text, visible }) => ({ x: [...x], y: [...y], text, visible }));
  const [before, now] = [state(), state()];
  for (const [i, trace] of now.entries()) {
    trace.y = trace.y.map((y) => (y === null ? null : 0.98 * y + 0.01));
    const marks = plot._fullData[i].mode?.includes("markers");
    trace.x = trace.x.map((x) => (marks ? 0.97 * x : x));
    if (plot._fullData[i].mode !== "lines" || trace.x.includes(null)) continue;
    trace.x.push(trace.x.at(-1) + 1);
    trace.y.push(trace.y.at(-2));
  }
  for (const [i, trace] of now.entries()) {
    trace.text = before[i].text = plot._fullData[i].text;
    const still = plot._fullData[i].mode === "lines+text" || before[i].x.every((x) => x === null);
    if (still) now[i] = before[i]; // names of levels, and what is there for the legend alone
  }
  const moved = move(plot, { layout, data: before }, { layout, data: now });
  const quick = geometry(plot);
  const hover = plot.calcdata.map((points) => points.map(({ x, y }) => [x, y]));
  await Plotly.react(plot, plot.data.map((trace, i) => ({ ...trace, x: now[i].x, y: now[i].y })), plot.layout);
  const read = plot.calcdata.map((points) => points.map(({ x, y }) => [x, y]));
  const ofMarks = (list) => list.filter((_, i) => plot._fullData[i].mode?.includes("markers"));
  const { xaxis, yaxis } = plot._fullLayout;
  const size = [xaxis._length, yaxis._length];
  return { moved, size, quick, whole: geometry(plot), hover: ofMarks(hover), read: ofMarks(read) };
}"""


@pytest.fixture
def trained(app: App) -> App:
    app.open()
    app.press("Play")
    eventually(lambda: int(app.text("Step").replace(",", "")) > 3000, "a curve")
    app.press("Pause")
    drawn: list[int] = []

    def at_rest() -> bool:
        """No chart has drawn for a while: the last losses of the curve have come."""
        app.page.wait_for_timeout(300)
        drawn.append(sum(app.draws(title) for title in TITLES))
        return len(drawn) > 4 and len(set(drawn[-4:])) == 1

    eventually(at_rest, "charts at rest")
    return app


def test_a_quick_picture_is_that_of_a_whole_draw(trained: App) -> None:
    for title in TITLES:
        compare(trained, title)


def compare(trained: App, title: str) -> None:
    plot = trained.page.get_by_role("figure", name=title).locator(".js-plotly-plot")
    both = plot.evaluate(f"async (plot) => {{ {GEOMETRY} return ({BOTH_PICTURES})(plot); }}")
    assert both["moved"]
    assert both["hover"] == both["read"], "the hover reads the numbers that are shown"
    for quick, whole in zip(both["quick"], both["whole"], strict=True):
        assert quick["points"] == whole["points"]
        assert quick["names"] == whole["names"]
        for mine, theirs in zip(quick["lines"], whole["lines"], strict=True):
            assert all(distance(point, mine) <= TITLES[title] for point in seen(theirs, both["size"]))
            assert all(distance(point, theirs) <= TITLES[title] for point in seen(mine, both["size"]))


def seen(line: list[tuple[float, float]], size: list[float]) -> list[tuple[float, float]]:
    """The points of a line that are within the axes: what leads out of them Plotly cuts where it likes."""
    return [(x, y) for x, y in line if 0 <= x <= size[0] and 0 <= y <= size[1]]


def distance(point: tuple[float, float], line: list[tuple[float, float]]) -> float:
    """From a point to a broken line, in pixels."""

    def to_part(a: tuple[float, float], b: tuple[float, float]) -> float:
        (x, y), (ax, ay), (bx, by) = point, a, b
        length = (bx - ax) ** 2 + (by - ay) ** 2
        along = max(0.0, min(1.0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) if length else 0.0
        return ((x - ax - along * (bx - ax)) ** 2 + (y - ay - along * (by - ay)) ** 2) ** 0.5

    return min(to_part(a, b) for a, b in pairwise(line))


CHANGES = [
    "now.data[0] = { ...now.data[0], name: 'another' }",
    "now.data[0] = { ...now.data[0], x: [1], y: [1] }",
    "now.data[0] = { ...now.data[0], y: now.data[0].y.map(() => null) }",
    "now.data[0] = { ...now.data[0], visible: false }",
    "now.layout = {}",
    "now.data.pop()",
]


def test_what_cannot_be_moved_is_left_to_a_whole_draw(trained: App) -> None:
    for change in CHANGES:
        check_left(trained, change)


def check_left(trained: App, change: str) -> None:
    plot = trained.page.get_by_role("figure", name="Character embedding").locator(".js-plotly-plot")
    moved, same = plot.evaluate(
        """async (plot, change) => {
          const { move } = await import(new URL("live/quick.js", document.baseURI));
          const data = plot._fullData.map(({ x, y, text, visible }) => ({ x, y, text, visible }));
          const before = { layout: {}, data };
          const now = { layout: before.layout, data: [...data] };
          new Function("now", change)(now);
          const html = plot.innerHTML;
          return [move(plot, before, now), plot.innerHTML === html];
        }""",
        change,
    )
    assert not moved, change
    assert same, f"nothing is moved by halves: {change}"
