// The single keys: which there are, and the switch that turns them off for who speaks to the computer or types by chance
// (WCAG 2.1.4). The browser remembers it.

import { readStored, writeStored } from "./stored.js";

const NAME = "live-keys";
const OFF = "off";
const LONG = 2; // windows: on a page longer than that, Space scrolls as on any other
const KEYS = [
  ["Space", "play and pause; on a long page it scrolls, unless the bar has the focus"],
  ["→", "one step"],
  ["N, P, 1 to 5", "in a guided lesson: next, previous, and an answer"],
  ["B, U", "on the page Backward pass: one tensor back, undo"],
  ["Escape", "back to now from the timeline; ends the spotlight"],
  ["?", "this list"],
];
const SINGLE = /^[nNpPbBuU1-5?]$/;
const TYPING = "input:not([type=checkbox], [type=radio], [type=range], [type=button]), textarea, select, [contenteditable=true]";

let on = readStored(NAME) !== OFF;

// Whether a key that was pressed is one of ours: they are on, none is held with it, and nobody is typing.
export function single(event) {
  if (!on || event.ctrlKey || event.metaKey || event.altKey || event.repeat && event.key !== "ArrowRight") return false;
  return !event.composedPath()[0].closest?.(TYPING);
}

// Whether Space belongs to the page, which it scrolls.
export function scrolls() {
  const main = document.querySelector("[data-testid=stMain]");
  return Boolean(main) && main.scrollHeight > LONG * main.clientHeight;
}

// Streamlit's own shortcuts are switched off with ours.
window.addEventListener("keydown", (event) => {
  if (!on && SINGLE.test(event.key) && !event.composedPath()[0].closest?.(TYPING)) event.stopImmediatePropagation();
}, true);

// The list of keys, in a dialog of the browser's own.
export class Keys {
  constructor(root) {
    this.dialog = document.createElement("dialog");
    this.dialog.className = "live-keys";
    this.dialog.setAttribute("aria-labelledby", "live-keys-title");
    this.dialog.innerHTML = `<form method="dialog"><h2 id="live-keys-title">Keys</h2><dl></dl>
      <label><input type="checkbox"> Single keys work</label>
      <p>Tab, Enter and the arrows on a slider always do.</p><button class="live-button">Close</button></form>`;
    const list = this.dialog.querySelector("dl");
    for (const [key, what] of KEYS) {
      const line = list.appendChild(document.createElement("div"));
      line.append(document.createElement("dt"), document.createElement("dd"));
      [line.firstChild.textContent, line.lastChild.textContent] = [key, what];
    }
    const box = this.dialog.querySelector("input");
    box.checked = on;
    box.onchange = () => {
      on = box.checked;
      writeStored(NAME, on ? "" : OFF);
    };
    root.append(this.dialog);
  }

  show() {
    if (!this.dialog.open) this.dialog.showModal();
  }
}
