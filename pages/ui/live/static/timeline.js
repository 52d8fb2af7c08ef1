// The timeline: a slider over the steps that the run has made. Dragging it shows the run as it was; nothing is changed.

import { listen, send } from "./channel.js";
import { region } from "./elements.js";
import { calm, glide } from "./glide.js";

const POSITIONS = 1000; // of the slider: it moves in log steps, so that the beginning has room
const REST_MS = 180; // after which the very step is wanted, not only one that is remembered close by
const LEAD_MS = 500; // for which the slider stays where it was put, until a picture of that step arrives
const PACES = [["10", "in 10 seconds"], ["20", "in 20 seconds"], ["40", "in 40 seconds"]];

// What belongs to the past lies over the page, so that nothing moves under the finger when it appears.
const HTML = `
  <div class="live-back" hidden><span>You look at the past. The run itself is not changed.</span>
    <button type="button" class="live-button" data-do="now" title="Back to the run as it is now (Escape)" aria-keyshortcuts="Escape">Back to now</button>
    <button type="button" class="live-button" data-do="go" title="The run goes back to this step, and trains on from there">Continue from here</button>
    <label title="As a pinned run of the playground"><input type="checkbox" checked>keep what came after</label></div>
  <button type="button" class="live-button" data-do="replay" title="Play the run again from its first step: the beginning slowly">Replay</button>
  <select aria-label="Replay pace" translate="no"></select>
  <label>Timeline<input type="range" min="0" max="${POSITIONS}" step="1" value="${POSITIONS}" aria-label="Timeline"></label>
  <span class="live-at">step <input type="text" inputmode="numeric" aria-label="Step to look at" autocomplete="off"></span>
  <p role="status"></p>`;

export class Timeline {
  constructor(root) {
    this.box = region("section", "live-timeline", "Timeline of the run", HTML);
    root.append(this.box);
    const find = (selector) => this.box.querySelector(selector);
    [this.slider, this.field, this.keep, this.said] = ["[type=range]", "[type=text]", "[type=checkbox]", "p"].map(find);
    [this.replayButton, this.pace, this.back] = ["[data-do=replay]", "select", ".live-back"].map(find);
    for (const [seconds, text] of PACES) this.pace.add(new Option(text, seconds));
    this.slider.oninput = () => this.drag();
    this.slider.onpointerdown = () => void (this.held = true); // to move it under the finger would be to drag it
    this.slider.onpointerup = this.slider.onpointercancel = () => void (this.held = false);
    this.field.onkeydown = (event) => {
      if (event.key === "Enter") this.typed(); // and nothing returned: a false would cancel every other key
    };
    this.field.onchange = () => this.typed();
    this.field.onblur = () => {
      this.field.value = this.written = number(this.step ?? 0); // also after what was no step
    };
    this.box.onclick = (event) => this.press(event.target.closest("[data-do]")?.dataset.do);
    this.keys = (event) => event.key === "Escape" && this.looking !== null && this.press("now");
    document.addEventListener("keydown", this.keys);
    this.stop = listen((status) => this.show(status));
  }

  update(data, { setTriggerValue }) {
    this.choose = (step, keep) => setTriggerValue("chosen", { step, keep });
  }

  press(name) {
    if (name === "replay" && !this.playing) return this.replay();
    if (name === "replay") {
      this.rest();
      this.look(this.wish, true);
    }
    if (name === "now") {
      this.rest();
      if (this.back.contains(document.activeElement)) this.slider.focus(); // its button is about to go
      send({ name: "now" });
    } else if (name === "go") {
      this.rest();
      this.slider.focus(); // its button is about to go
      this.choose(this.step, this.keep.checked);
    }
  }

  // Each place of the slider is a step; the last one is now.
  stepAt(position) {
    return Math.round(Math.expm1((position / POSITIONS) * Math.log1p(this.latest)));
  }

  positionOf(step) {
    return this.latest ? Math.round((POSITIONS * Math.log1p(step)) / Math.log1p(this.latest)) : POSITIONS;
  }

  drag() {
    const position = Number(this.slider.value);
    if (this.playing) this.rest();
    if (position >= POSITIONS) return this.press("now");
    this.look(this.stepAt(position));
  }

  // At most one wish for each picture: while a drag goes on, the last one remembered up to each step is shown.
  look(step, exact = false) {
    clearTimeout(this.resting);
    [this.wish, this.answered, this.lead] = [step, false, performance.now() + LEAD_MS];
    if (exact) send({ name: "look", value: { step, exact } });
    else {
      this.asked ??= requestAnimationFrame(() => {
        this.asked = null;
        send({ name: "look", value: { step: this.wish, exact: false } });
      });
      this.resting = setTimeout(() => this.look(this.wish, true), REST_MS);
    }
  }

  typed() {
    const text = this.field.value.replace(/[\s,.’'_]/g, "");
    if (this.field.value === this.written) return;
    this.written = null; // so that the field soon says again where the page is
    if (!/^\d+$/.test(text)) return this.tell(`“${this.field.value.slice(0, 12)}” is no step. Type a whole number.`);
    const step = Math.min(Number(text), this.latest);
    this.tell(Number(text) > this.latest ? `The run has come to step ${number(this.latest)} so far.` : "");
    this.press("now");
    if (step < this.latest) this.look(step, true);
  }

  replay() {
    if (!this.latest) return this.tell("There is nothing to replay yet. Press Play first.");
    const [begin, seconds, latest] = [performance.now(), Number(this.pace.value), this.latest];
    glide(!calm());
    this.replayButton.textContent = "Stop";
    const next = (now) => {
      const share = Math.min(1, (now - begin) / (1000 * seconds));
      const step = Math.round(Math.expm1(share * Math.log1p(latest)));
      if (share >= 1 || step >= this.latest) {
        this.rest();
        return send({ name: "now" });
      }
      if (step !== this.wish) {
        this.wish = step;
        send({ name: "look", value: { step, exact: false } });
      }
      this.playing = setTimeout(() => requestAnimationFrame(next), 40);
    };
    this.playing = setTimeout(() => requestAnimationFrame(next), 0);
  }

  // No replay any more, and nothing that waits to be asked for.
  rest() {
    clearTimeout(this.playing);
    clearTimeout(this.resting);
    cancelAnimationFrame(this.asked);
    this.asked = this.playing = null;
    this.replayButton.textContent = "Replay";
    glide(false);
  }

  show({ step, latest, looking, network }) {
    if (network !== this.network) this.rest();
    [this.latest, this.looking, this.step, this.network] = [latest, looking, step, network];
    const past = looking !== null;
    this.box.classList.toggle("live-past", past);
    this.back.hidden = !past;
    this.slider.disabled = this.replayButton.disabled = !latest;
    const position = String(past ? this.positionOf(looking) : POSITIONS);
    if (looking === this.wish) this.answered = true;
    const leads = this.held || (!this.answered && performance.now() < this.lead); // what it asked for is on its way
    if (!leads && this.slider.value !== position) this.slider.value = position;
    this.slider.setAttribute("aria-valuetext", past ? `step ${number(step)} of ${number(latest)}` : `now, step ${number(latest)}`);
    const text = number(step);
    if (document.activeElement !== this.field && this.written !== text) this.field.value = this.written = text;
    if (past && !this.past) this.tell("");
    this.past = past;
  }

  tell(text) {
    if (this.said.textContent !== text) this.said.textContent = text;
  }

  remove() {
    this.rest();
    this.stop();
    document.removeEventListener("keydown", this.keys);
    this.box.remove();
  }
}

function number(value) {
  return value.toLocaleString("en");
}
