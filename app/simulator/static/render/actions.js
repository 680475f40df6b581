// What makes a part of a message tappable. The innermost tapped part wins.

import { element } from "./nodes.js";

const OPENABLE = new Set(["http:", "https:", "tel:", "line:"]);
const OWN_KEYS = new Set(["BUTTON", "A"]);

// The address if a phone may open it, else null: `javascript:` and all others do nothing.
export function openable(uri) {
  try {
    return OPENABLE.has(new URL(uri).protocol) ? uri : null;
  } catch {
    return null;
  }
}

export function makeTappable(node, action, context) {
  if (!action || !action.type) return node;
  node.dataset.action = action.type;
  node.classList.add("tappable");
  listen(node, () => context.onAction(action, node));
  if (!OWN_KEYS.has(node.tagName)) giveKeyboard(node, action, context);
  return node;
}

// A picture or film that opens by itself; only where somebody shows it.
export function makeOpenable(node, kind, address, context) {
  if (!address || !context.onOpen) return node;
  node.dataset.action = "open";
  node.classList.add("tappable");
  listen(node, () => context.onOpen(kind, address));
  giveKeyboard(node, { type: "open" }, context);
  return node;
}

function listen(node, act) {
  node.addEventListener("click", (event) => {
    event.preventDefault();
    event.stopPropagation();
    act();
  });
}

function giveKeyboard(node, action, context) {
  if (node.querySelector("[data-action]")) {
    node.append(hiddenButton(action, node, context));
    return;
  }
  node.tabIndex = 0;
  node.setAttribute("role", action.type === "uri" ? "link" : "button");
  if (action.label) node.setAttribute("aria-label", action.label);
  else if (!node.textContent.trim()) node.setAttribute("aria-label", context.words.open);
  node.addEventListener("keydown", (event) => {
    if (event.target === node && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      node.click();
    }
  });
}

// A tappable area around other buttons cannot be a button itself; this one is for keyboards and readers.
function hiddenButton(action, node, context) {
  const button = element("button", { type: "button", className: "line-for-readers", text: action.label || context.words.open });
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    node.click();
  });
  return button;
}
