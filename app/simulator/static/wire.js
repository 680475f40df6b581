// What went over the wire: each event with the deliveries and calls that followed it, in time order.

import { get, post } from "./client.js";
import { crossingRow, eventHead } from "./crossing.js";
import { button, part } from "./parts.js";
import { element } from "./render/nodes.js";
import { t } from "./words.js";

const REFRESH_MS = 300;
const MOST_GROUPS = 100;

export class Wire {
  // hooks: { toast(words), nameOf(id) }
  constructor(hooks) {
    this.hooks = hooks;
    this.list = element("ol", { className: "wire", testid: "wire" });
    this.node = part(t("通信（新しい順）"), "wire-part", this.list);
    this.clear();
  }

  clear() {
    this.rows = new Map();
    this.groups = new Map();
    this.list.replaceChildren();
  }

  // Many calls in a row are one look.
  refresh() {
    if (this.timer) return;
    this.timer = setTimeout(async () => {
      this.timer = undefined;
      const { wire } = await get(`/wire?after=${this.#seenUntil()}`);
      for (const crossing of wire) this.#show(crossing);
    }, REFRESH_MS);
  }

  // Up to here nothing can change any more; what was still under way is asked for again.
  #seenUntil() {
    const open = [...this.rows].find(([, row]) => row.dataset.over === "false");
    return open ? open[0] - 1 : [...this.rows.keys()].at(-1) ?? 0;
  }

  #show(crossing) {
    const row = crossingRow(crossing);
    const known = this.rows.get(crossing.seq);
    this.rows.set(crossing.seq, row);
    if (known) {
      if (known.querySelector("details")?.open) row.querySelector("details").open = true;
      known.replaceWith(row);
    } else this.#place(crossing).append(row);
  }

  // The list that a crossing belongs to: its event's, or one of its own.
  #place(crossing) {
    const event = crossing.kind === "webhook" ? crossing.events[0] : null;
    const key = event?.id ?? crossing.cause ?? `own-${crossing.seq}`;
    const group = this.groups.get(key) ?? this.#newGroup(key, event);
    return group.querySelector(".calls");
  }

  #newGroup(key, event) {
    const head = event ? eventHead(event, this.hooks.nameOf(event.user)) : element("p", { className: "event-head own", text: t("Goen から（出来事によらない呼び出し）") });
    const again = event && element("span", { className: "event-acts" },
      button(t("もう一度届ける"), () => this.#deliver(event.id, 1), "event-again"),
      button(t("2回同時に届ける"), () => this.#deliver(event.id, 2), "event-twice"));
    const group = element("li", { className: event ? "event-group" : "own-group", testid: event ? "event-group" : "own-group" }, head, again, element("ol", { className: "calls" }));
    this.groups.set(key, group);
    this.list.prepend(group);
    if (this.groups.size > MOST_GROUPS) {
      const [oldest, node] = this.groups.entries().next().value;
      node.remove();
      this.groups.delete(oldest);
    }
    return group;
  }

  async #deliver(id, times) {
    try {
      await post(`/events/${encodeURIComponent(id)}/again`, { times });
    } catch (error) {
      this.hooks.toast(error.message);
    }
  }
}
