// Plays the states of a run: the slider says which one is shown, and Play moves the slider on.

const { map, loss, states } = data;
const [play, place, speed, names, mapChart, lossChart] = ["play", "place", "speed", "names", "map", "loss"].map(
  (id) => document.getElementById(id),
);
const last = states.length - 1;
let playing = false;
let timer;

if (matchMedia("(prefers-reduced-motion: reduce)").matches) speed.value = "500";
play.addEventListener("click", () => (playing ? pause() : start()));
place.addEventListener("input", show);
whenColoursChange(() => {
  placeLine();
  draw(lossChart, loss.figure);
  show();
});

function start() {
  playing = true;
  play.textContent = "Pause";
  if (at() === last) {
    place.value = 0;
    show();
  }
  timer = setTimeout(goOn, Number(speed.value));
}

function pause() {
  playing = false;
  play.textContent = "Play";
  clearTimeout(timer);
}

async function goOn() {
  const began = performance.now();
  place.value = Math.min(last, at() + 1);
  await show();
  if (!playing) return;
  if (at() === last) pause();
  else timer = setTimeout(goOn, Math.max(0, Number(speed.value) - (performance.now() - began)));
}

function at() {
  return Number(place.value);
}

/** Everything that the page says, as of the state that the slider is at. */
function show() {
  const state = states[at()];
  for (const id of ["step", "epoch", "train", "dev"]) document.getElementById(id).textContent = state[id];
  const said = `step ${state.step}, epoch ${state.epoch}, train loss ${state.train}, dev loss ${state.dev}`;
  place.setAttribute("aria-valuetext", said);
  names.replaceChildren(...state.names.map(listItem));
  lossChart.setAttribute("aria-label", state.label);
  mapChart.setAttribute("aria-label", map.states[at()].label);
  for (const chart of [mapChart, lossChart]) chart.dataset.step = state.at;
  placeLine();
  return Promise.all([drawMap(), Plotly.restyle(lossChart, { x: [line().x] }, [loss.here])]);
}

function drawMap() {
  const { x, y, ranges, annotations } = map.states[at()];
  const { data: traces, layout } = map.figure;
  traces.forEach((trace, number) => Object.assign(trace, { x: x[number], y: y[number] }));
  [layout.xaxis.range, layout.yaxis.range] = ranges;
  layout.annotations = annotations;
  return draw(mapChart, map.figure);
}

function placeLine() {
  line().x = [states[at()].at, states[at()].at];
}

function line() {
  return loss.figure.data[loss.here];
}

function listItem(name) {
  const item = document.createElement("li");
  item.textContent = name || "–";
  return item;
}
