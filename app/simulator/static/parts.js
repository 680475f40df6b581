// Small parts of the drawer.

import { element } from "./render/nodes.js";

export function part(title, className, ...children) {
  return element("details", { className: `part ${className}`, open: true }, element("summary", { text: title }), ...children);
}

export function button(text, onClick, testid, className) {
  const node = element("button", { type: "button", className, text, testid });
  node.addEventListener("click", onClick);
  return node;
}

export const row = (...children) => element("div", { className: "row" }, ...children);
