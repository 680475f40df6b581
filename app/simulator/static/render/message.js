// One LINE message as DOM. Pure: no network, nothing outside the node it returns.
//
// context: {
//   picture(url)  → the address a browser may load for a message's https picture, or null
//   content(id)   → the address of what a person sent, or null
//   onAction(action, node) → somebody tapped
// }

import { renderFlex } from "./flex.js";
import { renderAudio, renderFile, renderImage, renderLocation, renderSticker, renderVideo } from "./media.js";
import { element, picture } from "./nodes.js";
import { renderTemplate } from "./template.js";
import { renderText } from "./text.js";

export { fitTexts } from "./parts.js";

const KINDS = {
  text: renderText,
  textV2: renderText,
  sticker: renderSticker,
  image: renderImage,
  video: renderVideo,
  audio: renderAudio,
  location: renderLocation,
  file: renderFile,
  imagemap: renderImagemap,
  template: (message, context) => renderTemplate(message.template, context),
  flex: (message, context) => renderFlex(message.contents, context),
};

export function renderMessage(message, context) {
  const draw = KINDS[message.type];
  const node = draw ? draw(message, context) : element("div", { className: "text-bubble", text: `（${message.type}）` });
  node.classList.add("line-message");
  return node;
}

// Carousels and giga bubbles take the whole width of the screen.
export function isWide(message) {
  if (message.type === "template") return /carousel/.test(message.template?.type ?? "");
  if (message.type !== "flex") return message.type === "imagemap";
  return message.contents?.type === "carousel" || message.contents?.size === "giga";
}

function renderImagemap(message, context) {
  const { width = 1040, height = 1040 } = message.baseSize ?? {};
  const node = element("div", { className: "imagemap" });
  node.style.aspectRatio = `${width} / ${height}`;
  node.append(picture(message.baseUrl ? `${message.baseUrl}/1040` : null, context, { fit: "cover", label: message.altText ?? "" }));
  for (const each of message.actions ?? []) node.append(imagemapArea(each, width, height, context));
  return node;
}

function imagemapArea(each, width, height, context) {
  const { area = {} } = each;
  const button = element("button", { type: "button", className: "imagemap-area", "aria-label": each.label ?? "開く" });
  const share = (part, whole) => `${(100 * part) / whole}%`;
  button.style.left = share(area.x, width);
  button.style.top = share(area.y, height);
  button.style.width = share(area.width, width);
  button.style.height = share(area.height, height);
  const action = each.type === "uri" ? { type: "uri", uri: each.linkUri } : each;
  button.addEventListener("click", () => context.onAction(action, button));
  return button;
}
