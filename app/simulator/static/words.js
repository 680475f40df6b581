// The page's own words in two languages. The Japanese sentence is the key of the English one.

import { ENGLISH } from "./english.js";

const KEY = "goen-phone-language";

export const language = read();

// The sentence in the page's language; `{name}` in it is replaced by values.name.
export function t(sentence, values = {}) {
  const words = language === "en" ? ENGLISH[sentence] ?? sentence : sentence;
  return words.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
}

// What stands in the page's HTML is Japanese; this puts it into the page's language.
export function translate(root) {
  if (language === "ja") return;
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.textContent);
  for (const name of ["aria-label", "placeholder"]) {
    for (const node of root.querySelectorAll(`[${name}]`)) node.setAttribute(name, t(node.getAttribute(name)));
  }
}

// The page is loaded anew: nothing in it has to be able to change its language.
export function speak(wanted) {
  try {
    localStorage.setItem(KEY, wanted);
  } catch {
    // Then the address alone says it.
  }
  const address = new URL(location.href);
  address.searchParams.set("lang", wanted);
  location.replace(address);
}

function read() {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked === "en" || asked === "ja") return asked;
  try {
    return localStorage.getItem(KEY) === "en" ? "en" : "ja";
  } catch {
    return "ja";
  }
}
