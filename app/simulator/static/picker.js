// LINE's date picker, with the browser's own input.

const TYPES = { date: "date", time: "time", datetime: "datetime-local" };
const WORDS = { date: "日付を選ぶ", time: "時刻を選ぶ", datetime: "日時を選ぶ" };
const RANGE = { date: ["1900-01-01", "2100-12-31"], time: ["00:00", "23:59"], datetime: ["1900-01-01T00:00", "2100-12-31T23:59"] };

// Ask for a date, a time or both; the value as LINE's params, or null when it was cancelled.
export function pick(action) {
  const dialog = document.querySelector(".picker");
  const input = dialog.querySelector("input");
  const mode = TYPES[action.mode] ? action.mode : "date";
  dialog.querySelector("h2").textContent = WORDS[mode];
  dialog.querySelector(".picker-label span").textContent = action.label ?? WORDS[mode];
  input.type = TYPES[mode];
  input.min = asInput(action.min) ?? RANGE[mode][0];
  input.max = asInput(action.max) ?? RANGE[mode][1];
  input.value = asInput(action.initial) ?? "";
  dialog.returnValue = "";
  dialog.showModal();
  input.focus();
  return new Promise((resolve) => {
    dialog.querySelector(".picker-cancel").onclick = () => dialog.close("cancel");
    dialog.onclose = () => resolve(dialog.returnValue === "send" && input.value ? { [mode]: input.value.slice(0, mode === "datetime" ? 16 : 10) } : null);
  });
}

const asInput = (value) => value?.replace("t", "T");
