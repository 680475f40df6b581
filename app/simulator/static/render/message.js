// One LINE message by its type.

import { renderFlex } from "./flex.js";
import { renderImagemap } from "./imagemap.js";
import { renderAudio, renderCoupon, renderFile, renderImage, renderLocation, renderSticker, renderVideo } from "./media.js";
import { element } from "./nodes.js";
import { complete } from "./options.js";
import { renderTemplate } from "./template.js";
import { renderText } from "./text.js";

const KINDS = {
  text: renderText,
  textV2: renderText,
  sticker: renderSticker,
  image: renderImage,
  video: renderVideo,
  audio: renderAudio,
  location: renderLocation,
  file: renderFile,
  coupon: renderCoupon,
  imagemap: renderImagemap,
  template: (message, context) => renderTemplate(message.template, context),
  flex: (message, context) => renderFlex(message.contents, context),
};

export function renderMessage(message, options) {
  const context = complete(options);
  const draw = Object.hasOwn(KINDS, message.type) ? KINDS[message.type] : unknown;
  const node = draw(message, context);
  node.classList.add("line-message");
  return node;
}

// Carousels, giga bubbles and imagemaps take the whole width of the screen.
export function isWide(message) {
  if (message.type === "template") return /carousel/.test(message.template?.type ?? "");
  if (message.type !== "flex") return message.type === "imagemap";
  return message.contents?.type === "carousel" || message.contents?.size === "giga";
}

function unknown(message, context) {
  return element("div", { className: "line-text", text: context.words.unknown });
}
