/** The menus of the top bar close when somebody clicks elsewhere or presses Esc. Refuses to open any: the browser does. */

const MENUS = "details.topnav-group[open], details.user-menu[open]";

export function closeMenusElsewhere(page: Document): void {
  page.addEventListener("click", (event) => {
    for (const menu of page.querySelectorAll<HTMLDetailsElement>(MENUS)) {
      if (!(event.target instanceof Node && menu.contains(event.target))) menu.open = false;
    }
  });
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of page.querySelectorAll<HTMLDetailsElement>(MENUS)) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}
