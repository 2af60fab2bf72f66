/** Icons as SVG text, compiled in one by one. Refuses an icon font: it would be a request and a missing glyph away. */

import alert from "@tabler/icons/outline/alert-triangle.svg?raw";
import archive from "@tabler/icons/outline/archive.svg?raw";
import boundary from "@tabler/icons/outline/arrows-move.svg?raw";
import check from "@tabler/icons/outline/circle-check.svg?raw";
import chevronDown from "@tabler/icons/outline/chevron-down.svg?raw";
import chevronLeft from "@tabler/icons/outline/chevron-left.svg?raw";
import chevronRight from "@tabler/icons/outline/chevron-right.svg?raw";
import chevronUp from "@tabler/icons/outline/chevron-up.svg?raw";
import close from "@tabler/icons/outline/x.svg?raw";
import collapse from "@tabler/icons/outline/layout-sidebar-left-collapse.svg?raw";
import coordinates from "@tabler/icons/outline/keyboard.svg?raw";
import expand from "@tabler/icons/outline/layout-sidebar-left-expand.svg?raw";
import filterOff from "@tabler/icons/outline/filter-off.svg?raw";
import help from "@tabler/icons/outline/help-circle.svg?raw";
import history from "@tabler/icons/outline/history.svg?raw";
import hole from "@tabler/icons/outline/section.svg?raw";
import home from "@tabler/icons/outline/home.svg?raw";
import info from "@tabler/icons/outline/info-circle.svg?raw";
import leave from "@tabler/icons/outline/logout.svg?raw";
import link from "@tabler/icons/outline/link.svg?raw";
import locate from "@tabler/icons/outline/current-location.svg?raw";
import magnet from "@tabler/icons/outline/magnet.svg?raw";
import merge from "@tabler/icons/outline/arrows-join.svg?raw";
import minus from "@tabler/icons/outline/minus.svg?raw";
import paperclip from "@tabler/icons/outline/paperclip.svg?raw";
import pause from "@tabler/icons/outline/player-pause.svg?raw";
import pencil from "@tabler/icons/outline/pencil.svg?raw";
import play from "@tabler/icons/outline/player-play.svg?raw";
import plus from "@tabler/icons/outline/plus.svg?raw";
import pointer from "@tabler/icons/outline/pointer.svg?raw";
import polygon from "@tabler/icons/outline/lasso-polygon.svg?raw";
import print from "@tabler/icons/outline/printer.svg?raw";
import redo from "@tabler/icons/outline/arrow-forward-up.svg?raw";
import restore from "@tabler/icons/outline/restore.svg?raw";
import ruler from "@tabler/icons/outline/ruler-measure.svg?raw";
import save from "@tabler/icons/outline/device-floppy.svg?raw";
import search from "@tabler/icons/outline/search.svg?raw";
import split from "@tabler/icons/outline/slice.svg?raw";
import stepBack from "@tabler/icons/outline/player-skip-back.svg?raw";
import stepForward from "@tabler/icons/outline/player-skip-forward.svg?raw";
import subdivide from "@tabler/icons/outline/square-half.svg?raw";
import trash from "@tabler/icons/outline/trash.svg?raw";
import undo from "@tabler/icons/outline/arrow-back-up.svg?raw";
import upload from "@tabler/icons/outline/upload.svg?raw";
import users from "@tabler/icons/outline/users.svg?raw";
import vertices from "@tabler/icons/outline/vector-triangle.svg?raw";

const ICONS = {
  alert,
  archive,
  boundary,
  check,
  chevronDown,
  chevronLeft,
  chevronRight,
  chevronUp,
  close,
  collapse,
  coordinates,
  expand,
  filterOff,
  help,
  history,
  hole,
  home,
  info,
  leave,
  link,
  locate,
  magnet,
  merge,
  minus,
  paperclip,
  pause,
  pencil,
  play,
  plus,
  pointer,
  polygon,
  print,
  redo,
  restore,
  ruler,
  save,
  search,
  split,
  stepBack,
  stepForward,
  subdivide,
  trash,
  undo,
  upload,
  users,
  vertices,
} as const;

export type IconName = keyof typeof ICONS;

/** Decoration beside a label: screen readers skip it. */
export function icon(name: IconName): SVGElement {
  const holder = document.createElement("template");
  holder.innerHTML = ICONS[name].trim();
  const svg = holder.content.firstElementChild as SVGElement;
  svg.setAttribute("aria-hidden", "true");
  return svg;
}
