// LINE messages as DOM: the one renderer of the simulated phone and of every preview in the console.
//
// It makes no request, keeps no state and knows neither the phone nor the console: LINE's message JSON goes
// in, nodes come out. Words are set as text and addresses are looked at before they are used, so messages may
// hold anything. A page links `render.css` once; every rule in it is below `.line-view`.
//
//   import { fitTexts, renderMessage, setLook } from "/static/render/index.js";
//   setLook(box, { theme: "light", letters: "normal" });       // makes `box` a line-view
//   box.append(renderMessage(message, { picture: (url) => url }));
//   fitTexts(box);                                             // once the nodes are in the page
//
// What there is:
//   setLook(box, look)                   look: { theme: "light" | "dark", letters: "small" | "normal" | "large" |
//                                        "huge" }. Flex bubbles keep their own colours in the dark.
//   renderMessage(message, options)      one message, without who sent it
//   renderLine(entry, before, options)   the nodes that an entry of a chat adds: a date mark where the day turns,
//                                        then a list item with sender, message and time. `entry`: { from: "bot" |
//                                        "user", at: ms, message, read? }; `before`: the entry above, or undefined
//   renderDots(options)                  the loading animation as a list item
//   renderChips(message, options)        the message's quick replies, as buttons
//   fitTexts(box)                        texts with `shrink-to-fit`; call it again when the size of letters changes
//   previewOf(message, language)         what a notification or a chat list says
//   openable(uri)                        the address if a phone may open it, else null
//
// options, all of them optional:
//   picture(url)            → the address a browser may load for a message's https picture, or null: none is shown
//   content(id)             → the address of what a person sent (image, video), or null
//   onAction(action, node)  somebody tapped something that has a LINE action
//   onOpen(kind, url)       somebody tapped a picture ("image") or a film ("video"); the address is a mapped one
//   account                 { name, picture? }: who the account is, above its messages
//   nameOf(userId)          → the name for a mention, or null
//   now                     ms of business time, for 今日 and 昨日
//   language                "ja" (default) or "en": the phone's own words, never the message's
//   hours                   24 (default) or 12
//   playsVideo              false draws `altContent` in place of a video hero, as old apps do

export { openable } from "./actions.js";
export { renderChips } from "./chips.js";
export { renderDots, renderLine } from "./line.js";
export { isWide, renderMessage } from "./message.js";
export { fitTexts } from "./parts.js";
export { previewOf } from "./previews.js";

const LETTERS = new Set(["small", "normal", "large", "huge"]);

export function setLook(box, { theme = "light", letters = "normal" } = {}) {
  box.classList.add("line-view");
  box.dataset.theme = theme === "dark" ? "dark" : "light";
  box.dataset.letters = LETTERS.has(letters) ? letters : "normal";
}
