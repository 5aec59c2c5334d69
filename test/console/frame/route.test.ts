import { describe, expect, it } from "vitest";
import {
  clusterHref,
  hrefOf,
  requestHref,
  routeOf,
  timeLineHref,
} from "../../../console/frame/route.ts";

const AT = "2026-11-23T15:33:00.000Z";
const ID = "019aaaaa-0000-7000-8000-000000000001";

describe("addresses of the console's views", () => {
  it("Each view has an address that leads back to it", () => {
    for (const view of [
      "mine",
      "decide",
      "ask",
      "time-line",
      "clusters",
      "findings",
      "policy",
      "operator",
    ] as const)
      expect(routeOf(hrefOf(view))).toEqual({ view });
    expect(routeOf(requestHref(ID))).toEqual({ view: "request", id: ID });
    expect(routeOf(clusterHref("prod-1"))).toEqual({ view: "cluster", name: "prod-1" });
    expect(routeOf(clusterHref("prod-1", AT))).toEqual({ view: "cluster", name: "prod-1", at: AT });
    expect(routeOf(timeLineHref("prod-1"))).toEqual({ view: "time-line-of", name: "prod-1" });
    const around = { view: "time-line-of", name: "prod-1", at: AT };
    expect(routeOf(timeLineHref("prod-1", AT))).toEqual(around);
    expect(routeOf("")).toEqual({ view: "home" });
  });

  it.each([
    "#/requests/",
    "#/requests/1",
    `#/requests/${ID}/decision`,
    `#/requests/${ID}?verdict=approve`,
    "#/ask?cluster=prod&reason=x",
    "#/clusters/",
    "#/clusters/a/b",
    "#/clusters/a/at/",
    "#/clusters/a/at/yesterday",
    "#/clusters/a/at/2026-11-31T00:00:00.000Z",
    "#/time-line/a/at/yesterday",
    "#/time-line/a/at/2026-11-23T15:33:00.000Z/b",
    "#/time-line/a?from=2026-01-01",
    "#/clusters/%3Cimg%3E",
    "#/nothing",
    "#javascript:alert(1)",
  ])("An address of another form shows nothing, and fills no form: %s", (hash) => {
    expect(routeOf(hash)).toEqual({ view: "unknown" });
  });

  it("A link to a request that is no id leads to one's own view", () => {
    expect(requestHref("javascript:alert(1)")).toBe("#/mine");
  });
});
