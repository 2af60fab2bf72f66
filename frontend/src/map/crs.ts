/**
 * The county's survey coordinates for the cursor. Refuses a CRS that it doesn't know exactly: then only
 * longitude and latitude are shown, never a guess.
 */

import proj4 from "proj4";

export interface SurveyCrs {
  epsg: number;
  /** X north, Y east, as surveyors write them, in metres. */
  fromLonLat(lon: number, lat: number): { north: number; east: number };
  toLonLat(north: number, east: number): [lon: number, lat: number];
}

const GRS80 = "+ellps=GRS80 +units=m +no_defs";

/** The PROJ text of the CGCS2000 3° zones (4513-4533 with zone prefix, 4534-4554 without) and of UTM; else null. */
export function projText(epsg: number): string | null {
  if (epsg >= 4513 && epsg <= 4533) {
    const zone = 25 + (epsg - 4513);
    return `+proj=tmerc +lat_0=0 +lon_0=${zone * 3} +k=1 +x_0=${zone * 1_000_000 + 500_000} +y_0=0 ${GRS80}`;
  }
  if (epsg >= 4534 && epsg <= 4554) {
    return `+proj=tmerc +lat_0=0 +lon_0=${75 + (epsg - 4534) * 3} +k=1 +x_0=500000 +y_0=0 ${GRS80}`;
  }
  const utm = /^32([67])(\d\d)$/.exec(String(epsg));
  if (utm && Number(utm[2]) >= 1 && Number(utm[2]) <= 60) {
    return `+proj=utm +zone=${Number(utm[2])}${utm[1] === "7" ? " +south" : ""} +datum=WGS84 +units=m +no_defs`;
  }
  return null;
}

export function surveyCrs(epsg: number): SurveyCrs | null {
  const text = projText(epsg);
  if (!text) return null;
  const converter = proj4("+proj=longlat +ellps=GRS80 +no_defs", text);
  return {
    epsg,
    fromLonLat(lon, lat) {
      const [east, north] = converter.forward([lon, lat]) as [number, number];
      return { north, east };
    },
    toLonLat: (north, east) => converter.inverse([east, north]) as [number, number],
  };
}
