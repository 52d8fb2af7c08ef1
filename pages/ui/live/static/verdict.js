// The verdict: a word, a sentence, and the reasons on demand; a view of that key gives {verdict, sentence, reasons}.

import { listen, show } from "./channel.js";
import { region } from "./elements.js";

const SPEAK_MS = 5000; // between two words that a screen reader hears

const HTML = `<details><summary><b></b> <span></span> <u>Why?</u></summary><ul></ul></details>
  <p class="live-spoken" role="status"></p>`;

export class Verdict {
  constructor(root) {
    this.box = region("section", "live-verdict", "Verdict", HTML);
    [this.word, this.sentence, this.list] = ["b", "span", "ul"].map((name) => this.box.querySelector(name));
    this.spoken = this.box.querySelector(".live-spoken");
    this.listening = listen((status) => this.hear(status));
    [this.reasons, this.outside] = [this.box.firstChild, ({ target }) => this.reasons.contains(target) || this.fold()];
    document.addEventListener("pointerdown", this.outside);
    this.reasons.onkeydown = (event) => {
      if (event.key !== "Escape" || !this.reasons.open) return;
      event.stopPropagation(); // or else it would also leave the past
      this.fold();
    };
    root.append(this.box);
  }

  // The reasons lie over what is below, which stays where it is.
  fold() {
    this.reasons.open = false;
  }

  update({ key }) {
    show(this, key);
  }

  // A screen reader hears of another kind of verdict, every five seconds at most, and of the numbers when training pauses.
  hear({ playing }) {
    const paused = this.playing && !playing;
    this.playing = playing;
    if (paused) this.speak();
  }

  speakSoon() {
    if (this.kind === undefined) return this.speak();
    this.timer ??= setTimeout(() => {
      this.timer = null;
      if (this.word.textContent !== this.kind) this.speak();
    }, this.spokenAt + SPEAK_MS - performance.now());
  }

  speak() {
    this.spokenAt = performance.now();
    this.kind = this.word.textContent;
    set(this.spoken, `${this.kind}: ${this.sentence.textContent}`);
  }

  draw({ verdict, sentence, reasons }, step) {
    if (!verdict) return;
    set(this.word, verdict);
    this.word.dataset.verdict = verdict;
    set(this.sentence, withoutItsWord(sentence, verdict));
    while (this.list.children.length > reasons.length) this.list.lastChild.remove();
    while (this.list.children.length < reasons.length) this.list.append(document.createElement("li"));
    reasons.forEach((reason, i) => set(this.list.children[i], reason));
    this.box.dataset.step = step;
    if (verdict !== this.kind) this.speakSoon();
  }

  remove() {
    this.stop?.();
    this.listening();
    clearTimeout(this.timer);
    document.removeEventListener("pointerdown", this.outside);
    this.box.remove();
  }
}

// "Untrained: the weights …" beside the word "untrained" need not say it once more.
function withoutItsWord(sentence, word) {
  const begin = `${word}: `;
  if (!sentence.toLowerCase().startsWith(begin)) return sentence;
  const rest = sentence.slice(begin.length);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
