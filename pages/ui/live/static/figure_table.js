// A chart in words, as a table and as a file, for whoever reads better than they see, and to take it along.

import { light } from "./lecture.js";
import { saveButtons } from "./save_picture.js";

const REFRESH_MS = 600;
const MOST_ROWS = 400;
const MOST_COLUMNS = 60;

export class FigureTable {
  constructor(box) {
    this.details = document.createElement("details");
    this.details.className = "live-data";
    this.details.innerHTML = `<summary title="This chart in words, as a table, and as a file"><span aria-hidden="true">⊞</span></summary>
      <p></p><div tabindex="0" role="region"></div>`;
    [this.summary, this.text, this.place] = ["summary", "p", "div"].map((name) => this.details.querySelector(name));
    this.place.before(saveButtons(() => this.asShown(box)));
    this.details.hidden = true; // until there is something to tell of
    this.details.addEventListener("toggle", () => this.details.open && this.open());
    this.spot = document.createElement("div");
    this.spot.className = "live-spot";
    this.spot.innerHTML = `<button type="button" class="live-button" title="Dim everything but this figure (Escape ends it)">Spotlight</button>`;
    this.spot.firstChild.onclick = () => light(box);
    box.after(this.spot, this.details);
  }

  name(title) {
    this.title = title;
    this.summary.setAttribute("aria-label", `${title} in words and as a table`);
    this.place.setAttribute("aria-label", `Numbers of ${title}`);
    this.spot.firstChild.setAttribute("aria-label", `Spotlight on ${title}`);
  }

  // Takes the figure as it was drawn, and what it says; the table follows soon, where somebody has opened it.
  show(figure, label, step) {
    [this.figure, this.step] = [figure, step];
    this.details.hidden = false;
    this.label = label;
    if (this.details.open) this.later ??= setTimeout(() => this.build(), REFRESH_MS);
  }

  // What is saved: the chart as it was drawn last, on the page's ground.
  asShown(box) {
    if (!this.figure) return null;
    const { figure, title, label, step } = this;
    const background = getComputedStyle(box).getPropertyValue("--st-background-color").trim() || "white";
    return { figure, title, label, step, background, width: box.clientWidth, height: box.clientHeight };
  }

  open() {
    this.build();
    this.details.scrollIntoView({ block: "nearest" });
  }

  build() {
    clearTimeout(this.later);
    this.later = null;
    if (!this.figure) return;
    if (this.text.textContent !== this.label) this.text.textContent = this.label;
    const { scrollTop, scrollLeft } = this.place;
    this.place.replaceChildren(...tables(this.figure));
    this.place.scrollTo(scrollLeft, scrollTop); // who reads in the middle stays there
  }

  remove() {
    clearTimeout(this.later);
    this.details.remove();
    this.spot.remove();
  }
}

// The tables of a figure: one for each heatmap, or one for its points by their names, or for all that is over one axis.
// A diagram, whose places mean nothing, has none.
export function tables({ data, layout }) {
  const seen = data.filter((trace) => trace.visible !== false && trace.visible !== "legendonly" && trace.hoverinfo !== "skip");
  const heat = seen.filter((trace) => trace.type === "heatmap" && trace.z?.length);
  if (heat.length) return heat.map((trace) => ofHeat(trace, layout));
  const rest = seen.filter((trace) => trace.x?.some((x) => x !== null)); // some are there for the legend only
  const says = layout.scene ?? (layout.xaxis?.title?.text || layout.xaxis?.ticktext);
  if (!rest.length || !says) return [];
  const named = rest.every((trace) => String(trace.mode ?? "").includes("text"));
  return [named ? ofPoints(rest, layout) : overAxis(rest, layout)];
}

function ofPoints(traces, layout) {
  const deep = traces.some((trace) => trace.z);
  const rows = traces.flatMap((trace) => trace.x.map((x, i) => [plain(trace.text[i] ?? ""), x, trace.y?.[i], trace.z?.[i]]));
  const axes = deep ? ["x", "y", "z"].map((id) => title(layout.scene, id)) : ["x", "y"].map((id) => title(layout, id));
  return table(["", ...axes], rows.map((row) => row.slice(0, axes.length + 1)));
}

// Traces of the same name share a column.
function overAxis(traces, layout) {
  const names = traces.map((trace) => plain(trace.name ?? title(layout, trace.yaxis ?? "y")));
  const columns = [...new Set(names)];
  const rows = new Map(); // x -> a row
  traces.forEach((trace, n) => {
    const column = 1 + columns.indexOf(names[n]);
    trace.x.forEach((x, i) => {
      if (!rows.has(x)) rows.set(x, [tick(layout, trace.xaxis ?? "x", x), ...columns.map(() => undefined)]);
      rows.get(x)[column] ??= trace.y?.[i];
    });
  });
  const sorted = [...rows].sort(([a], [b]) => (typeof a === "number" && typeof b === "number" ? a - b : 0));
  return table([title(layout, "x"), ...columns], sorted.map(([, row]) => row));
}

// The numbers are those that the hover tells: of a picture of roots, for instance, not the roots.
function ofHeat(trace, layout) {
  const told = trace.hovertemplate ?? "";
  const numbers = told.includes("%{customdata}") && !told.includes("%{z") ? trace.customdata : trace.z;
  const columns = trace.z[0].map((_, i) => tick(layout, trace.xaxis ?? "x", trace.x?.[i] ?? i));
  const rows = numbers.map((row, i) => [tick(layout, trace.yaxis ?? "y", trace.y?.[i] ?? i), ...row]);
  return table([plain(trace.name ?? ""), ...columns], rows);
}

function table(titles, rows) {
  const made = document.createElement("table");
  const head = made.createTHead().insertRow();
  for (const text of titles.slice(0, MOST_COLUMNS)) head.append(cell("th", text));
  const body = made.createTBody();
  const every = Math.ceil(rows.length / MOST_ROWS); // of a long curve some points, evenly
  rows.forEach((row, i) => {
    if (i % every && i !== rows.length - 1) return;
    const line = body.insertRow();
    row.slice(0, MOST_COLUMNS).forEach((value, j) => line.append(cell(j ? "td" : "th", shown(value))));
  });
  const left = [rows.length > MOST_ROWS && `every ${every}th row`, titles.length > MOST_COLUMNS && `the first ${MOST_COLUMNS} columns`];
  if (left.some(Boolean)) made.createCaption().textContent = `Shown: ${left.filter(Boolean).join(", ")}.`;
  return made;
}

function cell(tag, text) {
  const made = document.createElement(tag);
  if (tag === "th") made.scope = "row";
  made.textContent = text;
  return made;
}

// What an axis calls a place.
function tick(layout, id, value) {
  const axis = layout[axisOf(id)];
  const at = axis?.ticktext ? (axis.tickvals ?? []).indexOf(value) : -1;
  return at < 0 ? shown(value) : plain(axis.ticktext[at]);
}

function title(layout, id) {
  return plain(layout[axisOf(id)]?.title?.text ?? "");
}

// Plotly's traces name the second axis "y2", its layout "yaxis2".
function axisOf(id) {
  return id.replace(/^./, "$&axis");
}

function shown(value) {
  if (typeof value !== "number") return value === null || value === undefined ? "–" : plain(String(value));
  return Number.isInteger(value) ? value.toLocaleString("en-GB") : String(Number(value.toPrecision(6)));
}

// Plotly's texts are a little HTML of our own: escaped characters, line breaks, bold.
function plain(text) {
  return new DOMParser().parseFromString(String(text).replaceAll("<br>", " "), "text/html").body.textContent;
}
