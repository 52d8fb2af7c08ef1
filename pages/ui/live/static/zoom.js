// The reader's zoom. An axis that was zoomed stays as the reader left it, whatever ranges come with new frames, until a
// double click or "Reset axes" gives it back. Plotly by itself keeps a zoom only while the figure's own range stays.

const AXES = ["xaxis", "yaxis"];

export class Zoom {
  constructor(redraw) {
    this.redraw = redraw;
    this.given = {}; // axis -> the range that the figure had last
    this.held = {}; // axis -> the range that the figure had when the reader zoomed
    this.resets = {}; // axis -> how often it was given back
  }

  // Before each drawing: the ranges of this frame, or those that keep the reader's.
  apply(layout, patch) {
    for (const axis of AXES) {
      const range = patch[`${axis}.range`];
      if (!range) continue;
      const type = patch[`${axis}.type`]; // a log axis has other numbers
      if (type !== this.given[axis]?.type) delete this.held[axis];
      this.given[axis] = { range: [...range], type };
      layout[axis].range = [...(this.held[axis] ?? range)];
      layout[axis].uirevision = `kept ${this.resets[axis] ?? 0}`;
    }
  }

  listen(plot) {
    if (this.plot === plot) return;
    this.plot = plot;
    plot.on("plotly_doubleclick", () => (this.doubled = true));
    plot.on("plotly_relayout", (changes) => this.take(changes));
  }

  take(changes) {
    let back = false;
    for (const axis of AXES) {
      if (!this.given[axis] || !Object.keys(changes).some((key) => key.startsWith(`${axis}.`))) continue;
      if (this.held[axis] && (this.doubled || changes[`${axis}.autorange`] || this.isFirst(axis))) {
        delete this.held[axis];
        this.resets[axis] = (this.resets[axis] ?? 0) + 1;
        back = true;
      } else this.held[axis] ??= this.given[axis].range;
    }
    this.doubled = false;
    if (back) setTimeout(this.redraw); // not within Plotly's own event
  }

  // Whether an axis shows what "Reset axes" goes back to.
  isFirst(axis) {
    const { range, _rangeInitial0, _rangeInitial1 } = this.plot._fullLayout[axis];
    return range[0] === _rangeInitial0 && range[1] === _rangeInitial1;
  }
}
