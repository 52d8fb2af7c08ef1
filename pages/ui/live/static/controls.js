// Settings as controls: a slider that acts while it is dragged with a field beside it, or a list of choices.

import { send } from "./channel.js";

const STEPS = 240;
const SEND_MS = 50;

// The values that a slider stops at, from lowest to highest; null is the last one where "all" or "full" is legal.
export function stops(spec, high) {
  if (spec.values) return spec.values;
  const values = [];
  const top = Math.max(spec.low, Math.min(spec.high, high ?? spec.high));
  if (spec.scale === "log") {
    const bottom = spec.low || 1e-6;
    if (!spec.low) values.push(0);
    for (let i = 0; i <= STEPS; i++) values.push(tidy(bottom * (top / bottom) ** (i / STEPS), spec.whole));
  } else if (spec.whole && top - spec.low > 2000) {
    for (let i = 0; i <= STEPS; i++) values.push(Math.round(spec.low + ((top - spec.low) * i) / STEPS));
  } else {
    const step = spec.step ?? (top - spec.low) / STEPS;
    for (let i = 0; spec.low + i * step <= top + 1e-9; i++) values.push(+(spec.low + i * step).toFixed(6));
  }
  const distinct = values.filter((value, i) => i === 0 || value !== values[i - 1]);
  return spec.none ? [...distinct, null] : distinct;
}

function tidy(value, whole) {
  return whole ? Math.round(value) : Number(value.toPrecision(2));
}

export function show(spec, value) {
  if (value === null) return spec.none;
  if (spec.choices) return spec.choices[String(value)] ?? String(value);
  return Math.abs(value) >= 10000 ? value.toLocaleString("en") : String(+Number(value).toPrecision(6));
}

// One slider with its field; change(value) is called while it is dragged, at most every SEND_MS.
export class Slider {
  constructor(spec, change) {
    this.spec = spec;
    this.stops = stops(spec);
    this.element = document.createElement("div");
    this.element.className = "live-slider";
    this.element.innerHTML = `<div class="live-line"><label></label><input type="text" inputmode="decimal"
      autocomplete="off" spellcheck="false"></div><input type="range" min="0" step="1">`;
    [this.field, this.range] = this.element.querySelectorAll("input");
    const label = this.element.querySelector("label");
    label.textContent = spec.label;
    label.title = spec.help;
    this.range.setAttribute("aria-label", spec.label);
    this.range.title = spec.help;
    this.field.setAttribute("aria-label", `${spec.label}, exact value`);
    this.range.oninput = () => this.dragged(change);
    this.range.onchange = () => (this.held = 0);
    this.field.onchange = () => change(this.field.value);
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.field.blur();
    });
    this.held = this.sent = 0;
  }

  // The help, and what there is to say besides on one word list.
  explain(list) {
    const help = [this.spec.help, this.spec.of_list?.[list]].filter(Boolean).join(" ");
    for (const element of [this.element.querySelector("label"), this.range]) if (element.title !== help) element.title = help;
  }

  dragged(change) {
    this.held = Date.now() + 1500;
    const value = this.stops[this.range.value];
    this.label(value);
    this.latest = value;
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.sent = Date.now();
      change(this.latest);
    }, Math.max(0, SEND_MS - (Date.now() - this.sent)));
  }

  // The server's word on the value; while the slider is dragged, the hand decides.
  show(value, high) {
    if (high !== this.high) {
      this.high = high;
      this.stops = stops(this.spec, high);
    }
    if (this.held > Date.now() || this.timer) return;
    this.range.max = this.stops.length - 1;
    this.range.value = this.nearest(value);
    this.label(value);
  }

  label(value) {
    const text = show(this.spec, value);
    this.range.style.setProperty("--filled", `${(100 * this.range.value) / Math.max(1, this.range.max)}%`);
    this.range.setAttribute("aria-valuetext", `${text} ${value === null ? "" : (this.spec.unit ?? "")}`.trim());
    if (document.activeElement !== this.field) this.field.value = text;
  }

  // The stop nearest to what was typed; where that is no number, the one it is at.
  typed(text) {
    if (this.spec.none && text.trim().toLowerCase() === this.spec.none) return this.nearest(null);
    const whole = this.stops.every((stop) => stop === null || Number.isInteger(stop));
    const grouped = whole && /^\s*\d{1,3}([,. ’'])\d{3}(\1\d{3})*\s*$/.test(text);
    const number = Number(grouped ? text.replace(/\D/g, "") : text.replace(",", "."));
    return text.trim() === "" || Number.isNaN(number) ? Number(this.range.value) : this.nearest(number);
  }

  nearest(value) {
    if (value === null) return this.stops.length - 1;
    let best = 0;
    this.stops.forEach((stop, i) => {
      if (stop !== null && Math.abs(stop - value) < Math.abs(this.stops[best] - value)) best = i;
    });
    return best;
  }
}

export class Choice {
  constructor(spec, change) {
    this.spec = spec;
    this.element = document.createElement("label");
    this.element.className = "live-choice";
    this.element.title = spec.help;
    this.select = document.createElement("select");
    const name = document.createElement("span");
    name.textContent = spec.label;
    this.element.append(name, this.select);
    this.values = Object.keys(spec.choices);
    for (const value of this.values) this.select.add(new Option(spec.choices[value], value));
    this.select.setAttribute("aria-label", spec.label);
    this.select.onchange = () => change(this.select.value);
  }

  // A choice under another label, or not at all where there is none.
  offer(value, label) {
    const option = this.select.options[this.values.indexOf(value)];
    if (!option || label === this.offered) return;
    this.offered = label;
    option.hidden = option.disabled = !label;
    option.textContent = label ?? "";
  }

  show(value) {
    if (document.activeElement !== this.select || this.select.value === this.last) this.select.value = String(value);
    this.last = String(value);
  }
}

export function control(spec) {
  const change = (value) => send({ name: "set", setting: spec.name, value: value === null ? spec.none : value });
  return spec.choices ? new Choice(spec, change) : new Slider(spec, change);
}
