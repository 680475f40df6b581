// The picture with its areas: choose, move, resize and draw them, by pointer and by keys.

import { catchLines, clamp, drawn, isSame, letterOf, moved, movedAndCaught, resized, resizedAndCaught } from "./geometry.js";
import { sizeOf } from "./menu.js";
import { node, place } from "./nodes.js";

const DRAG_PX = 4;
const REACH_PX = 8;
const STEP = 10;
const HANDLES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Board {
  // hooks: { choose(index or null), change(index, bounds, kind), add(bounds), remove(index), enter(index) }
  constructor(root, hooks) {
    this.root = root;
    this.hooks = hooks;
    this.picture = root.querySelector(".board-picture");
    this.areas = root.querySelector(".board-areas");
    this.gaps = root.querySelector(".board-gaps");
    this.frame = root.querySelector(".board-frame");
    this.guides = { x: root.querySelector(".guide-x"), y: root.querySelector(".guide-y") };
    this.sketch = root.querySelector(".board-sketch");
    this.drag = null;
    for (const handle of HANDLES) this.frame.append(node("span", { className: `handle ${handle}`, "data-handle": handle }));
    root.addEventListener("pointerdown", (event) => this.#press(event));
    root.addEventListener("pointermove", (event) => this.#pull(event));
    root.addEventListener("pointerup", () => this.#release());
    root.addEventListener("pointercancel", () => this.#giveUp());
    root.addEventListener("keydown", (event) => this.#key(event));
  }

  // `faulty`: indexes of areas with errors.
  show(tab, chosen, faulty) {
    this.tab = tab;
    this.size = sizeOf(tab);
    this.chosen = chosen;
    this.root.style.aspectRatio = `${tab.width} / ${tab.height}`;
    const had = this.areas.contains(document.activeElement);
    this.areas.replaceChildren(...tab.areas.map((area, index) => this.#area(area, index, faulty.has(index))));
    this.#frame(tab.areas[chosen]);
    if (had) this.focus(chosen);
  }

  // Spots where a tap does nothing.
  showGaps(gaps) {
    this.gaps.replaceChildren(...gaps.map((bounds) => {
      const spot = node("span", { className: "bare-spot" });
      place(spot, bounds, this.size);
      return spot;
    }));
  }

  showPicture(address) {
    if (address) this.picture.src = address;
    this.picture.hidden = !address;
  }

  focus(index) {
    this.areas.children[index]?.focus();
  }

  #area(area, index, isFaulty) {
    const name = `ボタン${letterOf(index)} ${area.label || "(文字なし)"}`;
    const where = `横${area.x} 縦${area.y} 幅${area.width} 高さ${area.height}`;
    const made = node("button", {
      type: "button",
      className: `board-area${index === this.chosen ? " chosen" : ""}${isFaulty ? " faulty" : ""}`,
      "data-index": String(index),
      "aria-pressed": String(index === this.chosen),
      "aria-label": `${name}、${where}${isFaulty ? "、確認が必要です" : ""}`,
      "aria-describedby": "board-keys",
      on: { focus: () => { if (this.chosen !== index) this.hooks.choose(index); } },
    }, node("span", { className: "board-letter", "aria-hidden": "true", text: letterOf(index) }));
    place(made, area, this.size);
    return made;
  }

  #frame(bounds) {
    this.frame.hidden = !bounds;
    if (bounds) place(this.frame, bounds, this.size);
  }

  // Pointer

  #press(event) {
    if (event.button !== 0 || this.drag) return;
    const handle = event.target.dataset.handle ?? null;
    const area = event.target.closest(".board-area");
    const index = handle ? this.chosen : area ? Number(area.dataset.index) : null;
    if (index !== null && !handle) this.hooks.choose(index);
    if (index === null) event.preventDefault();
    this.drag = { handle, index, from: { x: event.clientX, y: event.clientY }, start: index === null ? null : this.tab.areas[index], isOn: false, now: null };
    this.root.setPointerCapture(event.pointerId);
    if (index !== null) this.focus(index);
  }

  #pull(event) {
    if (!this.drag) return;
    const [across, down] = [event.clientX - this.drag.from.x, event.clientY - this.drag.from.y];
    if (!this.drag.isOn && Math.hypot(across, down) < DRAG_PX) return;
    this.drag.isOn = true;
    const box = this.root.getBoundingClientRect();
    const scale = this.size.width / box.width;
    if (this.drag.index === null) this.#sketch(event, box, scale);
    else this.#carry(across * scale, down * scale, scale, event.altKey);
  }

  #carry(dx, dy, scale, isFree) {
    const { handle, index, start } = this.drag;
    const others = this.tab.areas.filter((_, at) => at !== index);
    const how = { size: this.size, lines: catchLines(others, this.size), reach: isFree ? -1 : REACH_PX * scale };
    const to = handle ? resizedAndCaught(start, handle, dx, dy, how) : movedAndCaught(start, dx, dy, how);
    this.drag.now = to.bounds;
    place(this.areas.children[index], to.bounds, this.size);
    this.#frame(to.bounds);
    this.#guide(to.guides);
  }

  #sketch(event, box, scale) {
    const point = (at) => ({ x: (at.x - box.left) * scale, y: (at.y - box.top) * scale });
    const free = drawn(point(this.drag.from), point({ x: event.clientX, y: event.clientY }), this.size);
    const how = { size: this.size, lines: catchLines(this.tab.areas, this.size), reach: event.altKey ? -1 : REACH_PX * scale };
    // Each edge is caught by itself, as if it had been dragged there.
    const to = ["nw", "se"].reduce((bounds, handle) => resizedAndCaught(bounds, handle, 0, 0, how).bounds, free);
    this.drag.now = to;
    this.sketch.hidden = false;
    place(this.sketch, to, this.size);
  }

  #release() {
    const { drag } = this;
    this.#clear();
    if (!drag) return;
    if (drag.index === null) {
      if (drag.isOn && drag.now) this.hooks.add(drag.now);
      else this.hooks.choose(null);
    } else if (drag.isOn && drag.now && !isSame(drag.now, drag.start)) this.hooks.change(drag.index, drag.now, null);
  }

  #giveUp() {
    const { drag } = this;
    this.#clear();
    if (drag?.isOn && drag.index !== null) {
      place(this.areas.children[drag.index], drag.start, this.size);
      this.#frame(drag.start);
    }
  }

  #clear() {
    this.drag = null;
    this.sketch.hidden = true;
    this.#guide({ x: null, y: null });
  }

  #guide({ x, y }) {
    this.guides.x.hidden = x === null;
    this.guides.y.hidden = y === null;
    if (x !== null) this.guides.x.style.left = `${(100 * x) / this.size.width}%`;
    if (y !== null) this.guides.y.style.top = `${(100 * y) / this.size.height}%`;
  }

  // Keys

  #key(event) {
    if (event.key === "Escape" && this.drag) {
      this.#giveUp();
      return;
    }
    const index = Number(event.target.dataset?.index ?? NaN);
    const area = this.tab.areas[index];
    if (!area || event.isComposing || event.altKey) return;
    if (event.key in ARROWS) {
      event.preventDefault();
      const [across, down] = ARROWS[event.key].map((way) => way * (event.shiftKey ? 1 : STEP));
      const isResize = event.ctrlKey || event.metaKey;
      const to = isResize ? resized(area, "se", across, down, this.size) : moved(clamp(area, this.size), across, down, this.size);
      if (!isSame(to, area)) this.hooks.change(index, to, `${isResize ? "resize" : "move"}:${index}`);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.hooks.remove(index);
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.hooks.enter(index);
    }
  }
}
