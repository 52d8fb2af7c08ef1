// Moving over a map of fits: a slider for each axis, which acts while it is dragged, and how far the map has come.

import { send, show } from "./channel.js";
import { Slider } from "./controls.js";
import { region } from "./elements.js";

let lastNumber = 0; // of the map that was brought into sight

const HTML = `<div class="live-cost"><progress max="1" value="0" aria-label="Progress of the map"></progress>
  <button type="button" class="live-button"></button><p></p></div><div class="live-axes"></div>`;

export class Scrub {
  constructor(root) {
    this.box = region("section", "live-scrub", "Cursor on the map", HTML);
    [this.progress, this.button, this.text] = ["progress", "button", "p"].map((name) => this.box.querySelector(name));
    this.axes = this.box.lastChild;
    this.button.onclick = () => send({ name: "map", value: this.command });
    root.append(this.box);
  }

  update({ key, number, place }) {
    if (number !== lastNumber) bringIntoSight(document.querySelector(`.st-key-${place}`));
    lastNumber = number;
    show(this, key);
  }

  draw({ axes, share, text, button }) {
    if (!axes) return;
    this.progress.value = share;
    if (this.text.textContent !== text) this.text.textContent = text;
    if (button && this.button.textContent !== button.label) this.button.textContent = button.label;
    this.command = button?.command;
    this.button.disabled = !button;
    const made = JSON.stringify([axes.x.label, axes.x.values, axes.y.label, axes.y.values]);
    if (made !== this.made) this.make(axes);
    this.made = made;
    for (const [name, slider] of Object.entries(this.sliders)) slider.show(axes[name].values[axes[name].at]);
  }

  make(axes) {
    const slider = (name) => {
      const made = new Slider({ ...axes[name], scale: "linear" }, (value) => {
        const at = typeof value === "string" ? made.typed(value) : made.nearest(value);
        send({ name: "cursor", value: { [name]: at } });
      });
      made.element.querySelector("label").textContent = axes[name].title;
      return made;
    };
    this.sliders = { x: slider("x"), y: slider("y") };
    this.axes.replaceChildren(this.sliders.x.element, this.sliders.y.element);
  }

  remove() {
    this.stop?.();
    this.box.remove();
  }
}

// A new map with its sliders and its networks; the style sheet leaves room for the bar.
function bringIntoSight(element) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  setTimeout(() => element?.scrollIntoView({ block: "start", behavior: calm ? "instant" : "smooth" }), 300);
}
