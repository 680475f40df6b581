// The time machine: forwards by hours, to a date, or to what is due next; and the list of what will and did happen.

import { get, post, remove } from "./client.js";
import { button, part, row } from "./parts.js";
import { element } from "./render/nodes.js";
import { dayOf, fullTime, now, timeOf } from "./times.js";
import { t } from "./words.js";

const KINDS = { message: "メッセージ", event: "受信", task: "定期の仕事", appointment: "予定", reminder: "お知らせ" };
const STATES = { sent: "送った", refused: "送らなかった", expired: "期限が過ぎた", cancelled: "取りやめた", failed: "届かなかった", unknown: "不明", done: "済んだ", skipped: "飛ばした", waiting: "" };
const LOOK_MS = 500;

export class TimeMachine {
  // hooks: { toast(words), onClock(), nameOf(id) }
  constructor(hooks) {
    this.hooks = hooks;
    this.began = null;
    this.now = element("p", { className: "clock-now", testid: "clock" });
    this.note = element("p", { className: "clock-note", role: "status" });
    this.coming = element("ol", { className: "agenda", testid: "agenda-coming" });
    this.done = element("ol", { className: "agenda", testid: "agenda-done" });
    const target = element("input", { type: "datetime-local", "aria-label": t("進める先の日時"), step: "60", testid: "clock-target" });
    this.stop = button(t("止める"), async () => { await remove("/clock"); }, "stop-clock");
    this.node = part(t("時計"), "clock-part", this.now, this.note,
      row(
        button(t("1時間進める"), () => this.#go({ advance_seconds: 3600 }), "advance-hour"),
        button(t("1日進める"), () => this.#go({ advance_seconds: 86_400 }), "advance-day"),
        button(t("1週間進める"), () => this.#go({ advance_seconds: 604_800 }), "advance-week"),
        button(t("次の予定まで進める"), () => this.#go({ to: "next" }), "advance-next")),
      row(target, button(t("この日時まで進める"), () => this.#goTo(target.value), "advance-to"), this.stop),
      element("h3", { text: t("これから起こること") }), this.coming,
      element("h3", { text: t("起こったこと") }), this.done);
  }

  // `isSeen`: somebody looks at the drawer, so the agenda is fetched anew.
  showClock(clock, isSeen) {
    const isStill = !clock.has_clock_file || clock.is_running;
    for (const node of this.node.querySelectorAll(".row button, .row input, .agenda button")) node.disabled = isStill;
    this.stop.disabled = !clock.is_running;
    this.isRunning = clock.is_running;
    const words = clock.has_clock_file ? t("実際の時刻より {hours} 進んでいます。", { hours: spoken(clock.offset) }) : t("GOEN_CLOCK_FILE がないため、時刻は進められません。");
    this.note.textContent = clock.is_running ? t("進めています… 残り {hours}", { hours: spoken(clock.seconds_left) }) : words;
    this.showTime();
    if (isSeen) this.refreshAgenda();
  }

  showTime() {
    this.now.textContent = fullTime(now());
  }

  // Many steps in a row are one look.
  refreshAgenda() {
    if (this.timer) return;
    this.timer = setTimeout(async () => {
      this.timer = undefined;
      try {
        const agenda = await get(`/agenda${this.began ? `?since=${this.began}` : ""}`);
        fill(this.coming, agenda.coming, (item) => this.#item(item, true));
        fill(this.done, agenda.done, (item) => this.#item(item, false));
      } catch (error) {
        this.coming.replaceChildren(element("li", { className: "empty", text: t("予定はわかりません: {why}", { why: error.message }) }));
        this.done.replaceChildren();
      }
    }, LOOK_MS);
  }

  #item(item, isComing) {
    const who = item.who ? this.hooks.nameOf(item.who) ?? "" : "";
    const state = t(STATES[item.state] ?? item.state);
    const words = [t(KINDS[item.kind] ?? item.kind), who, item.what, state, item.reason].filter(Boolean).join("・");
    const go = isComing && button(t("ここまで"), () => this.#go({ until: item.at + 1000 }), "advance-item");
    if (go) {
      go.disabled = this.isRunning;
      go.setAttribute("aria-label", t("{time} まで進める", { time: `${dayOf(item.at)} ${timeOf(item.at)}` }));
    }
    return element("li", { className: `agenda-item state-${item.state}` },
      element("time", { text: timeOf(item.at), datetime: new Date(item.at).toISOString() }),
      element("span", { text: words }), go);
  }

  async #goTo(local) {
    // The input means Japan's clock, whatever the browser's zone is.
    const until = local ? new Date(`${local}:00+09:00`).getTime() : 0;
    if (!(until > now())) this.hooks.toast(t("今より後の日時を選んでください"));
    else await this.#go({ until });
  }

  async #go(journey) {
    this.began = Math.round(now());
    try {
      await post("/clock", journey);
    } catch (error) {
      this.hooks.toast(error.message);
    }
    this.hooks.onClock();
  }
}

// A list with a mark wherever the day turns.
function fill(list, items, draw) {
  let day = null;
  const nodes = [];
  for (const item of items) {
    if (dayOf(item.at) !== day) {
      day = dayOf(item.at);
      nodes.push(element("li", { className: "agenda-day", text: day }));
    }
    nodes.push(draw(item));
  }
  list.replaceChildren(...(nodes.length ? nodes : [element("li", { className: "empty", text: t("ありません。") })]));
}

function spoken(seconds) {
  const days = Math.floor(seconds / 86_400);
  const rest = Math.floor((seconds % 86_400) / 60);
  const parts = { hours: Math.floor(rest / 60), minutes: rest % 60 };
  return (days ? t("{days} 日 ", { days }) : "") + t("{hours} 時間 {minutes} 分", parts);
}
