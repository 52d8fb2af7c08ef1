// What every page here needs: its data, and charts in the colours of the reader's system.

const data = JSON.parse(document.getElementById("data").textContent);
const dark = matchMedia("(prefers-color-scheme: dark)");
const CONFIG = { responsive: true, displaylogo: false, displayModeBar: false };

/** Draws now, and again whenever the system turns dark or light. */
function whenColoursChange(drawAll) {
  drawAll();
  dark.addEventListener("change", drawAll);
}

function draw(element, figure) {
  const { data: traces, layout } = recoloured(figure);
  return Plotly.react(element, traces, layout, CONFIG);
}

/** A copy in which each colour of the light palette is, in the dark, the one of the same name. */
function recoloured(value) {
  if (typeof value === "string") return (dark.matches && data.darkFor[value]) || value;
  if (Array.isArray(value)) return value.map(recoloured);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, recoloured(part)]));
}
