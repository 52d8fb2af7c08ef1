// Live text: a sentence and a table that a view of that key gives, {text, columns, rows, strong}, all as plain text.

import { show } from "./channel.js";
import { fill, set } from "./elements.js";
import { Scrolling } from "./scrolling.js";

export class Text {
  constructor(root) {
    this.box = document.createElement("div");
    this.box.className = "live-text";
    this.box.setAttribute("role", "group");
    this.box.innerHTML = "<p></p><div><table><thead><tr></tr></thead><tbody></tbody></table></div>";
    [this.text, this.table, this.head, this.body] = ["p", "div", "tr", "tbody"].map((name) => this.box.querySelector(name));
    this.scrolling = new Scrolling(this.table);
    root.append(this.box);
  }

  update({ key, title, mono, long, row }) {
    this.box.setAttribute("aria-label", title);
    this.scrolling.name(`Table: ${title}`);
    this.box.classList.toggle("live-mono", Boolean(mono));
    this.box.classList.toggle("live-long", Boolean(long));
    this.box.classList.toggle("live-row", Boolean(row));
    this.box.classList.toggle("live-next", row === "next");
    show(this, key);
  }

  draw({ text, columns, rows, strong }, step) {
    this.text.hidden = !text;
    set(this.text, text ?? "");
    this.table.hidden = !rows;
    if (rows) {
      fillRow(this.head, columns ?? [], "th");
      fill(this.body, rows.length, () => document.createElement("tr"));
      rows.forEach((row, i) => {
        fillRow(this.body.children[i], row, "td");
        this.body.children[i].classList.toggle("live-strong", (strong ?? []).includes(i));
      });
    }
    this.box.dataset.step = step;
  }

  remove() {
    this.stop?.();
    this.scrolling.remove();
    this.box.remove();
  }
}

function fillRow(row, texts, tag) {
  fill(row, texts.length, () => document.createElement(tag));
  texts.forEach((text, i) => set(row.children[i], String(text ?? "–")));
}
