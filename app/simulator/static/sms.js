// The short messages of one person: another talk beside LINE's.

import { get } from "./client.js";
import { element } from "./render/nodes.js";
import { dayAndTime } from "./times.js";
import { t } from "./words.js";

export class ShortMessages {
  constructor(root, onBack) {
    this.box = root.querySelector(".screen.sms");
    this.onBack = onBack;
    this.messages = [];
    this.number = "";
    this.unread = 0;
  }

  get last() {
    return this.messages.at(-1) ?? null;
  }

  async load(person) {
    const { phone, messages } = await get(`/people/${encodeURIComponent(person)}/sms`);
    this.number = phone ?? "";
    this.messages = messages;
    this.unread = 0;
    this.draw();
  }

  add(message) {
    if (this.messages.some((each) => each.id === message.id)) return;
    this.messages.push(message);
    if (this.box.hidden) this.unread += 1;
    this.draw();
  }

  show(isShown) {
    this.box.hidden = !isShown;
    if (isShown) this.unread = 0;
  }

  draw() {
    const back = element("button", { type: "button", className: "sms-back", testid: "sms-back", text: t("トーク一覧へ") });
    back.addEventListener("click", this.onBack);
    const items = this.messages.map((message) => element("li", { className: "sms-line", testid: "sms" },
      element("strong", { text: message.from }),
      element("p", { text: message.text }),
      element("time", { text: dayAndTime(message.at) })));
    this.box.replaceChildren(
      element("div", { className: "list-head" }, back, element("h2", { text: "SMS" }), element("p", { className: "talk-whose", text: this.number })),
      element("ol", { className: "sms-lines", tabindex: "0", "aria-label": "SMS" }, ...(items.length ? items : [element("li", { className: "empty", text: t("ありません。") })])));
  }
}
