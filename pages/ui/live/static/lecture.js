// Lecture mode: settings away, everything larger, and a spotlight on one figure. It is the page's alone; its link has it.

const NAME = "lecture";
const KEEP_MS = 400;
const CHART_TEXT = 18, LINE = 4;
const AROUND = 450; // pixels above and below the charts of the playground, which take the rest of the screen
const followers = new Set(); // called when it is switched on or off
let on = new URLSearchParams(location.search).get(NAME) === "yes";

export const lecturing = () => on;

export function whenSwitched(hear) {
  followers.add(hear);
  return () => followers.delete(hear);
}

export function switchLecture() {
  on = !on;
  unlight();
  apply();
  for (const hear of followers) hear();
}

// A figure as it is drawn on a projector: larger text, stronger lines.
export function enlarged(figure) {
  if (!on) return figure;
  const { data, layout } = figure;
  layout.font = { ...layout.font, size: CHART_TEXT };
  if (layout.height >= 360 && layout.height <= 440) layout.height = Math.min(640, Math.max(300, window.innerHeight - AROUND));
  for (const [name, axis] of Object.entries(layout)) if (/^[xy]axis/.test(name) && axis.title?.font) axis.title.font.size = CHART_TEXT;
  for (const trace of data) {
    if (trace.line?.width >= 2) trace.line.width = Math.max(LINE, 1.5 * trace.line.width);
    if (typeof trace.textfont?.size === "number") trace.textfont.size = Math.max(CHART_TEXT, trace.textfont.size);
  }
  return figure;
}

// One figure alone in the light; once more, or Escape, and all are.
export function light(box) {
  const again = box.classList.contains("live-lit");
  unlight();
  if (again) return;
  box.classList.add("live-lit");
  document.documentElement.classList.add("live-spotlight");
  box.scrollIntoView({ block: "center", behavior: "smooth" });
}

function unlight() {
  document.querySelector(".live-lit")?.classList.remove("live-lit");
  document.documentElement.classList.remove("live-spotlight");
}

function apply() {
  document.documentElement.classList.toggle("live-lecture", on);
  keepInAddress();
  window.dispatchEvent(new Event("resize")); // charts take the room that the settings leave
}

// Streamlit's links to other pages leave it out.
function keepInAddress() {
  const url = new URL(window.location.href);
  if (url.searchParams.has(NAME) === on) return;
  if (on) url.searchParams.set(NAME, "yes");
  else url.searchParams.delete(NAME);
  window.history.replaceState(window.history.state, "", url);
}

document.addEventListener("keydown", (event) => event.key === "Escape" && unlight());
setInterval(keepInAddress, KEEP_MS);
if (on) apply();
