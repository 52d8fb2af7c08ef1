// Live words: a row of short texts that a view of that key gives, each {text, known}, and what they were earlier.

import { show } from "./channel.js";
import { fill, set } from "./elements.js";

const LONG = 14; // characters from which on words are set smaller, so that they need not be cut

export class Words {
  constructor(root) {
    this.box = document.createElement("div");
    this.box.className = "live-words";
    this.box.setAttribute("role", "group");
    this.story = document.createElement("ol");
    this.story.className = "live-story";
    this.story.setAttribute("aria-label", "The first one at earlier steps");
    this.whole = document.createElement("div");
    this.whole.append(this.box, this.story);
    root.append(this.whole);
  }

  update({ key, title, large }) {
    this.box.classList.toggle("live-large", Boolean(large));
    this.whole.classList.toggle("live-hero", Boolean(large));
    this.story.hidden = !large;
    this.box.setAttribute("aria-label", title);
    show(this, key);
  }

  draw({ words, story, label }, step) {
    if (!words) return; // not known yet
    fill(this.box, words.length, () => document.createElement("span"));
    words.forEach(({ text, known }, i) => {
      const chip = this.box.children[i];
      set(chip, text);
      chip.classList.toggle("live-known", known);
      chip.title = known ? "In the training list" : "Not in the training list";
    });
    this.box.classList.toggle("live-long", words.some(({ text }) => text.length > LONG));
    fill(this.story, story?.length ?? 0, milestone);
    story?.forEach(({ step, text }, i) => {
      const [when, word] = this.story.children[i].children;
      set(when, `step ${step.toLocaleString("en")}`);
      set(word, text);
    });
    if (label) this.box.setAttribute("aria-label", label);
    this.box.dataset.step = step;
  }

  remove() {
    this.stop?.();
    this.whole.remove();
  }
}

function milestone() {
  const item = document.createElement("li");
  item.append(document.createElement("small"), document.createElement("span"));
  return item;
}
