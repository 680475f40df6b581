// LINE's date picker, with the browser's own input.

import { element } from "./render/nodes.js";
import { ask } from "./sheet.js";
import { t } from "./words.js";

const TYPES = { date: "date", time: "time", datetime: "datetime-local" };
const WORDS = { date: "日付を選ぶ", time: "時刻を選ぶ", datetime: "日時を選ぶ" };
const RANGE = { date: ["1900-01-01", "2100-12-31"], time: ["00:00", "23:59"], datetime: ["1900-01-01T00:00", "2100-12-31T23:59"] };

// Ask for a date, a time or both; the value as LINE's params, or null when it was cancelled.
export function pick(action) {
  const mode = TYPES[action.mode] ? action.mode : "date";
  const input = element("input", {
    type: TYPES[mode],
    testid: "picker-input",
    required: true,
    min: asInput(action.min) ?? RANGE[mode][0],
    max: asInput(action.max) ?? RANGE[mode][1],
  });
  input.value = asInput(action.initial) ?? "";
  const label = element("label", { className: "picker-label" }, element("span", { text: action.label ?? t(WORDS[mode]) }), input);
  return ask(t(WORDS[mode]), () => [label], {
    answer: () => (input.value ? { [mode]: input.value.slice(0, mode === "datetime" ? 16 : 10) } : null),
  });
}

const asInput = (value) => value?.replace("t", "T");
