// Small drawings of our own: not every machine has a font with pictures in it.

const PATHS = {
  sticker: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8.5 14.5a4 4 0 0 0 7 0M9 9.5v.5M15 9.5v.5",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9v.1",
  file: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  video: "M3 6h12v12H3zM15 10.5 21 7v10l-6-3.5",
  audio: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3M6 11a6 6 0 0 0 12 0M12 17v4",
  location: "M12 21s-7-6.3-7-11a7 7 0 0 1 14 0c0 4.7-7 11-7 11M12 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5",
  camera: "M4 7h4l2-2h4l2 2h4v12H4zM12 10a3 3 0 1 0 0 6 3 3 0 0 0 0-6",
};
PATHS.cameraRoll = PATHS.image;
const SPACE = "http://www.w3.org/2000/svg";

export const hasIcon = (name) => Object.hasOwn(PATHS, name);

export function icon(name, className = "sign") {
  const drawing = document.createElementNS(SPACE, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", className);
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SPACE, "path");
  path.setAttribute("d", PATHS[name]);
  drawing.append(path);
  return drawing;
}
