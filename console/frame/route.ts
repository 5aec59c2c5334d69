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

export type Route =
  | { readonly view: View }
  | { readonly view: "request"; readonly id: string }
  | { readonly view: "cluster"; readonly name: string; readonly at?: string }
  | { readonly view: "time-line-of"; readonly name: string }
  | { readonly view: "unknown" };

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function routeOf(hash: string): Route {
  const path = hash.replace(/^#\/?/, "");
  if (path === "") return { view: "mine" };
  const view = VIEWS.find((each) => each === path);
  if (view) return { view };
  const [, reached, at] = /^clusters\/([A-Za-z0-9._-]{1,100})\/at\/(.{1,40})$/.exec(path) ?? [];
  if (reached !== undefined && isInstant(at)) return { view: "cluster", name: reached, at };
  const [, list, name] = /^(clusters|time-line)\/([A-Za-z0-9._-]{1,100})$/.exec(path) ?? [];
  if (name !== undefined) return { view: list === "clusters" ? "cluster" : "time-line-of", name };
  const [, id = ""] = /^requests\/(.*)$/.exec(path) ?? [];
  return UUID.test(id) ? { view: "request", id } : { view: "unknown" };
}

/** @param at an instant of the past, ISO 8601 UTC; without it, now */
export const clusterHref = (name: string, at?: string): string =>
  `#/clusters/${encodeURIComponent(name)}${at === undefined ? "" : `/at/${at}`}`;
export const timeLineHref = (name: string): string => `#/time-line/${encodeURIComponent(name)}`;
export const hrefOf = (view: View): string => `#/${view}`;
export const requestHref = (id: string): string => (UUID.test(id) ? `#/requests/${id}` : "#/mine");
