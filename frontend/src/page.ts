/** Entry of every other page: the kit's style and our tokens. Refuses more: those pages work without scripts. */

import "./styles/page.css";

import { closeMenusElsewhere } from "./menus";

closeMenusElsewhere(document);
