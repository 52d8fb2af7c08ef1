// What to do when something could not be fetched: try a few times, then say so and offer a button.

const TRIES = 4;
const FIRST_WAIT_MS = 400;

export async function tryAgain(fetchIt) {
  for (let i = 1; ; i++) {
    try {
      return await fetchIt();
    } catch (error) {
      if (i === TRIES) throw error;
      await new Promise((done) => setTimeout(done, FIRST_WAIT_MS * 2 ** i));
    }
  }
}

export function offerAgain(place, text, again) {
  const box = document.createElement("p");
  box.className = "live-again";
  box.setAttribute("role", "alert");
  box.textContent = `${text} `;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "live-button";
  button.textContent = "Try again";
  button.onclick = () => {
    box.remove();
    again();
  };
  box.append(button);
  place.replaceChildren(box);
}
