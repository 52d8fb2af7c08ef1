// A forward pass to look at: when a diagram comes to be about another example, its layers appear one after another.

import { calm } from "./glide.js";

const TURN_MS = 100;

export class Flow {
  // `meta.flow` has a key that says what the diagram is about, and for each trace which turn it comes in, -1 for always.
  begin(plot, meta) {
    const { key, turns } = meta?.flow ?? {};
    if (key === this.key) return;
    const first = this.key === undefined;
    this.key = key;
    if (!turns || first || calm()) return;
    for (const node of plot.querySelectorAll(".scatterlayer > .trace")) {
      const turn = turns[node.__data__?.[0]?.trace?.index] ?? -1;
      if (turn < 0) continue;
      node.animate([{ opacity: 0.08 }, { opacity: 1 }], { duration: TURN_MS, delay: turn * TURN_MS, fill: "backwards" });
    }
  }
}
