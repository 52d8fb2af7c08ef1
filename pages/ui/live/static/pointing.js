// Pointing at the parts of a diagram: the part under the pointer is lit, a line below says what it is, and a click tells
// the page. Without a pointer that hovers, the first tap lights and the second one on the same part is the click.

export const HOVERS = window.matchMedia("(hover: hover)");

export class Pointing {
  // The line comes after the chart's `last` element.
  constructor(box, last, redraw) {
    this.box = box;
    this.redraw = redraw;
    this.part = null;
    this.note = document.createElement("p");
    this.note.className = "live-caption";
    this.note.setAttribute("role", "status");
    last.after(this.note);
  }

  remove() {
    clearTimeout(this.timer);
    this.note.remove();
  }

  update(meta, click) {
    this.meta = meta ?? {};
    this.click = click;
    this.note.hidden = !this.meta.notes;
    this.say();
  }

  // How the traces look with the part under the pointer lit; nothing where there is none.
  highlight() {
    return this.meta.highlights?.[this.part];
  }

  listen(plot) {
    if (this.meta.focus !== this.focus) this.scroll();
    if (this.plot === plot) return;
    this.plot = plot;
    plot.on("plotly_hover", (event) => HOVERS.matches && this.light(this.partOf(event)));
    plot.on("plotly_unhover", () => HOVERS.matches && this.light(null));
    plot.on("plotly_click", (event) => {
      this.heard = performance.now();
      this.press(this.partOf(event));
    });
    plot.addEventListener("pointerdown", (event) => this.pressed(event), true);
  }

  // Plotly does not hear a click that falls between two drawings: then what was lit when the button went down is meant.
  pressed(down) {
    const part = this.part;
    if (!HOVERS.matches || !part) return;
    const released = (up) => {
      const now = performance.now();
      if (Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY) > 5) return;
      setTimeout(() => !(this.heard >= now) && this.press(part), 100);
    };
    window.addEventListener("pointerup", released, { capture: true, once: true }); // Plotly covers the page meanwhile
  }

  // Where the diagram is wider than its place, bring what it is about into the middle.
  scroll() {
    this.focus = this.meta.focus;
    const { scrollWidth, clientWidth } = this.box;
    if (scrollWidth > clientWidth) this.box.scrollTo({ left: this.focus * scrollWidth - clientWidth / 2, behavior: "smooth" });
  }

  press(part) {
    if (!part) return;
    if (HOVERS.matches || !this.meta.highlights || this.part === part) this.click(part);
    else this.light(part);
  }

  light(part) {
    this.box.classList.toggle("live-pointed", Boolean(part));
    if (part === this.part) return;
    this.part = part;
    this.say();
    if (!this.meta.highlights) return;
    clearTimeout(this.timer); // not within Plotly's own event, and once for a pointer that crosses many dots
    this.timer = setTimeout(this.redraw, 30);
  }

  // The name of what is pointed at: the first entry of its `customdata`, or of a heatmap the number of its column or row,
  // where the figure has meta.columns or meta.rows.
  partOf(event) {
    const point = event.points?.[0];
    if (Array.isArray(point?.customdata)) return point.customdata[0];
    const axis = this.meta.columns ? "x" : this.meta.rows ? "y" : null;
    return axis && typeof point?.z === "number" ? String(point[axis]) : null;
  }

  say() {
    const { notes, lit } = this.meta;
    const text = notes?.[this.part ?? lit] ?? "";
    if (this.note.textContent !== text) this.note.textContent = text;
  }
}
