// The transport bar: play, step, epoch and speed, what is pressed seldomer behind "More", and the numbers that matter.

import { follow, listen, send } from "./channel.js";
import { region } from "./elements.js";
import { Keys, scrolls, single } from "./keys.js";
import { lecturing, switchLecture, whenSwitched } from "./lecture.js";
import { Link } from "./link.js";
import { readStored, writeStored } from "./stored.js";

const PACES = [
  ["watch", "Watch: slow at first"],
  ["", "Full speed"],
  ["100", "100 steps per second"],
  ["10", "10 steps per second"],
  ["3", "3 steps per second"],
  ["1", "1 step per second"],
];
const NUMBERS = [
  ["step", "Step", "Parameter updates so far."],
  ["epoch", "Epoch", "How many times it has gone through all training examples."],
  ["train", "Train loss", "Mean cross-entropy on the training examples, in nats."],
  ["dev", "Dev loss", "Mean cross-entropy on the dev split, which the network never trains on, in nats."],
];

const CONNECTIONS = {
  reconnecting: "The connection was lost. Reconnecting… What you press is kept for a few seconds.",
  slow: "This page runs slowly: something between browser and server (a proxy or a firewall) does not let its live connection, a WebSocket, through.",
};

let paceTold = false; // once a tab: another tab may have chosen another since

const WELCOME_MS = 2500; // after which the app begins by itself, for who has never been here
const WELCOME_STEPS = 20000;
const GREETED = "live-greeted";
const arrivedWith = location.search; // a link says what is wanted; without one nothing is

const HEADER = 3.75; // rem that Streamlit's own bar takes at the top; live.css says so too

const HTML = `
  <div class="live-buttons">
    <button type="button" class="live-button live-main" data-do="play" aria-keyshortcuts="Space"></button>
    <button type="button" class="live-button" data-do="step" title="One parameter update (→ key)" aria-keyshortcuts="ArrowRight">Step</button>
    <button type="button" class="live-button" data-do="epoch" title="Train to the end of the current epoch (one pass over the training examples)">Epoch</button>
    <select aria-label="Speed"></select>
    <details class="live-more"><summary class="live-button">More</summary><div class="live-menu">
      <button type="button" class="live-button live-narrow" data-do="epoch" title="Train to the end of the current epoch">Epoch</button>
      <button type="button" class="live-button" data-do="reset" title="Start over: same settings, same seed, step 0">Reset</button>
      <button type="button" class="live-button" data-do="new_seed" title="The next seed: new random weights, and train, dev and test are dealt anew">New seed</button>
      <span class="live-run"><button type="button" class="live-button" data-do="run_epochs">Run epochs</button>
        <input type="number" min="1" max="100000" value="10" aria-label="Number of epochs"></span>
      <button type="button" class="live-button" data-do="link" title="A link that opens this very run: its settings, every change, and its step" aria-expanded="false">Copy link</button>
      <button type="button" class="live-button" data-do="keys" title="Which keys there are, and a switch for them (? key)">Keys</button>
    </div></details>
    <button type="button" class="live-button" data-do="lecture" title="For a projector: everything larger, and the settings out of sight">Lecture</button>
  </div>
  <dl class="live-numbers" aria-label="Numbers"></dl>
  <div class="live-link" hidden></div>
  <p class="live-connection" role="status" hidden></p>
  <p class="live-note"><span role="status"></span>
    <button type="button" class="live-button live-undo" data-do="undo" title="Back to the run before, at the step it had" hidden>Undo</button>
    <small><span data-number="parameters" title="How many numbers the network learns"></span><span data-number="speed"></span></small></p>
  <progress max="1" value="0" aria-label="Progress" hidden></progress>`;

export class Transport {
  constructor(root) {
    this.root = root;
    this.box = region("section", "live-transport", "Transport", HTML);
    root.append(this.box);
    const find = (selector) => this.box.querySelector(selector);
    [this.play, this.runButton] = [find("[data-do=play]"), find("[data-do=run_epochs]")];
    [this.count, this.pace, this.progress, this.note] = ["input", "select", "progress", ".live-note"].map(find);
    [this.said, this.undo] = [find(".live-note span"), find("[data-do=undo]")];
    this.connection = find(".live-connection");
    this.link = new Link(find("[data-do=link]"), find(".live-link"));
    for (const [value, text] of PACES) this.pace.add(new Option(text, value));
    this.numbers = new Map(NUMBERS.map((number) => [number[0], this.number(find("dl"), ...number)]));
    this.more = find(".live-more");
    [this.parameters, this.speed] = [find("[data-number=parameters]"), find("[data-number=speed]")];
    this.box.onclick = (event) => this.press(event.target.closest("[data-do]")?.dataset.do);
    this.outside = ({ target }) => this.more.contains(target) || this.fold();
    document.addEventListener("pointerdown", this.outside);
    this.more.onkeydown = (event) => {
      if (event.key !== "Escape" || !this.more.open) return;
      event.stopPropagation(); // or else it would also leave the past
      this.fold();
      this.more.firstChild.focus();
    };
    this.pace.title = "Watch: the first hundred steps take ten seconds, each tenfold after that five";
    this.pace.onchange = () => choosePace(this.pace.value);
    this.list = new Keys(this.box);
    this.lecture();
    if (!paceTold) choosePace(storedPace());
    if (!arrivedWith && !readStored(GREETED)) this.greet();
    this.stop = listen((status) => this.show(status));
    this.unfollow = follow((state) => this.connected(state));
    this.keys = (event) => this.key(event);
    document.addEventListener("keydown", this.keys);
    this.observe();
    this.unswitch = whenSwitched(() => this.observe());
  }

  // See whether the bar is at the top of the window, below Streamlit's own.
  observe() {
    this.sight?.disconnect();
    this.top = HEADER * parseFloat(getComputedStyle(document.documentElement).fontSize) + 1;
    this.sight = new IntersectionObserver(([entry]) => this.stick(entry), { rootMargin: `-${this.top}px 0px 0px 0px`, threshold: 1 });
    this.sight.observe(this.root);
  }

  // Who has never been here sees the network learn within seconds; whoever touches anything before is left alone.
  greet() {
    const stop = () => {
      clearTimeout(this.welcome);
      for (const name of ["pointerdown", "keydown"]) document.removeEventListener(name, stop, true);
    };
    for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, stop, true);
    this.welcome = setTimeout(() => {
      stop();
      writeStored(GREETED, "yes");
      if (this.playing !== false || !this.untrained || !document.querySelector("h1.welcome")) return;
      send({ name: "play" });
      this.alone = true;
      for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, () => (this.alone = false), { capture: true, once: true });
    }, WELCOME_MS);
  }

  // What began by itself ends by itself where the story is told, if nobody has touched anything.
  endWelcome(step) {
    if (!this.alone || step < WELCOME_STEPS) return;
    this.alone = false;
    send({ name: "end_welcome" });
  }

  // At the top of the window, where the style sheet lets it stick, the bar is one line; what is below does not move up.
  stick({ intersectionRatio, boundingClientRect }) {
    const stuck = intersectionRatio < 1 && boundingClientRect.top <= this.top;
    if (stuck === this.box.classList.contains("live-stuck")) return;
    this.root.style.minHeight = stuck ? `${this.box.getBoundingClientRect().height}px` : "";
    this.box.classList.toggle("live-stuck", stuck);
  }

  number(list, key, label, help) {
    const item = document.createElement("div");
    item.title = help;
    item.classList.toggle("live-extra", key === "epoch");
    item.innerHTML = `<dt></dt><dd data-number="${key}">–</dd>`;
    item.firstChild.textContent = label;
    list.append(item);
    return item.lastChild;
  }

  // What a class does not use is out of sight.
  update({ hidden }) {
    for (const name of hidden) this.box.querySelector(`[data-do=${name}]`).hidden = true;
  }

  connected(state) {
    this.connection.hidden = !state;
    set(this.connection, CONNECTIONS[state] ?? "");
  }

  lecture() {
    this.box.querySelector("[data-do=lecture]").setAttribute("aria-pressed", String(lecturing()));
  }

  fold() {
    this.more.open = false;
  }

  press(name) {
    if (name && this.more.contains(document.activeElement)) {
      this.fold();
      this.more.firstChild.focus();
    }
    if (name && name !== "link") this.link.close();
    if (name === "play") send({ name: this.playing ? "pause" : "play" });
    else if (name === "lecture") this.lecture(switchLecture());
    else if (name === "keys") this.list.show();
    else if (name === "link") this.link.toggle();
    else if (name === "run_epochs") send(this.running ? { name: "pause" } : { name, value: Number(this.count.value) || 1 });
    else if (name) send({ name });
  }

  key(event) {
    const place = event.composedPath()[0];
    if (!single(event) || place.closest?.("input, [role=slider], [role=tab], [role=radio], dialog")) return;
    if (event.key === "?") this.list.show();
    else if (event.shiftKey) return; // it selects, or scrolls back
    else if (event.key === " " && !scrolls() && !place.closest?.("button, a, summary")) this.press("play");
    else if (event.key === "ArrowRight" && !place.closest?.("button:not(.live-transport *), a, summary, [role=region], .live-scrolls")) this.press("step");
    else return;
    event.preventDefault();
  }

  show(status) {
    this.playing = status.playing;
    this.untrained = !status.step;
    if (this.network !== status.network) this.link.close(); // it was of another one
    this.network = status.network;
    this.endWelcome(status.step);
    this.play.classList.toggle("live-asks", this.untrained && !status.playing);
    this.running = Boolean(status.goal);
    set(this.play, status.playing ? "Pause" : "Play");
    this.play.classList.toggle("live-playing", status.playing);
    set(this.runButton, this.running ? "Stop" : "Run epochs");
    const late = status.lossesAt === status.step ? "" : ` at step ${status.lossesAt.toLocaleString("en")}`;
    const shown = {
      step: status.step.toLocaleString("en"),
      epoch: status.epoch.toFixed(2),
      train: short(status.train),
      dev: short(status.dev),
    };
    set(this.parameters, `${status.parameters.toLocaleString("en")} parameters`);
    set(this.speed, status.playing ? `${status.speed.toLocaleString("en")} steps per second` : "");
    for (const [key, text] of Object.entries(shown)) set(this.numbers.get(key), text);
    for (const key of ["train", "dev"]) this.numbers.get(key).previousSibling.dataset.late = late;
    this.progress.hidden = !this.running;
    if (this.running) this.progress.value = (status.step - status.goal[0]) / Math.max(1, status.goal[1] - status.goal[0]);
    if (document.activeElement !== this.pace) this.pace.value = status.pace === null ? "" : String(status.pace);
    set(this.said, status.diverged ?? status.note);
    this.undo.hidden = !status.undo;
    this.note.classList.toggle("live-bad", Boolean(status.diverged));
  }

  remove() {
    this.stop();
    this.unfollow();
    this.unswitch();
    clearTimeout(this.welcome);
    this.sight.disconnect();
    document.removeEventListener("keydown", this.keys);
    document.removeEventListener("pointerdown", this.outside);
    this.box.remove();
  }
}

// The pace that was chosen last in this browser; who is new here is shown the beginning slowly.
function storedPace() {
  const pace = readStored("live-pace");
  return PACES.some(([value]) => value === pace) ? pace : "watch";
}

function choosePace(pace) {
  paceTold = true;
  writeStored("live-pace", pace);
  send({ name: "pace", value: pace === "" ? null : Number(pace) || pace });
}

// A loss to four decimals; after a divergence it may be so large that only its size is worth the room. Without a dev
// split there is none.
function short(loss) {
  if (loss === null) return "none";
  return loss < 10000 ? loss.toFixed(4) : loss.toExponential(1);
}

function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
