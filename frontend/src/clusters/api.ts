/** The requests of the tool for clusters, typed. Refuses to confirm by itself: that is asked for by a click alone. */

import { cookie, request } from "../api";
import type { Polygon } from "../geojson";

export interface ClusterFigures {
  parcels: number;
  net_mu: number;
  hull_mu: number;
  compactness: number;
  holders: number;
  towns: string[];
  line_share: number | null;
  suggested_way: string;
  /** Absent for whoever isn't cleared for firms' figures. */
  tax_per_mu?: number | null;
}

export interface FoundCluster extends ClusterFigures {
  codes: string[];
  hull: Polygon;
}

export interface PickedCluster extends ClusterFigures {
  hull: Polygon;
  /** In how many pieces the parcels lie, gaps of the tolerance not counted. */
  pieces: number;
  elsewhere: { code: string; cluster_no: string }[];
}

export interface Begin {
  limits: { tolerance_m: number; min_mu: number; tax_per_mu_below: number };
  /** Another figure than the county's would tell a firm's tax by what is found below it. */
  may_state_tax: boolean;
  ways: string[];
}

export interface FoundClusters {
  inefficient_parcels: number;
  total: number;
  clusters: FoundCluster[];
}

export interface Confirmed {
  id: number;
  cluster_no: string;
  page: string;
  project: string;
}

export interface ClusterApi {
  begin(): Promise<Begin>;
  find(asked: Record<string, string>, signal: AbortSignal): Promise<FoundClusters>;
  measure(asked: Record<string, string>, signal: AbortSignal): Promise<PickedCluster>;
  confirm(asked: Record<string, string>): Promise<Confirmed>;
}

export const clusterApi: ClusterApi = {
  begin: () => request("/clusters/map/begin"),
  find: (asked, signal) => post("find", asked, signal),
  measure: (asked, signal) => post("measure", asked, signal),
  confirm: (asked) => post("confirm", asked),
};

function post<T>(what: string, asked: Record<string, string>, signal?: AbortSignal): Promise<T> {
  return request(`/clusters/map/${what}`, {
    method: "POST",
    body: new URLSearchParams(asked),
    headers: { "X-CSRFToken": cookie("csrftoken") },
    ...(signal ? { signal } : {}),
  });
}
