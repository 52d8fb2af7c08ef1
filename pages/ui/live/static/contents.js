// What is on a long page: its sections, as a list beside it that leads to each and shows which one is in sight.

import { fill, region, set } from "./elements.js";

const LOOK_MS = 700; // Streamlit puts a page together bit by bit, and again when something is chosen
const READING = 0.35; // of the window's height: the section whose heading is the last above this line is being read

export class Contents {
  constructor(root) {
    this.box = region("nav", "live-contents", "On this page", "<ol></ol>");
    this.list = this.box.firstChild;
    this.list.onclick = (event) => this.lead([...this.list.children].indexOf(event.target.closest("li")));
    root.append(this.box);
    this.looking = setInterval(() => this.look(), LOOK_MS);
  }

  update() {
    this.look();
  }

  headings() {
    return [...document.querySelectorAll('[data-testid="stMain"] h2')].filter((heading) => heading.checkVisibility());
  }

  look() {
    const headings = this.headings();
    this.box.hidden = headings.length < 2;
    fill(this.list, headings.length, entry);
    const above = headings.filter((heading) => heading.getBoundingClientRect().top < READING * window.innerHeight).length;
    headings.forEach((heading, i) => {
      const button = this.list.children[i].firstChild;
      set(button, heading.textContent.trim());
      if (i === above - 1) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    });
  }

  lead(place) {
    const heading = this.headings()[place];
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  remove() {
    clearInterval(this.looking);
    this.box.remove();
  }
}

function entry() {
  const item = document.createElement("li");
  item.append(Object.assign(document.createElement("button"), { type: "button" }));
  return item;
}
