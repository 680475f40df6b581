// Template messages, as LINE draws them itself.

import { makeTappable } from "./actions.js";
import { colour, style } from "./measures.js";
import { element, picture } from "./nodes.js";

const KINDS = { buttons, confirm, carousel, image_carousel: imageCarousel };

export function renderTemplate(template, context) {
  const draw = Object.hasOwn(KINDS, template?.type) ? KINDS[template.type] : null;
  return draw ? draw(template, context) : element("div", { className: "line-text", text: context.words.unknown });
}

function buttons(template, context) {
  const card = column(template, template, context);
  card.classList.add("alone");
  return card;
}

function column(template, look, context) {
  const top = element("div", { className: "template-top" });
  if (template.thumbnailImageUrl) top.append(thumbnail(template, look, context));
  const words = element("div", { className: "template-words" });
  if (template.title) words.append(element("strong", { text: template.title }));
  words.append(element("p", { text: template.text ?? "" }));
  top.append(words);
  makeTappable(top, template.defaultAction, context);
  return element("div", { className: "template" }, top, choices(template.actions, context));
}

function thumbnail(template, look, context) {
  const frame = element("div", { className: "template-picture" });
  frame.dataset.shape = look.imageAspectRatio === "square" ? "square" : "rectangle";
  style(frame, { "background-color": colour(template.imageBackgroundColor) });
  const fit = look.imageSize === "contain" ? "contain" : "cover";
  frame.append(picture(template.thumbnailImageUrl, context, { fit }));
  return frame;
}

function choices(actions = [], context) {
  return element("div", { className: "template-choices" }, ...actions.map((action) => choice(action, context)));
}

function choice(action, context) {
  const button = element("button", { type: "button", className: "template-choice" }, element("span", { text: action.label ?? "" }));
  return makeTappable(button, action, context);
}

function confirm(template, context) {
  const words = element("div", { className: "template-words" }, element("p", { text: template.text ?? "" }));
  const card = element("div", { className: "template alone confirm" }, words, choices(template.actions, context));
  return card;
}

function row(label, ...children) {
  return element("div", { className: "template-carousel", role: "group", "aria-label": label, tabindex: "0" }, ...children);
}

function carousel(template, context) {
  return row(context.words.carousel, ...(template.columns ?? []).map((each) => column(each, template, context)));
}

function imageCarousel(template, context) {
  return row(context.words.pictures, ...(template.columns ?? []).map((each) => square(each, context)));
}

function square(each, context) {
  const label = each.action?.label ?? "";
  const node = element("div", { className: "image-square" }, picture(each.imageUrl, context, { fit: "cover", label }));
  if (label) node.append(element("span", { className: "image-label", text: label }));
  return makeTappable(node, each.action, context);
}
