// Whose phone this is: several people, one at a time.

import { element } from "./render/nodes.js";

const STATES = { none: "友だちではない", friend: "友だち", blocked: "ブロック中" };

export class People {
  // hooks: { choose(id), add(name) }
  constructor(root, hooks) {
    this.root = root.querySelector(".people");
    this.list = root.querySelector(".person-list");
    this.back = root.querySelector(".back");
    this.hooks = hooks;
    this.back.addEventListener("click", () => this.open(!this.root.classList.contains("open")));
    root.querySelector(".add-person").addEventListener("submit", (event) => {
      event.preventDefault();
      const input = event.target.elements.name;
      hooks.add(input.value);
      input.value = "";
    });
  }

  open(isOpen) {
    this.root.classList.toggle("open", isOpen);
    this.back.setAttribute("aria-expanded", String(isOpen));
  }

  show(people, chosen) {
    this.list.replaceChildren(...people.map((person) => this.#item(person, person.id === chosen)));
  }

  #item(person, isChosen) {
    const button = element("button", { type: "button", className: "person", testid: "person", "data-person": person.id, "aria-current": isChosen ? "true" : undefined },
      avatar(person.name),
      element("span", { className: "person-words" },
        element("strong", { text: person.name }),
        element("small", { text: STATES[person.friendship] })));
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
