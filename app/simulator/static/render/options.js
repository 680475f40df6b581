// What a caller may leave out.

import { WORDS } from "./words.js";

const NOTHING = () => null;

// The caller's options with everything there; `words` are the phone's own in the language asked for.
export function complete(options = {}) {
  if (options.words) return options;
  return {
    ...options,
    picture: options.picture ?? NOTHING,
    content: options.content ?? NOTHING,
    onAction: options.onAction ?? NOTHING,
    nameOf: options.nameOf ?? NOTHING,
    account: options.account ?? { name: "" },
    now: options.now ?? Date.now(),
    language: Object.hasOwn(WORDS, options.language) ? options.language : "ja",
    words: WORDS[options.language] ?? WORDS.ja,
  };
}
