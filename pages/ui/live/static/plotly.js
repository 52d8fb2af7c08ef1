// Plotly, fetched once for all charts, by the page's head already; a fetch that failed is not kept.

import { tryAgain } from "./again.js";

const AHEAD = 'script[src*="/plotly.min.js"]';

// With the version of Plotly in it: the browser keeps what it fetched there for good.
export const ADDRESS = document.querySelector(AHEAD)?.src ?? new URL("live/plotly.min.js", document.baseURI).href;

let plotly = null;

export function loadPlotly() {
  plotly ??= tryAgain(fetchPlotly).catch((error) => {
    plotly = null;
    throw error;
  });
  return plotly;
}

function fetchPlotly() {
  return new Promise((resolve, reject) => {
    if (window.Plotly) return resolve(window.Plotly);
    const script = document.querySelector(AHEAD) ?? document.createElement("script");
    script.addEventListener("load", () => resolve(window.Plotly));
    script.addEventListener("error", () => {
      script.remove();
      reject(new Error("plotly.min.js could not be fetched"));
    });
    if (script.isConnected) return;
    script.src = ADDRESS;
    document.head.append(script);
  });
}
