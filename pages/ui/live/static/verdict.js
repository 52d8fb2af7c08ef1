// The verdict: a word, a sentence, and the reasons on demand; a view of that key gives {verdict, sentence, reasons}.

import { listen, show } from "./channel.js";

export class Verdict {
  constructor(root) {
    this.box = document.createElement("section");
    this.box.className = "live-verdict";
    this.box.setAttribute("aria-label", "Verdict");
    this.box.innerHTML = `<details><summary><b></b> <span></span> <u>Why?</u></summary><ul></ul></details>
      <p class="live-spoken" role="status"></p>`;
    [this.word, this.sentence, this.list] = ["b", "span", "ul"].map((name) => this.box.querySelector(name));
    this.spoken = this.box.querySelector(".live-spoken");
    this.listening = listen((status) => this.hear(status));
    root.append(this.box);
  }

  update({ key }) {
    show(this, key);
  }

  // A screen reader hears of another kind of verdict at once, and of the numbers when training pauses.
  hear({ playing }) {
    const paused = this.playing && !playing;
    this.playing = playing;
    if (paused) this.speak();
  }

  speak() {
    this.kind = this.word.textContent;
    set(this.spoken, `${this.kind}: ${this.sentence.textContent}`);
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
    if (verdict !== this.kind) this.speak();
  }

  remove() {
    this.stop?.();
    this.listening();
    this.box.remove();
  }
}

function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
