// Live words: a row of short texts that a view of that key gives, each {text, known}.

import { show } from "./channel.js";
import { fill, set } from "./elements.js";

export class Words {
  constructor(root) {
    this.box = document.createElement("div");
    this.box.className = "live-words";
    this.box.setAttribute("role", "group");
    root.append(this.box);
  }

  update({ key, title }) {
    this.box.setAttribute("aria-label", title);
    show(this, key);
  }

  draw({ words, label }, step) {
    if (!words) return; // not known yet
    fill(this.box, words.length, () => document.createElement("span"));
    words.forEach(({ text, known }, i) => {
      const chip = this.box.children[i];
      set(chip, text);
      chip.classList.toggle("live-known", known);
      chip.title = known ? "In the training list" : "Not in the training list";
    });
    if (label) this.box.setAttribute("aria-label", label);
    this.box.dataset.step = step;
  }

  remove() {
    this.stop?.();
    this.box.remove();
  }
}
