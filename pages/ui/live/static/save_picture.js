// A chart as a file: a picture in dots or in lines, or a page that needs no server.

import { ADDRESS } from "./plotly.js";

const TITLE_ROOM = 44; // px above the chart, for what the page writes there

// Buttons that save what `current()` gives: {figure, title, label, step, background, width, height}, or null.
export function saveButtons(current) {
  const row = document.createElement("p");
  row.className = "live-save";
  row.append("Save this chart: ");
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  for (const [text, make] of KINDS) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "live-button";
    button.textContent = text;
    button.onclick = async () => {
      const chart = current();
      try {
        if (chart) download(...(await make(chart)), chart.title);
        said.textContent = chart ? " Saved." : " There is nothing to save yet.";
      } catch {
        said.textContent = " The chart could not be saved. Try again.";
      }
    };
    row.append(button);
  }
  row.append(said);
  return row;
}

// What it can be saved as, and how: make(chart) gives the file and the ending of its name.
const KINDS = [
  ["PNG", (chart) => picture(chart, "png", 2)],
  ["SVG", (chart) => picture(chart, "svg", 1)],
  ["Interactive page", page],
];

// The chart on its page's ground, with its title, as it is now.
function complete({ figure, title, step, background }) {
  const { layout, data } = figure;
  const margin = { ...layout.margin, t: (layout.margin?.t ?? 40) + TITLE_ROOM };
  const text = step === undefined ? title : `${title}, step ${Number(step).toLocaleString("en-GB")}`;
  return {
    data,
    layout: {
      ...layout, margin, paper_bgcolor: background, plot_bgcolor: background, autosize: true,
      height: layout.height && layout.height + TITLE_ROOM,
      title: { text: escaped(text), x: 0.02, xanchor: "left", y: 0.98, yanchor: "top", yref: "container" },
    },
  };
}

async function picture(chart, format, scale) {
  const figure = complete(chart);
  const size = { width: chart.width, height: chart.height + TITLE_ROOM };
  figure.layout.height = size.height;
  const url = await window.Plotly.toImage(figure, { format, scale, ...size });
  return [await (await fetch(url)).blob(), format];
}

async function page(chart) {
  const whole = complete(chart);
  delete whole.layout.height; // it fills the window
  const plotly = await (await fetch(ADDRESS)).text();
  const figure = JSON.stringify(whole).replaceAll("<", "\\u003c");
  const html = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">
<title>${escaped(chart.title)}</title>
<style>html, body, #chart { height: 100%; } body { margin: 0; background: ${chart.background}; font: 1rem sans-serif; }</style>
<div id="chart" role="img" aria-label="${escaped(chart.label)}"></div>
<script>${plotly.replaceAll("</script", "<\\/script")}</script>
<script>Plotly.newPlot("chart", ...Object.values(${figure}), { displaylogo: false, responsive: true, modeBarButtonsToRemove: ["sendChartToCloud"] });</script>
</html>`;
  return [new Blob([html], { type: "text/html" }), "html"];
}

function download(blob, ending, title) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-")}.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function escaped(text) {
  return String(text).replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
}
