// A keyboard drawn on the screen: it takes the room that a real one takes, and it types.

import { element } from "./render/nodes.js";
import { t } from "./words.js";

const PAGES = {
  あ: ["あいうえお", "かきくけこ", "さしすせそ", "たちつてと", "なにぬねの", "はひふへほ", "まみむめも", "やゆよ、。", "らりるれろ", "わをんー！"],
  a: ["qwertyuiop", "asdfghjkl-", "zxcvbnm.@_"],
  1: ["1234567890", "/:;()¥&@\"'", ".,?!+-=#%*"],
};

export class Keyboard {
  constructor(root, field) {
    this.box = root.querySelector(".keyboard");
    this.field = field;
    this.isWished = false;
    this.page = "あ";
    // A key must not take the focus out of the field.
    this.box.addEventListener("pointerdown", (event) => event.preventDefault());
    field.addEventListener("focus", () => this.open());
    this.#draw();
  }

  // Whether there is a keyboard on this screen at all; what was wished.
  wish(isWished) {
    this.isWished = isWished;
    if (isWished) this.open();
    else this.close();
    return isWished;
  }

  open() {
    this.box.hidden = !this.isWished;
  }

  close() {
    this.box.hidden = true;
  }

  #draw() {
    const rows = PAGES[this.page];
    const isKana = this.page === "あ";
    const keys = isKana ? turned(rows) : rows;
    this.box.replaceChildren(
      ...keys.map((row) => element("div", { className: "keys" }, ...[...row].map((letter) => this.#key(letter, () => this.#type(letter))))),
      this.#lastRow());
  }

  #lastRow() {
    const pages = Object.keys(PAGES).filter((page) => page !== this.page);
    return element("div", { className: "keys" },
      ...pages.map((page) => this.#key(page === "1" ? "123" : page === "a" ? "ABC" : "あいう", () => this.#turn(page))),
      this.#key(t("空白"), () => this.#type(" "), "wide"),
      ...(this.page === "あ" ? [this.#key("゛", () => this.#mark("\u3099")), this.#key("゜", () => this.#mark("\u309a"))] : []),
      this.#key("⌫", () => this.#erase(), "", t("一文字消す")),
      this.#key(t("閉じる"), () => this.close()),
      this.#key(t("送る"), () => this.field.form.requestSubmit(), "go"));
  }

  #key(text, onPress, className = "", label = undefined) {
    // Whoever has a real keyboard need not walk through this one.
    const key = element("button", { type: "button", className: `key ${className}`.trim(), text, "aria-label": label, tabindex: "-1" });
    key.addEventListener("click", onPress);
    return key;
  }

  #turn(page) {
    this.page = page;
    this.#draw();
  }

  #type(letter) {
    const { selectionStart, selectionEnd } = this.field;
    this.field.setRangeText(letter, selectionStart, selectionEnd, "end");
    this.field.dispatchEvent(new Event("input"));
  }

  // が from か and back; letters that take no such mark stay as they are.
  #mark(mark) {
    const { selectionStart: place } = this.field;
    const before = this.field.value.slice(place - 1, place);
    const plain = before.normalize("NFD").slice(0, 1);
    const marked = (plain + mark).normalize("NFC");
    const letter = before === plain && marked.length === 1 ? marked : plain;
    if (!before) return;
    this.field.setRangeText(letter, place - 1, place, "end");
    this.field.dispatchEvent(new Event("input"));
  }

  #erase() {
    const { selectionStart, selectionEnd } = this.field;
    this.field.setRangeText("", Math.max(0, selectionStart === selectionEnd ? selectionStart - 1 : selectionStart), selectionEnd, "end");
    this.field.dispatchEvent(new Event("input"));
  }
}

// Rows of a table become its columns, as the fifty sounds are written.
function turned(rows) {
  return [0, 1, 2, 3, 4].map((place) => rows.map((row) => [...row][place]).join(""));
}
