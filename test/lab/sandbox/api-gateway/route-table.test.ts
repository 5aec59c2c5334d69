import { describe, expect, it } from "vitest";
import { routeTable } from "../../../../lab/sandbox/api-gateway/route-table.ts";

const KEYS = [
  "$default",
  "ANY /{proxy+}",
  "GET /pets/{proxy+}",
  "GET /pets/{id}",
  "ANY /pets/dog",
  "GET /pets/dog",
  "POST /pets/{id}/toys/{toy}",
];
const table = routeTable(KEYS.map((routeKey) => ({ routeKey })));
const found = (method: string, path: string) => {
  const match = table(method, path);
  return match && [match.route.routeKey, match.pathParameters];
};

describe("a request takes", () => {
  it.each([
    ["the fixed path before a variable", "GET", "/pets/dog", "GET /pets/dog", {}],
    ["ANY where its method has no route of its own", "PUT", "/pets/dog", "ANY /pets/dog", {}],
    ["a variable before the rest", "GET", "/pets/cat", "GET /pets/{id}", { id: "cat" }],
    ["the rest of a path as one value", "GET", "/pets/a/b", "GET /pets/{proxy+}", { proxy: "a/b" }],
    ["another method's route never", "DELETE", "/pets/cat", "ANY /{proxy+}", { proxy: "pets/cat" }],
    [
      "several variables, decoded once",
      "POST",
      "/pets/a%20b/toys/%2525",
      "POST /pets/{id}/toys/{toy}",
      { id: "a b", toy: "%25" },
    ],
    ["the default where nothing else fits", "GET", "/", "$default", {}],
    [
      "no variable for an empty segment",
      "POST",
      "/pets//toys/x",
      "ANY /{proxy+}",
      { proxy: "pets//toys/x" },
    ],
    ["no variable for what is not percent-encoded UTF-8", "GET", "/pets/%E0%A4", "$default", {}],
  ])("A request takes %s", (_what, method, path, routeKey, parameters) => {
    expect(found(method, path)).toEqual([routeKey, parameters]);
  });

  it("A request that fits no route is not routed, unless there is a default", () => {
    expect(routeTable([{ routeKey: "GET /a" }])("GET", "/b")).toBeUndefined();
  });
});

it("A route key of another form is refused", () => {
  expect(() => routeTable([{ routeKey: "$connect" }])).toThrow("$connect");
});
