// The menu as it looks on a phone, 253 px wide.

import { sizeOf } from "./menu.js";
import { node, place } from "./nodes.js";

export class Phone {
  constructor(root, onTap) {
    this.picture = root.querySelector(".phone-picture");
    this.box = root.querySelector(".phone-menu");
    this.bar = root.querySelector(".phone-bar");
    this.spots = root.querySelector(".phone-spots");
    this.onTap = onTap;
  }

  show(menu, tab) {
    this.bar.textContent = `${menu.bar || "メニュー"} ▼`;
    this.box.style.aspectRatio = `${tab.width} / ${tab.height}`;
    this.spots.replaceChildren(...tab.areas.map((area, index) => {
      const spot = node("span", { className: "phone-spot", title: area.label, on: { click: () => this.onTap(index) } });
      place(spot, area, sizeOf(tab));
      return spot;
    }));
  }

  showPicture(address) {
    this.picture.src = address;
    this.picture.hidden = false;
  }
}
