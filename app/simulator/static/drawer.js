// The director's drawer: one-tap acts, the time machine, scripts, faults, and the wire.

import { Acts } from "./acts.js";
import { Faults } from "./faults.js";
import { Scripts } from "./scripts.js";
import { TimeMachine } from "./timemachine.js";
import { Wire } from "./wire.js";

export class Drawer {
  // hooks: { toast(words), onClock(), person() → the person in front or null, nameOf(id), show(id) }
  constructor(root, hooks) {
    this.root = root.querySelector(".drawer");
    this.toggle = root.querySelector(".drawer-toggle");
    this.time = new TimeMachine(hooks);
    this.acts = new Acts({ ...hooks, onFaults: () => this.faults.refresh() });
    this.faults = new Faults(hooks);
    this.scripts = new Scripts(hooks);
    this.wire = new Wire(hooks);
    this.root.append(...[this.acts, this.time, this.scripts, this.faults, this.wire].map((each) => each.node));
    this.toggle.addEventListener("click", () => this.open(this.root.hidden));
  }

  open(isOpen) {
    this.root.hidden = !isOpen;
    document.body.classList.toggle("with-drawer", isOpen);
    this.toggle.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return;
    this.refreshWire();
    this.acts.refresh();
    this.faults.refresh();
    this.time.refreshAgenda();
    this.scripts.refresh();
  }

  refreshWire() {
    if (!this.root.hidden) this.wire.refresh();
  }

  refreshPerson() {
    if (!this.root.hidden) this.acts.refresh();
  }

  showClock(clock) {
    this.time.showClock(clock, !this.root.hidden);
  }

  showTime() {
    this.time.showTime();
  }

  clear() {
    this.wire.clear();
  }
}
