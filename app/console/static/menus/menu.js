// The menu as data: every change gives a new menu and leaves the old one as it was.

import { boundsOf, clamp } from "./geometry.js";

export const sizeOf = (tab) => ({ width: tab.width, height: tab.height });

export function withTab(menu, index, change) {
  return { ...menu, tabs: menu.tabs.map((tab, at) => (at === index ? { ...tab, ...change } : tab)) };
}

export function withArea(menu, tabIndex, index, change) {
  const areas = menu.tabs[tabIndex].areas.map((area, at) => (at === index ? { ...area, ...change } : area));
  return withTab(menu, tabIndex, { areas });
}

export function withoutArea(menu, tabIndex, index) {
  return withTab(menu, tabIndex, { areas: menu.tabs[tabIndex].areas.filter((_, at) => at !== index) });
}

export function withNewArea(menu, tabIndex, bounds) {
  return withTab(menu, tabIndex, { areas: [...menu.tabs[tabIndex].areas, newArea(bounds)] });
}

export function withAreaAt(menu, tabIndex, from, to) {
  const areas = [...menu.tabs[tabIndex].areas];
  areas.splice(to, 0, ...areas.splice(from, 1));
  return withTab(menu, tabIndex, { areas });
}

// Areas keep their order and move into the preset's places; places without one get a new area.
export function withPreset(menu, tabIndex, name, preset) {
  const old = menu.tabs[tabIndex];
  const areas = preset.areas.map((bounds, at) => ({ ...(old.areas[at] ?? newArea(bounds)), ...boundsOf(bounds) }));
  return withTab(menu, tabIndex, { preset: name, areas, picture: "", ...preset.size });
}

// An uploaded picture brings its size; areas keep their share of it.
export function withPicture(menu, tabIndex, picture, size) {
  const old = menu.tabs[tabIndex];
  const [across, down] = [size.width / old.width, size.height / old.height];
  const scaled = ({ x, y, width, height }) => {
    const [left, top] = [Math.round(x * across), Math.round(y * down)];
    return clamp({ x: left, y: top, width: Math.round((x + width) * across) - left, height: Math.round((y + height) * down) - top }, size);
  };
  return withTab(menu, tabIndex, { picture, ...size, areas: old.areas.map((area) => ({ ...area, ...scaled(area) })) });
}

export function withNewTab(menu) {
  const keys = new Set(menu.tabs.map((tab) => tab.key));
  let number = menu.tabs.length + 1;
  while (keys.has(`tab${number}`)) number += 1;
  const tab = { key: `tab${number}`, title: `タブ${number}`, preset: "", width: 2500, height: 1686, picture: "", areas: [] };
  return { ...menu, tabs: [...menu.tabs, tab] };
}

export function withoutTab(menu, index) {
  return { ...menu, tabs: menu.tabs.filter((_, at) => at !== index) };
}

export const isFilled = (tab) => tab.areas.some((area) => area.label.trim() !== "" || area.icon !== "");

export function newAction(type, menu) {
  if (type === "postback") return { type, command: "job.first", values: {}, says: "" };
  if (type === "uri") return { type, uri: "" };
  if (type === "tab") return { type, tab: menu.tabs[0].key };
  return { type: "message", text: "" };
}

function newArea(bounds) {
  return { label: "", note: "", icon: "", tone: "green", ...boundsOf(bounds), action: { type: "message", text: "" } };
}
