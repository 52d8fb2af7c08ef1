// The settings panel: every setting in groups, made from the table of settings; it also keeps the link up to date.

import { listen, send } from "./channel.js";
import { control } from "./controls.js";

const KEEP_MS = 400;

export class Panel {
  constructor(root) {
    this.root = root;
    this.box = document.createElement("div");
    this.box.className = "live-panel";
    root.append(this.box);
  }

  update({ groups, names, folded }) {
    if (!this.controls) this.make(groups, names);
    if (folded !== this.folded) this.fold(folded);
    this.folded = folded;
  }

  // Folded on a page of another kind than the one before; what a reader opens there stays open.
  fold(folded) {
    if (folded || this.folded) for (const details of this.box.querySelectorAll("details")) details.open = !folded && details.dataset.open === "true";
  }

  make(groups, names) {
    this.controls = new Map();
    this.names = names;
    for (const group of groups) this.box.append(this.group(group));
    const defaults = document.createElement("button");
    defaults.type = "button";
    defaults.className = "live-button live-quiet";
    defaults.textContent = "Reset all settings";
    defaults.onclick = () => send({ name: "defaults" });
    this.box.append(defaults);
    this.stop = listen((status) => this.show(status));
    this.keeping = setInterval(() => this.link && keepLink(this.link, this.kept), KEEP_MS); // another page has lost it
  }

  group({ title, specs, open }) {
    const details = document.createElement("details");
    details.open = open;
    details.dataset.open = open;
    const summary = document.createElement("summary");
    summary.textContent = title;
    details.append(summary);
    for (const spec of specs) {
      const made = control(spec);
      this.controls.set(spec.name, made);
      details.append(made.element);
    }
    return details;
  }

  show(status) {
    this.controls.get("word_list")?.offer("own", status.own);
    this.controls.get("train_examples")?.explain(status.settings.word_list);
    for (const [name, made] of this.controls)
      made.show(status.settings[name], name === "train_examples" ? status.available : undefined);
    this.link = status.link;
    this.kept = [...this.names, "run", "mine", "class", "replica", "lesson"];
    keepLink(this.link, this.kept);
  }

  remove() {
    this.stop?.();
    clearInterval(this.keeping);
    this.box.remove();
  }
}

// Put the run into the address bar, and leave whatever else stands there.
function keepLink(link, names) {
  const url = new URL(window.location.href);
  for (const name of names) {
    if (name in link) url.searchParams.set(name, link[name]);
    else url.searchParams.delete(name);
  }
  if (url.href !== window.location.href) window.history.replaceState(window.history.state, "", url);
}
