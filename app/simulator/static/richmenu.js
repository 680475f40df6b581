// The rich menu: its picture with areas to tap, the bar below it, and the way to the keyboard and back.

import { pick } from "./picker.js";
import { element } from "./render/nodes.js";
import { t } from "./words.js";

export class RichMenu {
  // hooks: { tap(area, params) → the action or null, act(action), keyboard }
  constructor(root, hooks) {
    this.root = root;
    this.hooks = hooks;
    this.box = root.querySelector(".rich-menu");
    this.bar = root.querySelector(".chat-bar");
    this.text = root.querySelector(".chat-bar-text");
    this.back = root.querySelector(".to-menu");
    this.composer = root.querySelector(".composer");
    this.menu = null;
    this.isAllowed = false;
    this.isOpen = false;
    this.wantsInput = false;
    this.text.addEventListener("click", () => this.open(!this.isOpen));
    root.querySelector(".to-input").addEventListener("click", () => {
      this.showInput();
      root.querySelector(".field").focus();
    });
    this.back.addEventListener("click", () => {
      this.wantsInput = false;
      this.open(true);
    });
  }

  // Only friends have a bar to type in.
  allow(isAllowed) {
    this.isAllowed = isAllowed;
    this.#draw();
  }

  // `isSwitched`: a tab was tapped, so the menu stays as open as it is.
  show(menu, isSwitched = false) {
    const isOther = menu?.id !== this.menu?.id;
    this.menu = menu;
    if (isOther && !isSwitched) {
      this.isOpen = Boolean(menu?.selected);
      this.wantsInput = this.composer.classList.contains("has-text"); // what is being written stays in sight
    }
    if (isOther) this.box.replaceChildren(...(menu ? this.#picture(menu) : []));
    this.#draw();
  }

  open(isOpen) {
    this.isOpen = isOpen;
    if (isOpen) this.hooks.keyboard.close();
    if (isOpen) this.wantsInput = false;
    this.#draw();
  }

  showInput() {
    this.wantsInput = true;
    this.isOpen = false;
    this.#draw();
  }

  #draw() {
    const hasMenu = Boolean(this.menu) && this.isAllowed;
    const shows = hasMenu && !this.wantsInput;
    this.bar.hidden = !shows;
    this.box.hidden = !(shows && this.isOpen);
    this.composer.hidden = !this.isAllowed || shows;
    this.back.hidden = !hasMenu;
    this.text.textContent = `${this.menu?.chat_bar_text ?? ""} ${this.isOpen ? "▼" : "▲"}`;
    this.text.setAttribute("aria-expanded", String(this.isOpen));
  }

  #picture(menu) {
    this.box.style.aspectRatio = `${menu.width} / ${menu.height}`;
    const picture = element("img", { src: menu.image, alt: "", draggable: "false" });
    return [picture, ...menu.areas.map((area, number) => this.#area(area, number, menu))];
  }

  #area(area, number, menu) {
    const share = (part, whole) => `${(100 * part) / whole}%`;
    const words = wordsOf(area.action, number);
    const button = element("button", { type: "button", className: "menu-area", testid: "menu-area", "aria-label": words, title: words });
    // Where areas overlap, the first one gets the tap.
    Object.assign(button.style, {
      left: share(area.x, menu.width),
      top: share(area.y, menu.height),
      width: share(area.width, menu.width),
      height: share(area.height, menu.height),
      zIndex: String(menu.areas.length - number),
    });
    button.addEventListener("click", () => this.#tap(area.action, number));
    return button;
  }

  async #tap(action, number) {
    const params = action.type === "datetimepicker" ? await pick(action) : undefined;
    if (params === null) return;
    const label = action.label ?? action.text ?? action.displayText;
    const done = await this.hooks.tap({ area: number, label }, params);
    if (done) this.hooks.act(done);
  }
}

function wordsOf(action, number) {
  return action.label ?? action.text ?? action.displayText ?? action.uri ?? t("メニューの{number}番目", { number: number + 1 });
}
