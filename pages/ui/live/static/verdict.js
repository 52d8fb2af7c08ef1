// The verdict: a word, a sentence, and the reasons on demand; a view of that key gives {verdict, sentence, reasons}.

import { watch } from "./channel.js";

export class Verdict {
  constructor(root) {
    this.box = document.createElement("section");
    this.box.className = "live-verdict";
    this.box.setAttribute("aria-label", "Verdict");
    this.box.innerHTML = `<details><summary><b></b> <span aria-live="polite"></span> <u>Why?</u></summary><ul></ul></details>`;
    [this.word, this.sentence, this.list] = ["b", "span", "ul"].map((name) => this.box.querySelector(name));
    root.append(this.box);
  }

  update({ key }) {
    if (key === this.key) return;
    this.stop?.();
    this.key = key;
    this.stop = watch(key, (state, step) => this.draw(state, step));
  }

  draw({ verdict, sentence, reasons }, step) {
    if (!verdict) return;
    set(this.word, verdict);
    this.word.dataset.verdict = verdict;
    set(this.sentence, sentence);
    while (this.list.children.length > reasons.length) this.list.lastChild.remove();
    while (this.list.children.length < reasons.length) this.list.append(document.createElement("li"));
    reasons.forEach((reason, i) => set(this.list.children[i], reason));
    this.box.dataset.step = step;
  }

  remove() {
    this.stop?.();
    this.box.remove();
  }
}

function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
