// "Copy link": the address of this very run, copied and shown, so that it can be had where the clipboard is closed.

import { runUrl } from "./channel.js";
import { lecturing } from "./lecture.js";

const CLIPBOARD_MS = 1000;

export class Link {
  constructor(button, box) {
    this.button = button;
    this.box = box;
    box.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      this.close();
      button.focus();
    };
  }

  toggle() {
    if (this.box.hidden) this.open();
    else this.close();
  }

  close() {
    this.box.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
  }

  async open() {
    this.box.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    let answer;
    try {
      answer = await (await fetch(runUrl("link"))).json();
    } catch {
      this.show("The server did not answer, so there is no link. Try again.");
      return;
    }
    if (answer.fault) this.offerFile(answer);
    else await this.offerLink(answer);
  }

  async offerLink({ parameters, sentence }) {
    const url = new URL(window.location.href);
    url.search = new URLSearchParams(lecturing() ? { ...parameters, lecture: "yes" } : parameters).toString();
    const field = document.createElement("input");
    field.readOnly = true;
    field.value = url.href;
    field.setAttribute("aria-label", "Link to this run");
    this.show(sentence, field);
    field.focus();
    field.select();
    this.say(`${(await copied(field)) ? "Copied." : "Copy it with Ctrl+C."} ${sentence}`);
  }

  offerFile({ fault, size }) {
    const file = document.createElement("a");
    file.href = runUrl("file");
    file.download = "run.json";
    file.textContent = `Download the run’s file (${size})`;
    this.show(fault, file);
    file.focus();
  }

  show(text, ...parts) {
    this.said = document.createElement("span");
    this.said.setAttribute("role", "status");
    const close = document.createElement("button");
    Object.assign(close, { type: "button", className: "live-button", textContent: "Close" });
    close.onclick = () => {
      this.close();
      this.button.closest("details")?.firstChild.focus();
    };
    this.box.replaceChildren(...parts, this.said, close);
    this.say(text);
  }

  say(text) {
    this.said.textContent = text;
  }
}

// Whether the text of a field, which is selected, could be put into the clipboard: it is closed to plain http, and a
// browser may never answer.
async function copied(field) {
  try {
    const late = new Promise((_, reject) => setTimeout(reject, CLIPBOARD_MS));
    await Promise.race([navigator.clipboard.writeText(field.value), late]);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}
