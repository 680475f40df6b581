// An imagemap: one picture as wide as the screen, with places to tap and perhaps a film in it.

import { makeTappable } from "./actions.js";
import { element, loadable, picture } from "./nodes.js";

const DESIGN_WIDTH = 1040;

export function renderImagemap(message, context) {
  const size = { width: DESIGN_WIDTH, height: DESIGN_WIDTH, ...message.baseSize };
  const node = element("div", { className: "line-imagemap" });
  node.style.aspectRatio = `${Number(size.width)} / ${Number(size.height)}`;
  const url = message.baseUrl ? `${message.baseUrl}/${DESIGN_WIDTH}` : null;
  node.append(picture(url, context, { fit: "fill", label: message.altText ?? "" }));
  if (message.video) node.append(film(message.video, size, context));
  for (const each of message.actions ?? []) node.append(place(each, size, context));
  return node;
}

function place(each, size, context) {
  const button = element("button", { type: "button", className: "imagemap-place", "aria-label": each.label || each.text || context.words.open });
  put(button, each.area, size);
  return makeTappable(button, asAction(each), context);
}

// Imagemaps name the fields of some actions in their own way.
function asAction({ type, label, linkUri, text, clipboardText }) {
  if (type === "uri") return { type, label, uri: linkUri };
  return type === "message" ? { type, label, text } : { type, label, clipboardText };
}

function film(video, size, context) {
  const node = element("div", { className: "imagemap-film" });
  put(node, video.area, size);
  node.append(picture(video.previewImageUrl, context, { fit: "cover", label: context.words.film }));
  const play = element("button", { type: "button", className: "line-play", "aria-label": context.words.film });
  play.addEventListener("click", () => {
    const address = loadable(context.picture(video.originalContentUrl ?? ""));
    if (address) context.onOpen?.("video", address);
  });
  node.append(play);
  const link = video.externalLink;
  if (link?.linkUri) {
    const more = element("button", { type: "button", className: "imagemap-more", text: link.label ?? context.words.open });
    node.append(makeTappable(more, { type: "uri", label: link.label, uri: link.linkUri }, context));
  }
  return node;
}

function put(node, area = {}, size) {
  const share = (part, whole) => `${(100 * Number(part ?? 0)) / Number(whole)}%`;
  node.style.left = share(area.x, size.width);
  node.style.top = share(area.y, size.height);
  node.style.width = share(area.width, size.width);
  node.style.height = share(area.height, size.height);
}
