// A sheet over the phone that asks for something: one dialog at a time, gone when it is answered.

import { element } from "./render/nodes.js";
import { t } from "./words.js";

let count = 0;

// Shows `content` under a title; resolves to what `answer()` gives when it is sent, or to null.
// `content` may end the sheet itself by the function it is given: content(end) → nodes.
export function ask(title, content, { className = "", send = t("送信"), answer = null } = {}) {
  return new Promise((resolve) => {
    let result = null;
    const end = (value) => { result = value; dialog.close(); };
    const id = `sheet-${(count += 1)}`;
    const cancel = element("button", { type: "button", className: "picker-cancel", testid: "sheet-cancel", text: t("キャンセル") });
    cancel.addEventListener("click", () => end(null));
    const buttons = element("div", { className: "row" }, cancel,
      answer && element("button", { type: "submit", className: "picker-send", testid: "picker-send", text: send }));
    const form = element("form", { method: "dialog" }, element("h2", { id, text: title }), ...content(end), buttons);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      end(answer());
    });
    const dialog = element("dialog", { className: `picker ${className}`.trim(), testid: "picker", "aria-labelledby": id }, form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector("input, .choice")?.focus();
  });
}
