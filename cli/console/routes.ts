/** The console's routes as data. One gate stands before all of them. */
import type { RouteOperation } from "../../shared/http/contract/routes.ts";
import { OPERATIONS } from "./operations.ts";

export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** Segments in braces are parameters. */
  readonly path: string;
  /** The condition for a call: none, a page of ours that asks for digits, or the token of a page that was let in. */
  readonly need: "nothing" | "digits" | "token";
  /** The API's operation that it forwards. */
  readonly operation?: RouteOperation;
}

/** The prefix of what is forwarded, before `/v1`. */
const API = "/api";

/** The fixed files of the page. */
export const PAGE_PATHS = [
  "/",
  "/console.js",
  "/console.css",
  "/icon.svg",
  "/font-0.woff2",
  "/font-1.woff2",
] as const;

export type PagePath = (typeof PAGE_PATHS)[number];

export const CONSOLE_ROUTES: readonly Route[] = [
  ...PAGE_PATHS.map((path): Route => ({ method: "GET", path, need: "nothing" })),
  { method: "POST", path: "/launch", need: "digits" },
  { method: "GET", path: "/session", need: "token" },
  { method: "POST", path: "/activity", need: "token" },
  ...OPERATIONS.map(
    ({ method, path, operation }): Route => ({
      method,
      path: `${API}${path}`,
      need: "token",
      operation,
    }),
  ),
];

export interface Found {
  readonly route: Route;
  /** Decoded; of a form that the API could know. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** @returns "no such path", or the methods that the path takes where it has another */
export function findRoute(method: string, pathname: string): Found | "path" | "method" {
  const fitting = CONSOLE_ROUTES.flatMap((route) => {
    const parameters = parametersIn(route.path, pathname);
    return parameters ? [{ route, parameters }] : [];
  });
  if (fitting.length === 0) return "path";
  return fitting.find(({ route }) => route.method === method) ?? "method";
}

function parametersIn(
  pattern: string,
  pathname: string,
): Readonly<Record<string, string>> | undefined {
  const wanted = pattern.split("/");
  const given = pathname.split("/");
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [at, segment] of wanted.entries()) {
    const text = given[at] ?? "";
    const [, name] = /^\{(\w+)\}$/.exec(segment) ?? [];
    if (name === undefined && segment !== text) return undefined;
    if (name === undefined) continue;
    const value = decoded(text);
    if (value === undefined || FORMS[name]?.test(value) !== true) return undefined;
    parameters[name] = value;
  }
  return parameters;
}

/** The form of each parameter of a path. */
const FORMS: Readonly<Record<string, RegExp>> = {
  id: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  delegationId: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  findingId: /^[0-9a-f]{8,64}$/,
  // A name of access.yaml: of a person or of a cluster.
  name: /^[\p{L}\p{N}][\p{L}\p{N}@+=,._ -]{0,99}$/u,
};

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
