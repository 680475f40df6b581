// The developer's panel: the time machine, faults, and what went over the wire.

import { get, post, remove } from "./client.js";
import { element } from "./render/nodes.js";
import { fullTime, now } from "./times.js";

const ENDPOINTS = ["push", "reply", "multicast", "validate", "profile", "content", "*", "webhook"];
const KINDS = [
  ["500", "500 を返す"],
  ["429", "429（送りすぎ）を返す"],
  ["monthly", "429（月の上限）を返す"],
  ["401", "401 を返す"],
  ["403", "403 を返す"],
  ["timeout", "受け付けずに待たせる"],
  ["reset", "受け付けずに切断する"],
  ["accepted_lost", "受け付けてから切断する"],
  ["accepted_500", "受け付けてから 500 を返す"],
  ["slow", "2 秒遅らせる"],
];
const WEBHOOK_KINDS = [
  ["twice", "2 回届ける"],
  ["lost_answer", "応答が届かなかったことにする"],
  ["drop", "届けない"],
];
const WORDS = new Map([...KINDS, ...WEBHOOK_KINDS]);
const REFRESH_MS = 300;
const MOST_ROWS = 200;

export class Drawer {
  // hooks: { toast(words), onClock() }
  constructor(root, hooks) {
    this.root = root.querySelector(".drawer");
    this.toggle = root.querySelector(".drawer-toggle");
    this.hooks = hooks;
    this.rows = new Map();
    this.root.append(this.#clockPart(), this.#faultPart(), this.#wirePart());
    this.toggle.addEventListener("click", () => this.open(this.root.hidden));
  }

  open(isOpen) {
    this.root.hidden = !isOpen;
    document.body.classList.toggle("with-drawer", isOpen);
    this.toggle.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return;
    this.refreshWire();
    this.#refreshFaults();
  }

  // Many calls in a row are one look.
  refreshWire() {
    if (this.root.hidden || this.timer) return;
    this.timer = setTimeout(async () => {
      this.timer = undefined;
      const { wire } = await get(`/wire?after=${this.#seenUntil()}`);
      for (const crossing of wire) this.#showCrossing(crossing);
    }, REFRESH_MS);
  }

  showClock(clock) {
    this.clock = clock;
    for (const button of this.root.querySelectorAll(".clock-part button, .clock-part input")) {
      button.disabled = !clock.has_clock_file || clock.is_running;
    }
    const words = clock.has_clock_file ? `実際の時刻より ${hours(clock.offset)} 進んでいます。` : "GOEN_CLOCK_FILE がないため、時刻は進められません。";
    this.clockNote.textContent = clock.is_running ? `進めています… 残り ${hours(clock.seconds_left)}` : words;
    this.showTime();
  }

  showTime() {
    this.clockNow.textContent = fullTime(now());
  }

  #clockPart() {
    this.clockNow = element("p", { className: "clock-now", testid: "clock" });
    this.clockNote = element("p", { className: "clock-note", role: "status" });
    const target = element("input", { type: "datetime-local", "aria-label": "進める先の日時", step: "60" });
    const go = button("この日時まで進める", () => this.#advance(secondsUntil(target.value)));
    const buttons = element("div", { className: "row" },
      button("1時間進める", () => this.#advance(3600), "advance-hour"),
      button("1日進める", () => this.#advance(86_400), "advance-day"));
    return part("時計", "clock-part", this.clockNow, this.clockNote, buttons, element("div", { className: "row" }, target, go));
  }

  async #advance(seconds) {
    if (!(seconds > 0)) {
      this.hooks.toast("今より後の日時を選んでください");
      return;
    }
    try {
      await post("/clock", { advance_seconds: Math.round(seconds) });
    } catch (error) {
      this.hooks.toast(error.message);
    }
    this.hooks.onClock();
  }

  #faultPart() {
    const endpoint = element("select", { "aria-label": "どの呼び出しに" }, ...ENDPOINTS.map((name) => element("option", { value: name, text: name === "*" ? "すべてのAPI" : name })));
    const kind = element("select", { "aria-label": "どの障害を" });
    const times = element("input", { type: "number", min: "1", max: "999", value: "1", "aria-label": "何回" });
    const fill = () => {
      const kinds = endpoint.value === "webhook" ? WEBHOOK_KINDS : KINDS;
      kind.replaceChildren(...kinds.map(([value, text]) => element("option", { value, text })));
    };
    endpoint.addEventListener("change", fill);
    fill();
    this.faultList = element("ul", { className: "fault-list", testid: "faults" });
    const add = button("起こす", () => this.#addFault(endpoint.value, kind.value, Number(times.value)), "add-fault");
    const clear = button("すべて止める", async () => { await remove("/faults"); this.#refreshFaults(); });
    return part("障害", "fault-part", element("div", { className: "row" }, endpoint, kind), element("div", { className: "row" }, times, element("span", { text: "回" }), add, clear), this.faultList);
  }

  async #addFault(endpoint, kind, times) {
    const { faults, latency_ms } = await get("/faults");
    const fresh = { endpoint, kind, times, latency_ms: kind === "slow" ? 2000 : 0 };
    const left = faults.filter((fault) => fault.times === null || fault.hits < fault.times);
    await post("/faults", { faults: [...left, fresh], latency_ms });
    this.#refreshFaults();
  }

  async #refreshFaults() {
    const { faults } = await get("/faults");
    this.faultList.replaceChildren(...faults.map((fault) => element("li", {
      text: `${fault.endpoint}: ${WORDS.get(fault.kind)}（${fault.hits} / ${fault.times ?? "∞"} 回）`,
    })));
  }

  #wirePart() {
    this.wire = element("ol", { className: "wire", testid: "wire" });
    return part("通信（新しい順）", "wire-part", this.wire);
  }

  // Up to here nothing can change any more; what was still under way is asked for again.
  #seenUntil() {
    const open = [...this.rows].find(([, row]) => row.dataset.over === "false");
    return open ? open[0] - 1 : [...this.rows.keys()].at(-1) ?? 0;
  }

  #showCrossing(crossing) {
    const row = crossingRow(crossing);
    const known = this.rows.get(crossing.seq);
    if (known) known.replaceWith(row);
    else this.wire.prepend(row);
    this.rows.set(crossing.seq, row);
    if (this.rows.size > MOST_ROWS) {
      const [oldest, node] = this.rows.entries().next().value;
      node.remove();
      this.rows.delete(oldest);
    }
  }
}

function crossingRow(crossing) {
  const status = crossing.status || (crossing.is_over ? "応答なし" : "…");
  const isGood = crossing.status >= 200 && crossing.status < 300;
  const summary = element("summary", {},
    element("span", { className: "kind", text: crossing.kind === "webhook" ? "→ Webhook" : "← API" }),
    element("code", { text: `${crossing.method} ${crossing.path}` }),
    element("strong", { className: isGood ? "good" : "bad", text: status }),
    element("small", { text: `${crossing.ms} ms ${crossing.note}` }));
  const details = element("details", {}, summary);
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(body("送った内容", crossing.request), body("返した内容", crossing.response));
  });
  return element("li", { className: crossing.kind, "data-over": String(crossing.is_over) }, details);
}

function part(title, className, ...children) {
  return element("details", { className: `part ${className}`, open: true }, element("summary", { text: title }), ...children);
}

function button(text, onClick, testid) {
  const node = element("button", { type: "button", text, testid });
  node.addEventListener("click", onClick);
  return node;
}

function body(title, text) {
  return element("figure", {}, element("figcaption", { text: title }), element("pre", { tabindex: "0", text: pretty(text) }));
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text || "（空）";
  }
}

function hours(seconds) {
  const days = Math.floor(seconds / 86_400);
  const rest = Math.floor((seconds % 86_400) / 60);
  return `${days ? `${days} 日 ` : ""}${Math.floor(rest / 60)} 時間 ${rest % 60} 分`;
}

// The input means Japan's clock, whatever the browser's zone is.
function secondsUntil(local) {
  return local ? (new Date(`${local}:00+09:00`).getTime() - now()) / 1000 : 0;
}
