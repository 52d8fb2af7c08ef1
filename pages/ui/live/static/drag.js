// Dragging in a chart: where the pointer is goes out as long as the button is down, as often as can be shown.

const SEND_MS = 40;

// placeAt([clientX, clientY]) gives {x, y, inside} on the axes; send({x, y, phase}) takes them away.
export function listenToDrags(plot, placeAt, send) {
  plot.addEventListener("pointerdown", (down) => {
    const begun = placeAt([down.clientX, down.clientY]);
    if (down.button !== 0 || !begun.inside) return;
    let latest = begun;
    let timer = null;
    const tell = (phase) => send({ x: latest.x, y: latest.y, phase });
    const move = (event) => {
      latest = placeAt([event.clientX, event.clientY]);
      timer ??= setTimeout(() => {
        timer = null;
        tell("move");
      }, SEND_MS);
    };
    const end = (event) => {
      clearTimeout(timer);
      for (const name of ["pointermove", "pointerup", "pointercancel"])
        window.removeEventListener(name, name === "pointermove" ? move : end, true);
      if (event.type === "pointerup") {
        latest = placeAt([event.clientX, event.clientY]);
        tell("move");
      }
      tell("end");
    };
    tell("begin");
    window.Plotly?.Fx.unhover(plot); // its note would stay where the drag began
    window.addEventListener("pointermove", move, true);
    window.addEventListener("pointerup", end, true);
    window.addEventListener("pointercancel", end, true);
  });
}
