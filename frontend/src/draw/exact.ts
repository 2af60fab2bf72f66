/**
 * The register's parcels around the view, to snap to and to take whole. Refuses to draw from afar: below the scale at which
 * corners can be told apart nothing is read.
 */

import Feature from "ol/Feature";
import OlPolygon from "ol/geom/Polygon";
import type OlMap from "ol/Map";
import { fromLonLat, toLonLat } from "ol/proj";
import type VectorSource from "ol/source/Vector";
import { isAborted } from "../api";
import type { Box, EditApi } from "../edit/api";
import type { SurveyCrs } from "../map/crs";
import { settle } from "../ui/dom";

export const NEAR_ZOOM = 15;
const SETTLED_MS = 200;

/** Fills `into` with one feature a polygon; `say` hears whether there is something to snap to. */
export function parcelsAround(
  map: OlMap,
  crs: SurveyCrs,
  into: VectorSource,
  api: Pick<EditApi, "parcels">,
  say: (state: "far" | "reading" | "ready" | "failed") => void,
): () => void {
  let reading: AbortController | null = null;

  const read = async (): Promise<void> => {
    const view = map.getView();
    reading?.abort();
    if ((view.getZoom() ?? 0) < NEAR_ZOOM) return say("far");
    const { signal } = (reading = new AbortController());
    say("reading");
    try {
      const { parcels } = await api.parcels({ bbox: surveyBox(view.calculateExtent(map.getSize()), crs) }, signal);
      into.clear();
      into.addFeatures(
        parcels.flatMap(({ code, geometry }) =>
          geometry.coordinates.map((rings) => {
            const feature = new Feature(
              new OlPolygon(rings.map((ring) => ring.map(([east, north]) => fromLonLat(crs.toLonLat(north, east))))),
            );
            feature.set("code", code);
            return feature;
          }),
        ),
      );
      say("ready");
    } catch (error) {
      if (!isAborted(error)) say("failed");
    }
  };
  const soon = settle(() => void read(), SETTLED_MS);
  map.on("moveend", soon);
  return soon;
}

function surveyBox([west = 0, south = 0, east = 0, north = 0]: number[], crs: SurveyCrs): Box {
  const corners = [[west, south], [west, north], [east, south], [east, north]].map((corner) => {
    const [lon = 0, lat = 0] = toLonLat(corner);
    return crs.fromLonLat(lon, lat);
  });
  const [easts, norths] = [corners.map((one) => one.east), corners.map((one) => one.north)];
  return [Math.min(...easts), Math.min(...norths), Math.max(...easts), Math.max(...norths)];
}
