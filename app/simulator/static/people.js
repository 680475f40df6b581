// Whose phones there are, whose are open, and on which something has come that nobody has seen.

import { element } from "./render/nodes.js";
import { previewOf } from "./render/index.js";
import { language, t } from "./words.js";

const STATES = { none: "友だちではない", friend: "友だち", blocked: "ブロック中" };

export class People {
  // hooks: { choose(id), add(name) }
  constructor(root, hooks) {
    this.root = root.querySelector(".people");
    this.list = root.querySelector(".person-list");
    this.toggle = root.querySelector(".people-toggle");
    this.hooks = hooks;
    this.seenUntil = new Map();
    this.toggle.addEventListener("click", () => this.open(!this.root.classList.contains("open")));
    root.querySelector(".add-person").addEventListener("submit", (event) => {
      event.preventDefault();
      const input = event.target.elements.name;
      this.open(false);
      hooks.add(input.value);
      input.value = "";
    });
  }

  open(isOpen) {
    this.root.classList.toggle("open", isOpen);
    this.toggle.setAttribute("aria-expanded", String(isOpen));
  }

  seen(id) {
    this.seenUntil.set(id, Infinity);
  }

  // `open`: the ids of the open phones; `front`: the one that is in use.
  show(people, open, front) {
    for (const person of people) {
      const last = person.last?.seq ?? 0;
      // What was there when the page began is no news.
      if (open.includes(person.id) || !this.seenUntil.has(person.id) || this.seenUntil.get(person.id) === Infinity) this.seenUntil.set(person.id, last);
    }
    this.list.replaceChildren(...people.map((person) => this.#item(person, open.includes(person.id), person.id === front)));
  }

  #item(person, isOpen, isFront) {
    const isNews = !isOpen && (person.last?.seq ?? 0) > this.seenUntil.get(person.id);
    const button = element("button", { type: "button", className: "person", testid: "person", "data-person": person.id, "aria-current": isFront ? "true" : undefined },
      avatar(person.name),
      element("span", { className: "person-words" },
        element("strong", { text: person.name }),
        element("small", { text: isNews ? t("通知: {name} {words}", { name: "", words: previewOf(person.last.message, language) }) : t(STATES[person.friendship]) })),
      isNews && element("span", { className: "unread", testid: "person-news", "aria-label": t("新しいメッセージ"), text: "●" }));
    button.classList.toggle("is-open", isOpen);
    button.addEventListener("click", () => {
      this.open(false);
      this.hooks.choose(person.id);
    });
    return element("li", {}, button);
  }
}

export function avatar(name) {
  const node = element("span", { className: "avatar", "aria-hidden": "true", text: [...name][0] ?? "?" });
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);
  node.style.backgroundColor = `hsl(${hue} 45% 38%)`;
  return node;
}
