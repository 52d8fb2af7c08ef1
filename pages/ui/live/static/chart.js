// A Plotly chart that is drawn in place: one DOM node for its whole life, patched by the view of its key.

import { send, watch } from "./channel.js";
import { offerAgain } from "./again.js";
import { listenToDrags } from "./drag.js";
import { FigureTable } from "./figure_table.js";
import { Flow } from "./flow.js";
import { calm, glideTo } from "./glide.js";
import { Label } from "./label.js";
import { enlarged, whenSwitched } from "./lecture.js";
import { loadPlotly } from "./plotly.js";
import { HOVERS, Pointing } from "./pointing.js";
import { move } from "./quick.js";
import { Scrolling } from "./scrolling.js";
import { Zoom } from "./zoom.js";

const QUIET = {
  displaylogo: false,
  responsive: true,
  showSendToCloud: false, // what is drawn here stays here
  modeBarButtonsToRemove: ["sendChartToCloud", "select2d", "lasso2d", "autoScale2d"],
};
if (!HOVERS.matches) {
  QUIET.displayModeBar = false; // without a pointer it would stand on the title for ever
  QUIET.doubleClick = false; // Plotly takes one tap for two clicks, and would zoom out
}
const READABLE_PX = 7.5;
const UNSEEN_MS = 800;
const WHOLE_MS = 400; // between two whole draws, while only marks and lines move
const RESTING_MS = 120; // after which what was moved is drawn whole
const recoloured = new WeakMap(); // array -> its dark partner: what has not changed stays the same array for Plotly

export class Chart {
  constructor(root) {
    this.box = document.createElement("div");
    this.box.className = "live-chart";
    this.box.setAttribute("role", "figure"); // an image must not hold Plotly's buttons
    this.box.dataset.draws = "0";
    this.plot = document.createElement("div");
    this.box.append(this.plot);
    root.append(this.box);
    this.table = new FigureTable(this.box);
    this.label = new Label(this.box);
    this.flow = new Flow();
    this.scrolling = new Scrolling(this.box);
    this.draws = 0;
    this.zoom = new Zoom(() => this.draw(this.state, this.step));
    this.sight = new IntersectionObserver((entries) => this.see(entries.at(-1).isIntersecting), { rootMargin: "120px" });
    this.sight.observe(this.box);
    this.unfollow = whenSwitched(() => this.dress());
  }

  // Runs at the mount, and again whenever the script or the theme has changed.
  async update({ key, title, figure, dark, clicks, command, drags, wide }, { setTriggerValue }) {
    this.command = command;
    this.drags = drags;
    this.title = title;
    this.table.name(title);
    this.box.classList.toggle("live-still", Boolean(command));
    this.box.classList.toggle("live-drags", Boolean(drags));
    this.box.classList.toggle("live-wide", Boolean(wide));
    if (clicks) this.pointing ??= new Pointing(this.box, this.table.details, () => this.state && this.draw(this.state, this.step));
    this.pointing?.update(figure.layout.meta, (part) => setTriggerValue("clicked", part));
    const fresh = JSON.stringify(figure);
    if (fresh !== this.json || dark !== this.dark) {
      this.json = fresh;
      this.dark = dark;
      if (!this.box.hasAttribute("aria-label")) this.box.setAttribute("aria-label", title);
      this.dress();
    }
    if (key !== this.key) {
      this.stop?.();
      this.key = key;
      this.stop = watch(key, (state, step) => this.take(state, step));
    }
    await this.load();
  }

  // The figure in the colours and the size of the page.
  dress() {
    if (!this.json) return;
    this.base = enlarged(JSON.parse(this.json));
    this.box.style.minHeight = `${this.base.layout.height}px`;
    this.patched = null;
    this.figure = recolour(structuredClone(this.base), this.dark);
    this.figure.layout.font.family = getComputedStyle(this.box).fontFamily;
    if (!HOVERS.matches) this.base.layout.dragmode = this.figure.layout.dragmode = false; // a finger scrolls the page
    if (this.state) this.draw(this.state, this.step);
  }

  async load() {
    try {
      this.Plotly = await loadPlotly();
    } catch {
      offerAgain(this.plot, `${this.title} could not be drawn: a part of this page did not arrive.`, () => this.load());
      return;
    }
    if (this.state) this.draw(this.state, this.step);
  }

  // What is out of sight is drawn now and then only, so that what is in sight can be drawn often.
  take(state, step) {
    if (state === this.state && this.draws) {
      if (!this.later) this.box.dataset.step = state.step ?? step; // nothing else has changed
      this.step = step;
      return;
    }
    this.stopGliding?.();
    this.stopGliding = null;
    if (this.seen && this.patched && glideTo(this.state, state, (on) => this.show(on, step), (stop) => (this.stopGliding = stop))) return;
    if (this.seen || !this.draws) return this.show(state, step);
    this.state = state;
    this.step = step;
    this.later ??= setTimeout(() => this.draw(this.state, this.step), UNSEEN_MS);
  }

  keep(state, step) {
    this.state = state;
    this.step = step;
  }

  // While a 3-D view is being turned nothing is drawn.
  listenToTurns() {
    if (this.turns || !this.figure.layout.scene) return;
    this.turns = true;
    this.plot.addEventListener("pointerdown", () => {
      this.turning = true;
      const end = () => {
        for (const name of ["pointerup", "pointercancel"]) window.removeEventListener(name, end, true);
        setTimeout(() => {
          this.turning = false;
          this.draw(this.state, this.step);
        }, 60); // until Plotly has taken note of the view
      };
      for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, end, true);
    }, true);
  }

  see(seen) {
    this.seen = seen;
    if (seen && this.later) this.draw(this.state, this.step);
  }

  show(state, step) {
    if (this.turning) return this.keep(state, step); // a draw would take the view out of the hand that turns it
    if (!this.quick(state, step)) this.draw(state, step);
  }

  // Draws a state by moving marks and lines, where that gives the picture of a whole draw, which soon follows.
  quick(state, step) {
    const due = performance.now() > this.whole + WHOLE_MS;
    if (!this.patched || due || !move(this.plot, this.state, state)) return false;
    this.state = state;
    this.step = step;
    clearTimeout(this.later);
    this.later = setTimeout(() => this.draw(this.state, this.step), RESTING_MS);
    this.tell();
    return true;
  }

  draw(state, step) {
    clearTimeout(this.later);
    this.later = null;
    this.whole = performance.now();
    this.state = state;
    this.step = step;
    if (!this.Plotly || !this.figure) return;
    const { data, layout } = this.figure;
    data.forEach((trace, i) => this.patch(trace, this.base.data[i], this.patched?.data?.[i], state.data?.[i]));
    this.patch(layout, this.base.layout, this.patched?.layout, state.layout);
    if (calm()) for (const trace of data) if (trace.meta?.motion) trace.visible = false;
    this.patched = state;
    this.zoom.apply(layout, state.layout ?? {});
    for (const [i, style] of (this.pointing?.highlight() ?? []).entries()) merge(data[i], style, this.dark);
    const scene = this.plot._fullLayout?.scene?._scene;
    if (scene) layout.scene.camera = scene.getCamera(); // as it was turned just now, also where Plotly has not noted it
    this.Plotly.react(this.plot, data, layout, QUIET);
    this.pointing?.listen(this.plot);
    this.zoom.listen(this.plot);
    if (!this.sparing) {
      this.sparing = this.plot.on("plotly_afterplot", () => this.spare()); // comes after a change of size, too
      this.spare();
    }
    this.listen();
    this.listenToTurns();
    this.flow.begin(this.plot, layout.meta);
    this.tell();
    this.table.show(this.figure, this.state.label ?? this.title, this.box.dataset.step);
  }

  // Plotly makes the numbers in cells as small as they must be; those that nobody could read are left out.
  spare() {
    const size = parseFloat(this.plot.querySelector(".heatmaplayer text")?.style.fontSize);
    this.plot.classList.toggle("live-tiny", size < READABLE_PX);
  }

  // What the page, and whoever cannot see the picture, is told of it.
  tell() {
    this.draws += 1;
    this.box.dataset.draws = this.draws;
    this.box.dataset.step = this.state.step ?? this.step;
    this.label.say(this.state.label ?? this.title);
    for (const picture of this.plot.querySelectorAll(".main-svg")) picture.setAttribute("aria-hidden", "true"); // the label says it
  }

  // What the last state set and this one does not is again as it was in the figure.
  patch(target, base, before = {}, now = {}) {
    for (const path of Object.keys(before)) if (!(path in now)) restore(target, base, path.split("."), this.dark);
    merge(target, now, this.dark);
  }

  // Where a click is a command, it goes out with the place that was clicked. Plotly's own click would tell the place
  // that was pointed at some moments ago.
  listen() {
    if (this.listening || !(this.command || this.drags)) return;
    this.listening = true;
    if (this.drags) return listenToDrags(this.plot, (client) => this.placeAt(...client), (value) => send({ name: this.drags, value }));
    this.plot.addEventListener("pointerdown", (down) => {
      const end = (up) => {
        window.removeEventListener("pointerup", end, true);
        window.removeEventListener("pointercancel", end, true);
        const still = Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY) < 8;
        if (up.type === "pointerup" && still) this.sendPlace(up.clientX, up.clientY);
      };
      window.addEventListener("pointerup", end, true); // Plotly covers the page while a button is down
      window.addEventListener("pointercancel", end, true);
    });
  }

  sendPlace(clientX, clientY) {
    const { x, y, inside } = this.placeAt(clientX, clientY);
    if (inside) send({ name: this.command, value: { x, y } });
  }

  // The place on the axes under a place of the window, and whether it is within them.
  placeAt(clientX, clientY) {
    const box = this.plot.querySelector(".nsewdrag").getBoundingClientRect();
    const [right, up] = [(clientX - box.left) / box.width, (box.bottom - clientY) / box.height];
    const along = ([low, high], share) => low + share * (high - low);
    const { xaxis, yaxis } = this.figure.layout;
    const inside = Math.min(right, up) >= 0 && Math.max(right, up) <= 1;
    return { x: along(xaxis.range, right), y: along(yaxis.range, up), inside };
  }

  remove() {
    this.stop?.();
    this.unfollow();
    this.sight.disconnect();
    this.label.remove();
    this.scrolling.remove();
    this.stopGliding?.();
    clearTimeout(this.later);
    this.pointing?.remove();
    this.table.remove();
    window.Plotly?.purge(this.plot);
    this.box.remove();
  }
}

// Sets each key of a patch; a dotted key reaches inside.
function merge(target, patch, dark) {
  for (const [path, value] of Object.entries(patch)) {
    const parts = path.split(".");
    let place = target;
    for (const part of parts.slice(0, -1)) place = place[part] ??= {};
    const last = parts.at(-1);
    const plain = value && typeof value === "object" && !Array.isArray(value);
    if (plain && place[last] && typeof place[last] === "object") merge(place[last], value, dark);
    else place[last] = recolour(value, dark);
  }
}

function restore(target, base, [name, ...rest], dark) {
  if (rest.length) {
    if (target[name]) restore(target[name], base?.[name], rest, dark);
  } else if (base?.[name] === undefined) delete target[name];
  else target[name] = recolour(structuredClone(base[name]), dark);
}

// Figures are drawn in light colours; in the dark each is swapped for its partner.
function recolour(value, dark) {
  if (!dark) return value;
  if (typeof value === "string") return dark[value] ?? value;
  if (Array.isArray(value)) {
    if (value.every((part) => typeof part === "number")) return value;
    if (!recoloured.has(value)) recoloured.set(value, value.map((part) => recolour(part, dark)));
    return recoloured.get(value);
  }
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, recolour(part, dark)]));
}
