// The panel of a guided lesson: what it says and asks, Back and Next, and the outline of what it speaks of.

import { send, show } from "./channel.js";
import { fill, region, set } from "./elements.js";
import { single } from "./keys.js";

const ON_EVERY_PAGE = { // what has no view of its own name
  play: "[data-do=play]", step: ".live-transport [data-do=step]", losses: ".live-numbers",
  settings: ".st-key-live-panel", timeline: ".live-timeline", "lab-network": ".st-key-lab_network",
};
const LOOK_MS = 300, MARGIN = 14;
const PATIENCE_MS = 8000; // for which a target may be on its way, as on a page that has just been opened

const HTML = `
  <header><b></b><span class="live-guide-place"></span><span role="status"></span>
    <button type="button" class="live-button" data-do="train"></button>
    <button type="button" class="live-button" data-do="back" title="The step before (P key)" aria-keyshortcuts="P">Back</button>
    <button type="button" class="live-button" data-do="next" title="The next step (N key)" aria-keyshortcuts="N">Next</button>
    <button type="button" class="live-button" data-do="fold" aria-expanded="true" title="Fold the lesson to one line">Fold</button>
    <button type="button" class="live-button" data-do="leave" title="Leave the lesson; it can be resumed later">Leave</button></header>
  <div class="live-guide-body">
    <p class="live-guide-say" role="status"></p>
    <div class="live-guide-ask" role="group" aria-label="Question"><p></p><ol></ol></div>
    <p class="live-guide-why" role="status"></p>
  </div>`;

export class Guide {
  constructor(root) {
    this.box = region("section", "live-guide", "Guided lesson", HTML);
    root.append(this.box);
    const find = (selector) => this.box.querySelector(selector);
    [this.title, this.place, this.say] = ["header b", ".live-guide-place", ".live-guide-say"].map(find);
    [this.ask, this.question, this.choices] = [".live-guide-ask", ".live-guide-ask p", "ol"].map(find);
    this.why = find(".live-guide-why");
    [this.back, this.next, this.train] = ["[data-do=back]", "[data-do=next]", "[data-do=train]"].map(find);
    [this.missing, this.fold] = ["header [role=status]", "[data-do=fold]"].map(find);
    this.box.onclick = (event) => this.press(event.target.closest("[data-do]")?.dataset.do);
    this.choices.onclick = (event) => this.answer(event.target.closest("button"));
    this.keys = (event) => this.keyed(event);
    document.addEventListener("keydown", this.keys);
    this.outline = document.head.appendChild(document.createElement("style"));
  }

  update({ key }, { setTriggerValue }) {
    this.tell = (name) => setTriggerValue("pressed", name);
    show(this, key);
  }

  press(name) {
    if (name === "fold") this.setFolded(!this.folded);
    else if (name === "train") send({ name: "guide-train" });
    else if (name) this.tell(name);
  }

  setFolded(folded) {
    this.folded = folded;
    this.box.classList.toggle("live-folded", folded);
    this.fold.setAttribute("aria-expanded", String(!folded));
    set(this.fold, folded ? "Unfold" : "Fold");
  }

  answer(button) {
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    send({ name: "guide-answer", value: [...this.choices.querySelectorAll("button")].indexOf(button) });
  }

  keyed(event) {
    if (event.shiftKey || !single(event)) return;
    const asks = this.shown?.question && this.shown.chosen === null;
    const place = Number(event.key) - 1;
    if (asks && place >= 0 && place < this.shown.choices.length) this.answer(this.choices.children[place].firstChild);
    else if (event.key === "n" || event.key === "N") {
      if (asks) this.choices.querySelector("button").focus(); // it is not passed over by a key
      else this.press("next");
    }
    else if ((event.key === "p" || event.key === "P") && !this.back.disabled) this.press("back");
  }

  draw(state) {
    this.box.hidden = !state.title;
    if (!state.title) return;
    const turned = state.title !== this.shown?.title || state.place !== this.shown.place;
    this.shown = state;
    set(this.title, state.title);
    set(this.place, `${state.place + 1} of ${state.count}`);
    set(this.say, state.say);
    set(this.question, state.question);
    this.ask.hidden = !state.question;
    fill(this.choices, state.choices.length, choice);
    state.choices.forEach((text, i) => this.showChoice(this.choices.children[i].firstChild, text, i, state));
    set(this.why, state.why ? `${state.chosen === state.right ? "Right." : "Not quite."} ${state.why}` : "");
    this.back.disabled = !state.place;
    const last = state.place + 1 === state.count;
    set(this.next, state.missing ? "Skip" : last ? "Finish" : "Next");
    this.next.classList.toggle("live-main", !state.missing);
    set(this.missing, state.missing || state.aside);
    set(this.train, state.train);
    this.train.hidden = !state.train;
    if (turned) this.setFolded(false);
    if (state.due && state.due !== this.asked) this.tell(`go on ${state.due}`);
    this.asked = state.due;
    this.point(state.target, turned);
  }

  showChoice(button, text, i, { chosen, right }) {
    set(button, text);
    const told = chosen !== null;
    button.setAttribute("aria-disabled", String(told));
    button.setAttribute("aria-pressed", String(chosen === i));
    button.dataset.verdict = !told ? "" : i === right ? "right" : i === chosen ? "wrong" : "other";
  }

  // An outline that follows the part of the page also where Streamlit makes it anew; once it is there it is brought
  // into sight.
  point(target, turned) {
    if (target === this.target && !turned) return;
    this.target = target;
    clearInterval(this.looking);
    const selector = target && (ON_EVERY_PAGE[target] ?? `.st-key-live-${target}`);
    this.outline.textContent = target
      ? `${selector} { outline: 3px solid var(--live-guide); outline-offset: 6px; border-radius: 4px; }`
      : "";
    if (!target) return;
    const until = performance.now() + PATIENCE_MS;
    let found = false;
    this.looking = setInterval(() => {
      const there = document.querySelector(selector);
      if (found || performance.now() > until) clearInterval(this.looking);
      if (there && found) this.bring(there);
      found = Boolean(there); // and what is above it has had a moment to come
    }, LOOK_MS);
  }

  // Between the bar and the panel; of what is higher than that the beginning.
  bring(part) {
    const top = document.querySelector(".live-transport")?.getBoundingClientRect().bottom ?? 60;
    const room = this.box.getBoundingClientRect().top - top;
    const box = part.getBoundingClientRect();
    if (box.top >= top && box.bottom <= top + room) return;
    const above = Math.max(MARGIN, (room - box.height) / 2);
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    document.querySelector('[data-testid="stMain"]').scrollBy({ top: box.top - top - above, behavior });
  }

  remove() {
    this.stop?.();
    clearInterval(this.looking);
    this.outline.remove();
    document.removeEventListener("keydown", this.keys);
    this.box.remove();
  }
}

function choice() {
  const item = document.createElement("li");
  const button = item.appendChild(document.createElement("button"));
  button.type = "button";
  button.className = "live-button";
  return item;
}
