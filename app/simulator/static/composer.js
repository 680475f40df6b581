// The input bar: text, a few stickers, sample files, a place.

import { icon } from "./icons.js";
import { element } from "./render/nodes.js";

const STICKERS = [
  { words: "よろしく", packageId: "11537", stickerId: "52002734" },
  { words: "ありがとう", packageId: "11537", stickerId: "52002735" },
  { words: "OK", packageId: "11537", stickerId: "52002740" },
  { words: "びっくり", packageId: "11537", stickerId: "52002749" },
];
const FILES = [
  { kind: "image", words: "見本の写真" },
  { kind: "file", words: "見本の書類" },
  { kind: "video", words: "見本の動画" },
  { kind: "audio", words: "見本の音声" },
  { kind: "location", words: "位置情報" },
];

export class Composer {
  // send(kind, fields) sends; it may fail, then the text stays.
  constructor(root, send) {
    this.form = root.querySelector(".composer");
    this.field = root.querySelector(".field");
    this.panel = root.querySelector(".attachments");
    this.toggle = root.querySelector(".attach");
    this.send = send;
    this.#fillPanel();
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#sendText();
    });
    this.field.addEventListener("keydown", (event) => this.#onKey(event));
    this.field.addEventListener("input", () => this.#grow());
    this.toggle.addEventListener("click", () => this.open(this.panel.hidden));
    this.#grow();
  }

  open(isOpen) {
    this.panel.hidden = !isOpen;
    this.toggle.setAttribute("aria-expanded", String(isOpen));
  }

  fill(text) {
    this.field.value = text ?? "";
    this.#grow();
    this.field.focus();
  }

  // Enter sends, Shift+Enter breaks the line, and Enter that only ends a Japanese conversion does neither.
  #onKey(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  async #sendText() {
    const text = this.field.value;
    if (!text.trim()) return;
    this.fill("");
    if (!(await this.send("text", { text }))) this.fill(text);
  }

  #grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 110)}px`;
    this.form.classList.toggle("has-text", Boolean(this.field.value.trim()));
  }

  #fillPanel() {
    const stickers = STICKERS.map(({ words, ...ids }) =>
      this.#button(words, "sticker", { ...ids, keywords: [words] }));
    const files = FILES.map(({ kind, words }) => this.#button(words, kind, {}));
    this.panel.append(...stickers, ...files);
  }

  #button(words, kind, fields) {
    const button = element("button", { type: "button", className: "attachment", testid: `attach-${kind}` },
      icon(kind),
      element("span", { text: kind === "sticker" ? `「${words}」` : words }));
    if (kind === "sticker") button.setAttribute("aria-label", `スタンプ「${words}」`);
    button.addEventListener("click", () => {
      this.open(false);
      this.toggle.focus();
      this.send(kind, fields);
    });
    return button;
  }
}
