// A decimal comma in a number field: browsers whose language has a decimal point drop it without a word, and 0,7 would
// become 7. It is a point there, as it is where people write it.

const OWN = (0.5).toLocaleString().includes(","); // this browser knows the comma itself

document.addEventListener("beforeinput", (event) => {
  if (OWN || event.data !== "," || event.target.type !== "number") return;
  event.preventDefault();
  document.execCommand("insertText", false, ".");
});
