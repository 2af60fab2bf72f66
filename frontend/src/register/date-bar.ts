/**
 * The register's days under the map: a slider with a mark at each day of change, steps between them, and play.
 * Refuses to show the past unsaid: as long as another day is shown a banner names it.
 */

import { ApiError } from "../api";
import { count } from "../format";
import { t } from "../i18n";
import type { EditApi, RegisterDates } from "../edit/api";
import type { ViewState } from "../state";
import type { Store } from "../store";
import { h, replace, settle } from "../ui/dom";
import { icon, type IconName } from "../ui/icons";
import { notice } from "../ui/notice";
import { dayNumber, isoDay, nextDay } from "./days";

export interface DateBarOptions {
  api: Pick<EditApi, "dates">;
  store: Store<ViewState>;
  today: string;
  /** The pause between two days while playing. */
  pace?: number;
}

export interface DateBar {
  bar: HTMLElement;
  banner: HTMLElement;
  toggle(): void;
  isOpen(): boolean;
  onOpen(listener: (open: boolean) => void): void;
  /** After a change of the register: its days are asked for again. */
  outdated(): void;
}

export function dateBar({ api, store, today, pace = 1600 }: DateBarOptions): DateBar {
  const bar = h("section", { class: "date-bar", hidden: true, ariaLabel: t("history.label") });
  const banner = h("div", { class: "past-banner", hidden: true, attrs: { role: "status" } });
  const listeners = new Set<(open: boolean) => void>();
  let dates: RegisterDates | null = null;
  let asking = false;
  let timer = 0;
  let draw: () => void = () => undefined;

  const on = (): string => store.get().on || today;
  const go = (day: string): void => store.set({ on: day >= today ? "" : day, page: 1 });
  const stop = (): void => {
    window.clearInterval(timer);
    timer = 0;
    draw();
  };
  const back = (): void => {
    stop();
    go(today);
  };

  const isOpen = (): boolean => !bar.hidden;
  const load = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    replace(bar, h("p", { class: "waiting" }, t("history.loading")));
    try {
      dates = await api.dates();
      build(dates);
    } catch (error) {
      replace(bar, notice(error instanceof ApiError ? error.message : String(error), () => void load()));
    }
    asking = false;
  };

  const build = (known: RegisterDates): void => {
    const days = known.days.map((one) => one.on);
    const first = known.first ?? days[0];
    if (!first || first >= today) {
      draw = () => undefined;
      return replace(bar, h("p", { class: "nothing" }, t("history.none")), closeButton());
    }
    const [min, max] = [dayNumber(first), dayNumber(today)];
    const commit = settle(go, 180);
    const slider = h("input", {
      type: "range",
      class: "form-range",
      min: String(min),
      max: String(max),
      step: "1",
      ariaLabel: t("history.slider"),
      on: {
        input: () => {
          const day = isoDay(Number(slider.value));
          halt();
          say(day);
          commit(day);
        },
      },
    });
    const field = h("input", {
      type: "date",
      class: "form-control",
      min: first,
      max: today,
      ariaLabel: t("history.date"),
      on: {
        change: () => {
          halt();
          if (field.value && field.validity.valid) go(field.value < first ? first : field.value);
          else field.value = on();
        },
      },
    });
    const events = h("span", { class: "date-events", attrs: { "aria-live": "polite" } });
    const previous = stepButton("stepBack", t("history.previous"), () => step(false));
    const next = stepButton("stepForward", t("history.next"), () => step(true));
    const play = stepButton("play", t("history.play"), () => (timer ? stop() : start()));
    const halt = (): void => {
      if (timer) stop();
    };
    const step = (forward: boolean): void => {
      halt();
      move(forward);
    };
    const move = (forward: boolean): boolean => {
      const day = nextDay(forward ? [...days.filter((one) => one < today), today] : days, on(), forward);
      if (day) go(day);
      return day !== null;
    };
    const start = (): void => {
      // From today there is nothing ahead: it begins at the first day.
      if (on() >= today) go(first);
      timer = window.setInterval(() => {
        if (!move(true) || on() >= today) stop();
      }, pace);
      draw();
    };
    const say = (day: string): void => {
      const found = known.days.find((one) => one.on === day);
      field.value = day;
      slider.setAttribute("aria-valuetext", day);
      events.textContent = found ? t("history.events", { n: count(found.events) }) : "";
    };
    draw = () => {
      const day = on();
      slider.value = String(dayNumber(day));
      say(day);
      able(previous, nextDay(days, day, false) ? "" : t("history.at_first"));
      able(next, day < today ? "" : t("history.at_today"));
      play.title = play.ariaLabel = t(timer ? "history.pause" : "history.play");
      replace(play, icon(timer ? "pause" : "play"));
    };
    replace(
      bar,
      h("div", { class: "date-controls" }, previous, play, next, field, events, closeButton()),
      h(
        "div",
        { class: "date-track" },
        ticks(known, min, max),
        slider,
        h("span", { class: "date-ends" }, h("span", {}, first), h("span", {}, t("history.today"))),
      ),
    );
    draw();
  };
  const closeButton = (): HTMLElement => stepButton("close", t("history.close"), () => show(false));

  const show = (open: boolean): void => {
    bar.hidden = !open;
    if (!open) back();
    else if (!dates) void load();
    for (const listener of listeners) listener(open);
  };

  store.watch(
    (state) => state.on,
    (day) => {
      banner.hidden = day === "";
      replace(
        banner,
        icon("history"),
        h("span", {}, t("history.banner", { on: day })),
        h("button", { type: "button", class: "btn btn-sm", on: { click: back } }, t("history.back")),
      );
      if (day !== "" && !isOpen()) show(true);
      draw();
    },
  );
  return {
    bar,
    banner,
    toggle: () => show(!isOpen()),
    isOpen,
    onOpen: (listener) => void listeners.add(listener),
    outdated() {
      dates = null;
      if (isOpen()) void load();
    },
  };
}

/** A mark a day of change, taller where more changed; one path, however many there are. */
function ticks(dates: RegisterDates, min: number, max: number): SVGSVGElement {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 1000 10");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("class", "date-ticks");
  svg.setAttribute("aria-hidden", "true");
  const most = Math.log2(1 + Math.max(1, ...dates.days.map((one) => one.events)));
  const path = document.createElementNS(ns, "path");
  path.setAttribute(
    "d",
    dates.days
      .map((one) => {
        const x = (((dayNumber(one.on) - min) / Math.max(1, max - min)) * 1000).toFixed(1);
        const height = 3 + (7 * Math.log2(1 + one.events)) / most;
        return `M${x} 10V${(10 - height).toFixed(1)}`;
      })
      .join(""),
  );
  svg.append(path);
  return svg;
}

function stepButton(name: IconName, label: string, click: () => void): HTMLButtonElement {
  const button = h(
    "button",
    {
      type: "button",
      class: "icon-button",
      title: label,
      ariaLabel: label,
      on: { click: () => button.getAttribute("aria-disabled") !== "true" && click() },
    },
    icon(name),
  );
  button.dataset["label"] = label;
  return button;
}

function able(button: HTMLButtonElement, why: string): void {
  const label = button.dataset["label"] ?? "";
  button.setAttribute("aria-disabled", String(why !== ""));
  button.title = why || label;
  button.ariaLabel = why ? `${label}（${why}）` : label;
}
