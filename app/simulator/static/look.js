// How this phone is set: the size of its letters, light or dark, 24 or 12 hours. It is kept in the browser.

import { element } from "./render/nodes.js";
import { t } from "./words.js";

const KEY = "goen-phone-look";
const CHOICES = {
  letters: ["文字の大きさ", { small: "小", normal: "普通", large: "大", huge: "特大" }],
  theme: ["画面の色", { light: "明るい", dark: "暗い" }],
  hours: ["時刻", { 24: "24時間", 12: "午前・午後" }],
};
const USUAL = { letters: "normal", theme: "light", hours: "24" };

export class Look {
  // Adds the settings to the phone's menu and calls `apply({ letters, theme, hours })`, now and at each change.
  constructor(root, apply) {
    this.chosen = { ...USUAL, ...read() };
    this.apply = apply;
    const fields = Object.entries(CHOICES).map(([name, choice]) => this.#field(name, ...choice));
    root.querySelector(".chat-menu")?.append(element("div", { className: "look", role: "group", "aria-label": t("表示の設定") }, ...fields));
    this.#tell();
  }

  #tell() {
    this.apply({ ...this.chosen, hours: Number(this.chosen.hours) });
  }

  #field(name, label, options) {
    const select = element("select", { testid: `look-${name}` });
    for (const [value, text] of Object.entries(options)) {
      select.append(element("option", { value, text: t(text), selected: this.chosen[name] === value }));
    }
    select.addEventListener("change", () => {
      this.chosen[name] = select.value;
      write(this.chosen);
      this.#tell();
    });
    return element("label", {}, element("span", { text: t(label) }), select);
  }
}

// A browser may keep nothing, or what an older page wrote.
function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY)) ?? {};
    return Object.fromEntries(Object.entries(kept).filter(([name, value]) => Object.hasOwn(CHOICES[name]?.[1] ?? {}, value)));
  } catch {
    return {};
  }
}

function write(chosen) {
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen));
  } catch {
    // It then holds until the page is left.
  }
}
