// During a replay points glide from one remembered step to the next, instead of hopping.

const GLIDE_MS = 140;
const CALM = window.matchMedia("(prefers-reduced-motion: reduce)");

let gliding = false;

// Whether the reader has asked for less motion.
export function calm() {
  return CALM.matches;
}

// From now on, charts glide, or no longer.
export function glide(on) {
  gliding = on;
}

// Call draw(state) with states on the way from one state of a chart to the next, which has the same points in other
// places, and at last with that one; false where nothing is to glide. A function to break it off is given to `begin`.
export function glideTo(before, now, draw, begin) {
  if (!gliding || !before?.data || before.data.length !== now.data?.length) return false;
  const start = performance.now();
  let asked = 0;
  const next = (time) => {
    const share = Math.min(1, (time - start) / GLIDE_MS);
    draw(share < 1 ? between(before, now, share) : now);
    if (share < 1) asked = requestAnimationFrame(next);
  };
  asked = requestAnimationFrame(next);
  begin(() => cancelAnimationFrame(asked));
  return true;
}

function between(before, now, share) {
  return { ...now, data: now.data.map((trace, i) => mix(before.data[i], trace, share)) };
}

function mix(before, now, share) {
  if (before === now || !now.x || !now.y || before.x?.length !== now.x.length) return now;
  const part = (a, b) => (typeof a === "number" && typeof b === "number" ? a + share * (b - a) : b);
  return { ...now, x: now.x.map((x, i) => part(before.x[i], x)), y: now.y.map((y, i) => part(before.y[i], y)) };
}
