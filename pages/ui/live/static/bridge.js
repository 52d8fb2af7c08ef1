// The bridge to Streamlit's own connection: the slow way for frames and commands where the socket cannot be opened,
// and the way to have the page's script run again when the network has become another one.

import { connect, listen, takeWhole, useSlow, whenSlow } from "./channel.js";

export class Bridge {
  update({ token, frame, slow, network, owner }, { setStateValue, setTriggerValue }) {
    this.waiting ??= [];
    if (owner) keepOwner(owner);
    this.setStateValue = setStateValue;
    connect(token);
    if (slow) {
      useSlow(
        (message) => {
          this.waiting.push(message);
          setTriggerValue("commands", this.waiting.splice(0));
        },
        () => setStateValue("fast", true),
      );
      takeWhole(frame);
      return;
    }
    whenSlow(() => this.setStateValue("slow", true));
    this.network = network;
    this.stop ??= listen((status) => {
      if (status.network === this.network) return;
      this.network = status.network;
      clearTimeout(this.timer); // while a slider is dragged there is a new network many times a second
      this.timer = setTimeout(() => this.setStateValue("network", status.network), 300);
    });
  }

  remove() {
    this.stop?.();
  }
}

// The browser keeps whose saved runs it sees; scripts of other sites cannot read it, and it goes to this server only.
function keepOwner(owner) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `mlp_owner=${owner}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}
