/** Entry of pages with a form that takes ground: each field gets its map. Refuses more: without scripts the field is pasted into. */

import "ol/ol.css";
import "../styles/draw.css";
import { drawField } from "./field";

for (const root of document.querySelectorAll<HTMLElement>("[data-draw]")) drawField(root);
