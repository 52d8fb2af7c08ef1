// Streamlit draws an open popover at the end of the page. Tab goes into it from its button, and on from there after its
// last place, as if it stood below the button.

const PLACES = "button, input, select, textarea, a[href], [tabindex='0']";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Tab" || event.ctrlKey || event.altKey || event.metaKey) return;
  const body = document.querySelector("[data-testid=stPopoverBody]");
  const button = body && document.querySelector("[data-testid=stPopoverButton][aria-expanded=true]");
  if (!button) return;
  const places = [...body.querySelectorAll(PLACES)].filter(reached);
  const [first, last, here] = [places[0], places.at(-1), document.activeElement];
  if (here === button && !event.shiftKey) {
    first?.focus();
    event.preventDefault();
  } else if (here === first && event.shiftKey) {
    button.focus();
    event.preventDefault();
  } else if (here === last && !event.shiftKey) button.focus(); // and Tab goes on from there
}, true);

// Of the radio buttons of a group Tab reaches the chosen one alone.
function reached(place) {
  return place.checkVisibility() && !place.disabled && place.tabIndex >= 0 && (place.type !== "radio" || place.checked);
}
