// A name or word that is written character by character: a tile for each, buttons that draw, and those before.

import { send, show } from "./channel.js";
import { fill, set } from "./elements.js";

const AUTO_MS = 600;

export class Writer {
  constructor(root) {
    this.box = document.createElement("section");
    this.box.className = "live-writer";
    this.box.innerHTML = `<ol class="live-tiles"></ol><p role="status"></p>
      <div class="live-buttons">
        <button type="button" class="live-button live-main" data-do="draw">Draw a character</button>
        <button type="button" class="live-button" data-do="auto" aria-pressed="false">Auto</button>
        <button type="button" class="live-button" data-do="next"></button>
      </div>
      <div class="live-finished" hidden><h3></h3><ol reversed></ol></div>`;
    const find = (selector) => this.box.querySelector(selector);
    [this.tiles, this.text, this.drawing, this.auto] = [".live-tiles", "p", "[data-do=draw]", "[data-do=auto]"].map(find);
    [this.done, this.list] = [".live-finished", ".live-finished ol"].map(find);
    this.drawing.onclick = () => this.press("draw");
    [this.next, this.heading] = [find("[data-do=next]"), find("h3")];
    this.next.onclick = () => this.press("next");
    this.auto.onclick = () => this.play(!this.timer);
    root.append(this.box);
  }

  update({ key, noun, one }) {
    this.one = one;
    this.box.setAttribute("aria-label", `${capital(one)} writer`);
    set(this.next, `Next ${one}`);
    set(this.heading, `${capital(noun)} so far`);
    show(this, key);
  }

  press(what) {
    send({ name: `${this.key}-${what}`, value: null });
  }

  play(on) {
    clearInterval(this.timer);
    this.timer = on ? setInterval(() => !document.hidden && this.press("draw"), AUTO_MS) : 0;
    this.auto.setAttribute("aria-pressed", String(on));
    set(this.auto, on ? "Stop" : "Auto");
    this.text.setAttribute("role", on ? "none" : "status"); // what changes by itself is not read out
  }

  draw({ tiles, over, text, finished, number }, step) {
    if (!tiles) return; // not known yet
    fill(this.tiles, tiles.length, () => {
      const tile = document.createElement("li");
      tile.append(document.createElement("b"), document.createElement("small"));
      return tile;
    });
    tiles.forEach((tile, i) => {
      const item = this.tiles.children[i];
      set(item.firstChild, tile.text);
      set(item.lastChild, tile.share);
      item.classList.toggle("live-context", Boolean(tile.context));
    });
    set(this.text, text);
    set(this.drawing, over ? `Begin the next ${this.one}` : "Draw a character");
    this.done.hidden = !finished.length;
    fill(this.list, finished.length, () => document.createElement("li"));
    finished.forEach((name, i) => set(this.list.children[i], name));
    this.list.start = over ? number : number - 1;
    this.box.dataset.step = step;
  }

  remove() {
    this.play(false);
    this.stop?.();
    this.box.remove();
  }
}

function capital(word) {
  return word[0].toUpperCase() + word.slice(1);
}
