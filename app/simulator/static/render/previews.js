// What a notification or a chat list says about a message: one line.

import { wordsOf } from "./text.js";
import { WORDS } from "./words.js";

export function previewOf(message, language = "ja") {
  const words = WORDS[language] ?? WORDS.ja;
  if (message.type === "text" || message.type === "textV2") return wordsOf(message, words);
  if (message.altText) return String(message.altText);
  if (message.type === "unsent") return words.unsent;
  return words.sent[message.type] ?? "";
}
