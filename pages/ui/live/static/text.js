// Live text: a sentence and a table that a view of that key gives, {text, columns, rows, strong}, all as plain text.

import { watch } from "./channel.js";

export class Text {
  constructor(root) {
    this.box = document.createElement("div");
    this.box.className = "live-text";
    this.box.setAttribute("role", "group");
    this.box.innerHTML = "<p></p><div><table><thead><tr></tr></thead><tbody></tbody></table></div>";
    [this.text, this.table, this.head, this.body] = ["p", "div", "tr", "tbody"].map((name) => this.box.querySelector(name));
    root.append(this.box);
  }

  update({ key, title, mono }) {
    this.box.setAttribute("aria-label", title);
    this.box.classList.toggle("live-mono", Boolean(mono));
    if (key === this.key) return;
    this.stop?.();
    this.key = key;
    this.stop = watch(key, (state, step) => this.draw(state, step));
  }

  draw({ text, columns, rows, strong }, step) {
    this.text.hidden = !text;
    set(this.text, text ?? "");
    this.table.hidden = !rows;
    if (rows) {
      fill(this.head, columns ?? [], "th");
      while (this.body.children.length > rows.length) this.body.lastChild.remove();
      while (this.body.children.length < rows.length) this.body.append(document.createElement("tr"));
      rows.forEach((row, i) => {
        fill(this.body.children[i], row, "td");
        this.body.children[i].classList.toggle("live-strong", (strong ?? []).includes(i));
      });
    }
    this.box.dataset.step = step;
  }

  remove() {
    this.stop?.();
    this.box.remove();
  }
}

function fill(row, texts, tag) {
  while (row.children.length > texts.length) row.lastChild.remove();
  while (row.children.length < texts.length) row.append(document.createElement(tag));
  texts.forEach((text, i) => set(row.children[i], String(text ?? "–")));
}

function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
