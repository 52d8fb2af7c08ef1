// Live words: a row of short texts that a view of that key gives, each {text, known}.

import { watch } from "./channel.js";

export class Words {
  constructor(root) {
    this.box = document.createElement("div");
    this.box.className = "live-words";
    this.box.setAttribute("role", "group");
    root.append(this.box);
  }

  update({ key, title }) {
    this.box.setAttribute("aria-label", title);
    if (key === this.key) return;
    this.stop?.();
    this.key = key;
    this.stop = watch(key, (state, step) => this.draw(state, step));
  }

  draw({ words, label }, step) {
    if (!words) return; // not known yet
    while (this.box.children.length < words.length) this.box.append(document.createElement("span"));
    while (this.box.children.length > words.length) this.box.lastChild.remove();
    words.forEach(({ text, known }, i) => {
      const chip = this.box.children[i];
      if (chip.textContent !== text) chip.textContent = text;
      chip.classList.toggle("live-known", known);
      chip.title = known ? "A training name" : "Not a training name";
    });
    if (label) this.box.setAttribute("aria-label", label);
    this.box.dataset.step = step;
  }

  remove() {
    this.stop?.();
    this.box.remove();
  }
}
