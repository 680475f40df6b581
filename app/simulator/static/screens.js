// What a phone shows besides the talk: the list of talks, and the screen of a closed phone.

import { avatar } from "./people.js";
import { element } from "./render/nodes.js";
import { previewOf } from "./render/index.js";
import { ShortMessages } from "./sms.js";
import { dayAndTime, now, timeOf } from "./times.js";
import { language, t } from "./words.js";

export class Screens {
  // hooks: { account(), name(), onOpen() }
  constructor(root, hooks) {
    this.root = root;
    this.hooks = hooks;
    this.list = root.querySelector(".screen.list");
    this.closed = root.querySelector(".screen.closed");
    this.sms = new ShortMessages(root, () => this.show("list"));
    this.begin();
  }

  get isInTalk() {
    return this.now === "talk";
  }

  begin() {
    this.last = null;
    this.unread = 0;
    this.show("talk", false);
  }

  know(entries) {
    this.last = entries.at(-1) ?? null;
    this.draw();
  }

  add(entry) {
    if (entry.message.type !== "unsent") this.last = entry;
    if (entry.from === "bot" && !this.isInTalk) this.unread += 1;
    this.draw();
  }

  show(screen, isMoved = true) {
    this.now = screen;
    this.root.dataset.screen = screen;
    this.list.hidden = screen !== "list";
    this.closed.hidden = screen !== "closed";
    this.sms.show(screen === "sms");
    if (screen === "talk") this.unread = 0;
    this.draw();
    if (!isMoved) return;
    if (screen === "talk") this.hooks.onOpen();
    const target = { talk: ".back", list: ".talk-row", closed: ".wake", sms: ".sms-back" }[screen];
    this.root.querySelector(target)?.focus();
  }

  draw() {
    if (this.now === "list") this.list.replaceChildren(...this.#talks());
    if (this.now === "closed" && !this.closed.firstChild) this.#drawClosed();
    if (this.now !== "closed") this.closed.replaceChildren();
  }

  showTime(at) {
    const clock = this.closed.querySelector(".closed-time");
    if (clock) clock.textContent = timeOf(at);
  }

  #talks() {
    const account = this.hooks.account();
    const words = this.last ? previewOf(this.last.message, language) : "";
    const rows = [talkRow(account, words, this.last?.at, this.unread, "talk-row", () => this.show("talk"))];
    const short = this.sms.last;
    if (short) rows.push(talkRow(`SMS ${short.from}`, short.text, short.at, this.sms.unread, "sms-row", () => this.show("sms")));
    const title = element("h2", { text: t("トーク") });
    const whose = element("p", { className: "talk-whose", text: t("{name}さんのスマートフォン", { name: this.hooks.name() }) });
    return [element("div", { className: "list-head" }, title, whose), element("ul", { className: "talks" }, ...rows)];
  }

  #drawClosed() {
    const wake = element("button", { type: "button", className: "wake", testid: "wake", text: t("開く") });
    wake.addEventListener("click", () => this.show("list"));
    this.closed.replaceChildren(element("p", { className: "closed-time", "aria-hidden": "true", text: timeOf(now()) }), wake);
  }
}

function talkRow(name, words, at, unread, testid, onOpen) {
  const row = element("button", { type: "button", className: "talk-row", testid },
    avatar(name),
    element("span", { className: "talk-words" }, element("strong", { text: name }), element("span", { className: "talk-last", text: words })),
    element("span", { className: "talk-side" },
      element("time", { text: at ? dayAndTime(at) : "" }),
      unread > 0 && element("span", { className: "unread", testid: "unread", "aria-label": t("未読 {count}件", { count: unread }), text: unread })));
  row.addEventListener("click", onOpen);
  return element("li", {}, row);
}
