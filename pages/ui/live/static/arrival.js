// Who goes to another page begins at its heading: the focus goes there, where it would otherwise be lost with the link
// that was followed. Not at the first page, and not from a guided lesson or a field, where somebody is at work.

const LOOK_MS = 150;
const PATIENCE = 60; // looks, until the page's script has run
const WORKING = ".live-guide, input, textarea, select, dialog";

let place = location.pathname;
let patience = 0;

setInterval(() => {
  if (location.pathname !== place) [place, patience] = [location.pathname, PATIENCE];
  if (!patience || --patience > PATIENCE - 2) return; // the old page stands for a moment
  const ready = document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]");
  const heading = ready && [...document.querySelectorAll("h1")].find((h1) => h1.checkVisibility());
  if (!heading) return;
  patience = 0;
  if (document.activeElement?.closest(WORKING)) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}, LOOK_MS);
