/**
 * Picks the route of a request (API Gateway Developer Guide, "Routes for HTTP APIs"): the most
 * specific one. Fixed segments come before `{name}`, that before `{name+}`; a method before `ANY`;
 * and `$default` takes the rest.
 */

interface RouteMatch<Route> {
  readonly route: Route;
  /** Decoded values of the path's variables. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

export type RouteTable<Route> = (method: string, path: string) => RouteMatch<Route> | undefined;

type Segment =
  | { readonly kind: "fixed"; readonly text: string }
  | { readonly kind: "variable" | "greedy"; readonly name: string };

const RANK = { fixed: 0, variable: 1, greedy: 2 } as const;

const segmentsOf = (path: string): readonly Segment[] =>
  path
    .split("/")
    .slice(1)
    .map((text) => {
      const [, name, plus] = /^\{([^}+]+)(\+?)\}$/.exec(text) ?? [];
      if (name === undefined) return { kind: "fixed", text };
      return { kind: plus ? "greedy" : "variable", name };
    });

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

/** The variables' values, or undefined where the path does not fit. */
function match(
  segments: readonly Segment[],
  path: readonly string[],
): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const given = path[index];
    if (segment.kind === "fixed") {
      if (given !== segment.text) return undefined;
      continue;
    }
    const rest = segment.kind === "greedy" ? path.slice(index).join("/") : given;
    const value = rest ? decoded(rest) : undefined;
    if (value === undefined) return undefined;
    values[segment.name] = value;
    if (segment.kind === "greedy") return values;
  }
  return path.length === segments.length ? values : undefined;
}

/** Throws for a route key that is neither `METHOD /path` nor `$default`. */
export function routeTable<Route extends { readonly routeKey: string }>(
  routes: readonly Route[],
): RouteTable<Route> {
  const fallback = routes.find(({ routeKey }) => routeKey === "$default");
  const rows = routes
    .filter((route) => route !== fallback)
    .map((route) => {
      const [, method = "", path = ""] = /^([A-Z]+) (\/.*)$/.exec(route.routeKey) ?? [];
      if (!method) throw new Error(`The route key ${route.routeKey} is not of the form GET /path.`);
      const segments = segmentsOf(path);
      const rank = `${segments.map(({ kind }) => RANK[kind]).join("")}9${method === "ANY" ? 1 : 0}`;
      return { route, method, segments, rank };
    })
    .toSorted((one, other) => (one.rank < other.rank ? -1 : 1));

  return (method, path) => {
    const given = path.split("/").slice(1);
    for (const row of rows) {
      if (row.method !== method && row.method !== "ANY") continue;
      const pathParameters = match(row.segments, given);
      if (pathParameters) return { route: row.route, pathParameters };
    }
    return fallback && { route: fallback, pathParameters: {} };
  };
}
