// The input bar: text, a few stickers, pictures and files, a place.

import { pickFile, shoot } from "./gallery.js";
import { icon } from "./icons.js";
import { pickPlace } from "./places.js";
import { element } from "./render/nodes.js";
import { t } from "./words.js";

const STICKERS = [
  { words: "よろしく", packageId: "11537", stickerId: "52002734" },
  { words: "ありがとう", packageId: "11537", stickerId: "52002735" },
  { words: "OK", packageId: "11537", stickerId: "52002740" },
  { words: "びっくり", packageId: "11537", stickerId: "52002749" },
];
const CHOICES = [
  { kind: "camera", words: "カメラ" },
  { kind: "image", words: "アルバム" },
  { kind: "file", words: "ファイル" },
  { kind: "audio", words: "音声" },
  { kind: "location", words: "位置情報" },
];

// What the phone asks for before something can be sent; true when it was sent.
export const ASKED = {
  camera: async (phone) => sendAll(await shoot(), phone),
  image: async (phone) => sendAll(await pickFile(t("アルバム"), ["image", "video"]), phone),
  file: async (phone) => sendAll(await pickFile(t("ファイル"), ["file"]), phone),
  audio: async (phone) => sendAll(await pickFile(t("音声"), ["audio"]), phone),
  location: async (phone) => {
    const place = await pickPlace();
    return place ? phone.send("location", place) : false;
  },
};

async function sendAll(chosen, phone) {
  return chosen ? phone.send(...chosen) : false;
}

export class Composer {
  // phone.send(kind, fields) sends; it may fail, then the text stays.
  constructor(root, phone) {
    this.form = root.querySelector(".composer");
    this.field = root.querySelector(".field");
    this.panel = root.querySelector(".attachments");
    this.toggle = root.querySelector(".attach");
    this.phone = phone;
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
    if (!(await this.phone.send("text", { text }))) this.fill(text);
  }

  #grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 110)}px`;
    this.form.classList.toggle("has-text", Boolean(this.field.value.trim()));
  }

  #fillPanel() {
    const stickers = STICKERS.map(({ words, ...ids }) => this.#button(
      `「${words}」`, "sticker", t("スタンプ「{words}」", { words }), () => this.phone.send("sticker", { ...ids, keywords: [words] })));
    const choices = CHOICES.map(({ kind, words }) => this.#button(t(words), kind, undefined, () => ASKED[kind](this.phone)));
    this.panel.append(...stickers, ...choices);
  }

  #button(words, kind, label, onPress) {
    const button = element("button", { type: "button", className: "attachment", testid: `attach-${kind}`, "aria-label": label },
      icon(kind),
      element("span", { text: words }));
    button.addEventListener("click", () => {
      this.open(false);
      this.toggle.focus();
      onPress();
    });
    return button;
  }
}
