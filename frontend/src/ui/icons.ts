/** Icons as SVG text, compiled in one by one. Refuses an icon font: it would be a request and a missing glyph away. */

import alert from "@tabler/icons/outline/alert-triangle.svg?raw";
import chevronDown from "@tabler/icons/outline/chevron-down.svg?raw";
import chevronLeft from "@tabler/icons/outline/chevron-left.svg?raw";
import chevronRight from "@tabler/icons/outline/chevron-right.svg?raw";
import chevronUp from "@tabler/icons/outline/chevron-up.svg?raw";
import check from "@tabler/icons/outline/circle-check.svg?raw";
import close from "@tabler/icons/outline/x.svg?raw";
import collapse from "@tabler/icons/outline/layout-sidebar-left-collapse.svg?raw";
import expand from "@tabler/icons/outline/layout-sidebar-left-expand.svg?raw";
import filterOff from "@tabler/icons/outline/filter-off.svg?raw";
import help from "@tabler/icons/outline/help-circle.svg?raw";
import home from "@tabler/icons/outline/home.svg?raw";
import info from "@tabler/icons/outline/info-circle.svg?raw";
import link from "@tabler/icons/outline/link.svg?raw";
import locate from "@tabler/icons/outline/current-location.svg?raw";
import minus from "@tabler/icons/outline/minus.svg?raw";
import plus from "@tabler/icons/outline/plus.svg?raw";
import pointer from "@tabler/icons/outline/pointer.svg?raw";
import polygon from "@tabler/icons/outline/lasso-polygon.svg?raw";
import print from "@tabler/icons/outline/printer.svg?raw";
import search from "@tabler/icons/outline/search.svg?raw";

const ICONS = {
  alert,
  check,
  chevronDown,
  chevronLeft,
  chevronRight,
  chevronUp,
  close,
  collapse,
  expand,
  filterOff,
  help,
  home,
  info,
  link,
  locate,
  minus,
  plus,
  pointer,
  polygon,
  print,
  search,
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
