// Quick replies: one row of pills.

import { sign } from "./icons.js";
import { element, loadable } from "./nodes.js";
import { complete } from "./options.js";

const MOST = 13;

export function renderChips(message, options) {
  const context = complete(options);
  return (message?.quickReply?.items ?? []).slice(0, MOST).map((item) => chip(item, context));
}

function chip({ imageUrl, action }, context) {
  const button = element("button", { type: "button", className: "line-chip", testid: "quick-reply", "data-action": action?.type });
  const address = loadable(imageUrl ? context.picture(imageUrl) : null);
  if (address) button.append(element("img", { src: address, alt: "", width: "24", height: "24" }));
  else button.append(...[sign(action?.type)].filter(Boolean));
  button.append(element("span", { text: action?.label ?? "" }));
  button.addEventListener("click", () => context.onAction(action, button));
  return button;
}
