// Streamlit runs a component's code at its mount and again whenever its data or the theme has changed. This keeps one
// object for each place on the page, and takes it away when the place is really gone.

import "./arrival.js";
import { Bridge } from "./bridge.js";
import { Chart } from "./chart.js";
import "./comma.js";
import { Contents } from "./contents.js";
import { Guide } from "./guide.js";
import { Panel } from "./panel.js";
import "./popover.js";
import { Scrub } from "./scrub.js";
import { Text } from "./text.js";
import { Timeline } from "./timeline.js";
import { Transport } from "./transport.js";
import { Verdict } from "./verdict.js";
import { Words } from "./words.js";
import { Writer } from "./writer.js";

const KINDS = { bridge: Bridge, chart: Chart, contents: Contents, guide: Guide, panel: Panel, scrub: Scrub, text: Text, timeline: Timeline, transport: Transport, verdict: Verdict, words: Words, writer: Writer };
const mounted = new WeakMap(); // parentElement -> object

export function mount(component) {
  const { parentElement } = component;
  const data = JSON.parse(component.data.json);
  const root = parentElement.querySelector(".live-root") ?? parentElement;
  if (!root.isConnected) return; // the page was left before our scripts had come
  if (!mounted.has(parentElement)) mounted.set(parentElement, new KINDS[data.kind](root));
  const dark = isDark(root);
  document.documentElement.classList.toggle("live-dark", dark);
  mounted.get(parentElement).update({ ...data, dark: dark ? data.dark : null }, component);
}

export function unmount({ parentElement }) {
  if ((parentElement.host ?? parentElement).isConnected) return; // a newer run of the same place is alive
  mounted.get(parentElement)?.remove();
  mounted.delete(parentElement);
}

function isDark(element) {
  const probe = document.createElement("span");
  probe.style.color = "var(--st-background-color)";
  probe.style.forcedColorAdjust = "none"; // forced colours would tell of the text
  element.append(probe);
  const [red, green, blue] = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number);
  probe.remove();
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}
