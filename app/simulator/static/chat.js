// The chat log: bubbles, who said them, when, and the quick replies of the last message.

import { hasIcon, icon } from "./icons.js";
import { element } from "./render/nodes.js";
import { fitTexts, isWide, renderMessage } from "./render/message.js";
import { dayKey, dayName, timeOf } from "./times.js";

export class Chat {
  // hooks: { onAction(action, node), onUnsend(messageId), account() → name, assetHost() → name or null, content(id) }
  constructor(root, hooks) {
    this.box = root.querySelector(".chat");
    this.lines = root.querySelector(".lines");
    this.chips = root.querySelector(".quick-replies");
    this.hooks = hooks;
    this.entries = new Map();
    this.spent = new Set();
    this.#stayAtEnd();
    this.context = {
      onAction: (action, node) => hooks.onAction(action, node),
      picture: (url) => this.#pictureAddress(url),
      content: (id) => hooks.content(id),
    };
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
    const dots = element("li", { className: "line from-bot dots", "aria-label": "入力中" });
    dots.append(element("span", { className: "avatar", "aria-hidden": "true", text: this.hooks.account().slice(0, 1) }));
    dots.append(element("div", { className: "text-bubble dots-bubble" }, element("i"), element("i"), element("i")));
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

  #last() {
    return [...this.entries.values()].at(-1);
  }

  #hideDots() {
    this.lines.querySelector(".dots")?.remove();
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

  // The keyboard, a panel or a turned phone must not hide the newest message.
  #stayAtEnd() {
    let isAtEnd = true;
    this.box.addEventListener("scroll", () => {
      isAtEnd = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < 40;
    }, { passive: true });
    new ResizeObserver(() => { if (isAtEnd) this.#scrollDown(); }).observe(this.box);
  }

  #scrollDown() {
    this.box.scrollTop = this.box.scrollHeight;
  }

  #draw(entry, before) {
    if (!before || dayKey(before.at) !== dayKey(entry.at)) {
      this.lines.append(element("li", { className: "day" }, element("span", { text: dayName(entry.at) })));
    }
    if (entry.message.type === "unsent") {
      this.lines.append(element("li", { className: "note", testid: "unsent", text: "メッセージの送信を取り消しました" }));
      return;
    }
    this.lines.append(this.#line(entry, !startsRun(entry, before)));
  }

  #line(entry, isContinued) {
    const { message } = entry;
    const line = element("li", { className: `line from-${entry.from}`, testid: "message", "data-from": entry.from, "data-type": message.type });
    line.classList.toggle("continued", isContinued);
    line.classList.toggle("wide", isWide(message));
    if (entry.from === "bot" && !isContinued) line.append(...this.#who(message));
    const body = element("div", { className: "said" });
    body.append(element("span", { className: "for-readers-only", text: entry.from === "bot" ? "アカウント:" : "自分:" }));
    body.append(renderMessage(message, this.context));
    body.append(this.#aside(entry));
    line.append(body);
    return line;
  }

  #who(message) {
    const account = this.hooks.account();
    const sender = message.sender?.name;
    const name = sender ? `${sender} from ${account}` : account;
    return [
      element("span", { className: "avatar", "aria-hidden": "true", text: (sender ?? account).slice(0, 1) }),
      element("span", { className: "who", text: name }),
    ];
  }

  #aside(entry) {
    const aside = element("span", { className: "aside" });
    if (entry.from === "user") {
      const take = element("button", { type: "button", className: "unsend", testid: "unsend", text: "取消", "aria-label": "送信を取り消す" });
      take.addEventListener("click", () => this.hooks.onUnsend(entry.message.id));
      aside.append(take);
      aside.append(element("span", { className: "read", text: "既読" }));
    }
    aside.append(element("time", { text: timeOf(entry.at), datetime: new Date(entry.at).toISOString() }));
    return aside;
  }

  #drawChips() {
    const last = this.#last();
    const items = last?.from === "bot" && !this.spent.has(last.seq) ? last.message.quickReply?.items ?? [] : [];
    this.chips.replaceChildren(...items.map((item) => this.#chip(item)));
    this.chips.hidden = items.length === 0;
    if (items.length) this.#scrollDown();
  }

  #chip(item) {
    const chip = element("button", { type: "button", className: "chip", testid: "quick-reply" });
    const address = item.imageUrl ? this.context.picture(item.imageUrl) : null;
    if (address) chip.append(element("img", { src: address, alt: "", width: "24", height: "24" }));
    else if (hasIcon(item.action?.type)) chip.append(icon(item.action.type));
    chip.append(element("span", { text: item.action?.label ?? "" }));
    chip.addEventListener("click", () => this.hooks.onAction(item.action, chip));
    return chip;
  }

  #pictureAddress(url) {
    if (typeof url !== "string") return null;
    if (url.startsWith("/simulator/")) return url;
    if (!url.startsWith("https://")) return null;
    const address = new URL(url);
    return address.host === this.hooks.assetHost() ? `/simulator/assets${address.pathname}${address.search}` : null;
  }
}

// A run is one sender's messages of one minute; only its first shows who it is.
function startsRun(entry, before) {
  if (!before || before.from !== entry.from || before.message.type === "unsent") return true;
  if (before.message.sender?.name !== entry.message.sender?.name) return true;
  return Math.floor(before.at / 60_000) !== Math.floor(entry.at / 60_000);
}
