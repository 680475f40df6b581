// Notification banners: a message has come, and the phone is closed or somewhere else.

import { avatar } from "./people.js";
import { element } from "./render/nodes.js";
import { previewOf } from "./render/index.js";
import { language, t } from "./words.js";

const SHOWN_MS = 6000;
const MOST = 3;

export class Notices {
  constructor(root, screens, account) {
    this.box = root.querySelector(".notice");
    this.screens = screens;
    this.account = account;
  }

  clear() {
    this.box.replaceChildren();
  }

  ring(entry) {
    if (this.screens.isInTalk) return;
    this.announce(entry.message.sender?.name ?? this.account(), previewOf(entry.message, language), "talk");
  }

  // A banner that leads to a screen.
  announce(name, words, screen) {
    const banner = element("button", { type: "button", className: "notice-banner", testid: "notice", "aria-label": t("通知: {name} {words}", { name, words }) },
      avatar(name),
      element("span", { className: "notice-words" }, element("strong", { text: name }), element("span", { text: words })));
    banner.addEventListener("click", () => {
      this.clear();
      this.screens.show(screen);
    });
    this.box.prepend(banner);
    while (this.box.children.length > MOST) this.box.lastChild.remove();
    // A closed phone keeps what it got, until it is opened.
    if (this.screens.now !== "closed") setTimeout(() => banner.remove(), SHOWN_MS);
  }
}
