// What is wider than its place scrolls sideways, so the keyboard must come to it: then, and only then, Tab stops there.

export class Scrolling {
  constructor(box) {
    this.box = box;
    this.sizes = new ResizeObserver(() => this.look());
    this.sizes.observe(box);
    if (box.firstElementChild) this.sizes.observe(box.firstElementChild);
  }

  // The name of a box that has none of its own; it has one while it can be reached.
  name(text) {
    this.text = text;
    this.look();
  }

  look() {
    const scrolls = this.box.scrollWidth > this.box.clientWidth + 1;
    this.box.classList.toggle("live-scrolls", scrolls);
    this.give("tabindex", scrolls && "0");
    if (!this.text) return;
    this.give("role", scrolls && "region");
    this.give("aria-label", scrolls && this.text);
  }

  give(attribute, value) {
    if (value) this.box.setAttribute(attribute, value);
    else this.box.removeAttribute(attribute);
  }

  remove() {
    this.sizes.disconnect();
  }
}
