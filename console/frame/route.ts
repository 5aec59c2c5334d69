/** Addresses of views: the part behind `#/`. They select what is shown, and never fill a form or act. */

import { isInstant } from "../../shared/domain/values/instant.ts";

const VIEWS = [
  "mine",
  "decide",
  "ask",
  "time-line",
  "clusters",
  "findings",
  "policy",
  "operator",
] as const;

export type View = (typeof VIEWS)[number];

/** An address of the page; `home` leads to the view that its reader needs first. */
export type Address = Route | { readonly view: "home" };

export type Route =
  | { readonly view: View }
  | { readonly view: "request"; readonly id: string }
  | { readonly view: "cluster"; readonly name: string; readonly at?: string }
  | { readonly view: "time-line-of"; readonly name: string; readonly at?: string }
  | { readonly view: "unknown" };

const OF_CLUSTER = /^(clusters|time-line)\/([A-Za-z0-9._-]{1,100})(?:\/at\/(.{1,40}))?$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function routeOf(hash: string): Address {
  const path = hash.replace(/^#\/?/, "");
  if (path === "") return { view: "home" };
  const view = VIEWS.find((each) => each === path);
  if (view) return { view };
  const [, list = "", name, at] = OF_CLUSTER.exec(path) ?? [];
  const ofCluster = list === "clusters" ? "cluster" : "time-line-of";
  if (name !== undefined && at === undefined) return { view: ofCluster, name };
  if (name !== undefined && isInstant(at)) return { view: ofCluster, name, at };
  const [, id = ""] = /^requests\/(.*)$/.exec(path) ?? [];
  return UUID.test(id) ? { view: "request", id } : { view: "unknown" };
}

/** @param at an instant of the past, ISO 8601 UTC; without it, now */
export const clusterHref = (name: string, at?: string): string =>
  `#/clusters/${encodeURIComponent(name)}${atHref(at)}`;
export const timeLineHref = (name: string, at?: string): string =>
  `#/time-line/${encodeURIComponent(name)}${atHref(at)}`;
const atHref = (at: string | undefined): string => (at === undefined ? "" : `/at/${at}`);
export const hrefOf = (view: View): string => `#/${view}`;
export const requestHref = (id: string): string => (UUID.test(id) ? `#/requests/${id}` : "#/mine");
