// Plain text messages: links and phone numbers can be tapped, LINE emoji stand where the `$` was.

import { element } from "./nodes.js";

const LINK = /https?:\/\/[^\s　「」（）<>"]+|(?<![\d-])0\d{1,3}-\d{2,4}-\d{4}(?![\d-])/g;

export function linkedText(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    parts.push(text.slice(from, found.index), link(found[0]));
    from = found.index + found[0].length;
  }
  parts.push(text.slice(from));
  return parts.filter((part) => part !== "");
}

function link(words) {
  const isWeb = words.startsWith("http");
  return element("a", {
    text: words,
    href: isWeb ? words : `tel:${words.replaceAll("-", "")}`,
    target: isWeb ? "_blank" : undefined,
    rel: "noopener noreferrer",
  });
}

export function renderText(message) {
  const bubble = element("div", { className: "text-bubble" });
  let from = 0;
  const text = String(message.text ?? "");
  for (const emoji of [...(message.emojis ?? [])].sort((one, other) => one.index - other.index)) {
    bubble.append(...linkedText(text.slice(from, emoji.index)));
    bubble.append(element("span", { className: "emoji", role: "img", "aria-label": "絵文字", text: "☺" }));
    from = emoji.index + 1;
  }
  bubble.append(...linkedText(text.slice(from)));
  return bubble;
}
