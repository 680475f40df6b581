// The chat log: what was said, and the quick replies of the last message. How it looks is the renderer's.

import { Look } from "./look.js";
import { element } from "./render/nodes.js";
import { fitTexts, renderChips, renderDots, renderLine, setLook } from "./render/index.js";
import { now } from "./times.js";
import { view } from "./viewer.js";
import { language, t } from "./words.js";

export class Chat {
  // hooks: { onAction(action, node), onUnsend(messageId), account() → name, assetHost() → name or null, content(id),
  // nameOf(userId) → name or undefined }
  constructor(root, hooks) {
    this.box = root.querySelector(".chat");
    this.lines = root.querySelector(".lines");
    this.chips = root.querySelector(".quick-replies");
    this.hooks = hooks;
    this.entries = new Map();
    this.spent = new Set();
    this.lines.classList.add("line-rows");
    this.#stayAtEnd();
    this.look = new Look(root, (look) => this.#setLook(look));
  }

  show(entries) {
    this.entries = new Map(entries.map((entry) => [entry.seq, entry]));
    this.#redraw();
  }

  // A new entry, or a known one that has changed.
  add(entry) {
    const isKnown = this.entries.has(entry.seq);
    this.entries.set(entry.seq, entry);
    if (isKnown) this.#redraw();
    else this.#append(entry);
  }

  showDots(seconds) {
    this.#hideDots();
    const dots = renderDots(this.#options());
    this.lines.append(dots);
    this.#scrollDown();
    setTimeout(() => dots.remove(), seconds * 1000);
  }

  // Quick replies go when one is tapped, except where the phone still has to give something.
  spendChips() {
    const last = this.#last();
    if (last) this.spent.add(last.seq);
    this.#drawChips();
  }

  #setLook(look) {
    for (const box of [this.box, this.chips]) setLook(box, look);
    this.box.closest(".phone").dataset.theme = look.theme;
    this.hours = look.hours;
    this.#redraw();
  }

  #options() {
    const { hooks } = this;
    return {
      onAction: hooks.onAction,
      onOpen: view,
      picture: (url) => this.#pictureAddress(url),
      content: hooks.content,
      nameOf: hooks.nameOf,
      account: { name: hooks.account() },
      now: now(),
      hours: this.hours,
      language,
    };
  }

  // A message that was taken back had no quick replies to wipe: those before it show again.
  #last() {
    return [...this.entries.values()].findLast((entry) => entry.message.type !== "unsent");
  }

  #hideDots() {
    this.lines.querySelector(".line-dots")?.remove();
  }

  #redraw() {
    this.lines.replaceChildren();
    let before;
    for (const entry of this.entries.values()) {
      this.#draw(entry, before);
      before = entry;
    }
    this.#settle();
  }

  #append(entry) {
    if (entry.from === "bot") this.#hideDots();
    this.#draw(entry, [...this.entries.values()].at(-2));
    this.#settle();
  }

  #settle() {
    this.#drawChips();
    fitTexts(this.lines);
    this.#scrollDown();
  }

  // The keyboard, a panel, a turned phone or a picture that arrives late must not hide the newest message.
  // A scroll that something else than a person made comes with another height, and says nothing.
  #stayAtEnd() {
    this.box.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = this.box;
      if (scrollHeight === this.height) this.isAtEnd = scrollHeight - scrollTop - clientHeight < 40;
    }, { passive: true });
    const watch = new ResizeObserver(() => {
      if (this.isAtEnd) this.#scrollDown();
      this.height = this.box.scrollHeight;
    });
    for (const node of [this.box, this.lines]) watch.observe(node);
  }

  #scrollDown() {
    this.isAtEnd = true;
    this.box.scrollTop = this.box.scrollHeight;
    this.height = this.box.scrollHeight;
  }

  #draw(entry, before) {
    const nodes = renderLine(entry, before, this.#options());
    if (entry.from === "user" && entry.message.type !== "unsent") this.#offerUnsend(nodes.at(-1), entry);
    this.lines.append(...nodes);
  }

  #offerUnsend(row, entry) {
    const take = element("button", { type: "button", className: "unsend", testid: "unsend", text: t("取消"), "aria-label": t("送信を取り消す") });
    take.addEventListener("click", () => this.hooks.onUnsend(entry.message.id));
    row.querySelector(".line-aside").prepend(take);
  }

  #drawChips() {
    const last = this.#last();
    const isOpen = last?.from === "bot" && !this.spent.has(last.seq);
    this.chips.replaceChildren(...(isOpen ? renderChips(last.message, this.#options()) : []));
    this.chips.hidden = !this.chips.firstChild;
    if (!this.chips.hidden) this.#scrollDown();
  }

  #pictureAddress(url) {
    if (typeof url !== "string") return null;
    if (url.startsWith("/simulator/")) return url;
    if (!url.startsWith("https://")) return null;
    const address = new URL(url);
    return address.host === this.hooks.assetHost() ? `/simulator/assets${address.pathname}${address.search}` : null;
  }
}
