// Between two whole draws only marks and lines move: Plotly looks through every attribute of a chart at each draw, which
// takes many times as long. Pictures are those of a whole draw, or nothing is done and the caller draws whole.

const MOVES = new Set(["x", "y", "customdata", "text"]);
const FAR = 20000; // pixels: Plotly cuts off a line that leads further away

// Whether the step from one state of a chart to the next could be drawn by moving what is there. What has not changed is
// the same object in both.
export function move(plot, before, now) {
  if (before.layout !== now.layout || before.data?.length !== now.data?.length || plot._dragging) return false;
  const moved = (now.data ?? []).map((state, i) => [plot.calcdata?.[i], before.data[i], state]);
  const changed = moved.filter(([, was, is]) => was !== is);
  const steps = changed.map(([drawn, was, is]) => plan(plot, drawn, was, is));
  if (!steps.every(Boolean)) return false;
  for (const go of steps) go();
  return true;
}

// What to do to one trace, as a function; null where it cannot be moved.
function plan(plot, drawn, was, is) {
  const trace = drawn?.[0]?.trace;
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  if (keys.some((key) => was[key] !== is[key] && !MOVES.has(key))) return null;
  if (trace?.type === "scatter" && trace.visible === false && is.visible === false) return () => {};
  const group = drawn?.[0]?.node3?.node();
  if (!group || trace.type !== "scatter" || trace.visible !== true || trace.fill !== "none") return null;
  const [across, up] = places(plot._fullLayout, trace, is);
  if (trace.mode === "lines") return planLine(group, trace, across, up);
  return trace.mode.includes("lines") ? null : planMarks(group, drawn, was, is, across, up);
}

// The pixels of each point; undefined where a number is missing.
function places(layout, trace, { x, y }) {
  const [xaxis, yaxis] = [trace.xaxis ?? "x", trace.yaxis ?? "y"].map((id) => layout[id.replace(/^./, "$&axis")]);
  return [x.map((value) => pixel(xaxis, value)), y.map((value) => pixel(yaxis, value))];
}

function pixel(axis, value) {
  const place = value === null ? NaN : axis.d2p(value);
  return Number.isFinite(place) ? place : undefined;
}

function planLine(group, trace, across, up) {
  const [first, ...rest] = group.querySelectorAll(".js-line");
  const pieces = piecesOf(across, up, trace.connectgaps).filter((piece) => piece.length > 1);
  if (Boolean(first) !== pieces.length > 0 || trace.line.shape !== "linear") return null; // the line comes or goes
  if (!pieces.every((piece) => piece.slice(1).every((place) => place.every((p) => Math.abs(p) <= FAR)))) return null;
  return () => { // as one path, so that there may be more pieces or fewer than Plotly has made paths for
    first?.setAttribute("d", pieces.map((piece) => `M${piece.map((place) => place.map((p) => p.toFixed(2)).join()).join("L")}`).join(""));
    for (const path of rest) path.setAttribute("d", "");
  };
}

// The pieces of a line between its gaps, each a list of places; one piece where gaps are bridged.
function piecesOf(across, up, bridged) {
  const pieces = [[]];
  across.forEach((x, i) => {
    if (x !== undefined && up[i] !== undefined) pieces.at(-1).push([x, up[i]]);
    else if (!bridged && pieces.at(-1).length) pieces.push([]);
  });
  return pieces.at(-1).length ? pieces : pieces.slice(0, -1);
}

function planMarks(group, drawn, was, is, across, up) {
  const points = group.querySelectorAll(".points > .point");
  const names = group.querySelectorAll(".textpoint > text");
  const named = drawn[0].trace.mode.includes("text");
  const whole = [...across, ...up].every((place) => place !== undefined);
  if (!whole || across.length !== drawn.length || points.length !== drawn.length) return null;
  if (named && names.length !== drawn.length) return null;
  return () => {
    for (let i = 0; i < drawn.length; i++) {
      const [x, y] = [across[i].toFixed(2), up[i].toFixed(2)];
      points[i].setAttribute("transform", `translate(${x},${y})`);
      if (named) moveName(names[i], x, y, was.text?.[i], is.text?.[i]);
      Object.assign(drawn[i], { x: is.x[i], y: is.y[i] }); // so that the hover reads the number that is shown
    }
  };
}

function moveName(name, x, y, before, now) {
  name.setAttribute("x", x);
  name.setAttribute("y", y);
  if (before !== now) name.textContent = now;
}
