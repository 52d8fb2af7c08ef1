// What is said of a picture to whoever cannot see it: at once when it comes, then as soon as it rests, and every two
// seconds while the network trains.

import { listen } from "./channel.js";

const REST_MS = 120;
const TRAINING_MS = 2000;

export class Label {
  constructor(element) {
    this.element = element;
    this.told = -TRAINING_MS;
    this.stop = listen(({ playing }) => {
      if (this.playing && !playing && this.timer) this.wait(playing);
      this.playing = playing;
    });
  }

  say(text) {
    this.text = text;
    if (this.element.getAttribute("aria-label") === text) return this.hush();
    this.wait(this.playing);
  }

  wait(playing) {
    const left = TRAINING_MS - (performance.now() - this.told);
    this.hush();
    if (left <= 0) this.tell();
    else this.timer = setTimeout(() => this.tell(), playing ? left : Math.min(REST_MS, left));
  }

  hush() {
    clearTimeout(this.timer);
    this.timer = null;
  }

  tell() {
    this.timer = null;
    this.told = performance.now();
    this.element.setAttribute("aria-label", this.text);
  }

  remove() {
    this.hush();
    this.stop();
  }
}
