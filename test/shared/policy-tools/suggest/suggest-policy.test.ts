/** Less access that would have sufficed for what was done with the grants of a rule. */
import { describe, expect, it } from "vitest";
import {
  ADMIN,
  CLUSTER_ADMIN,
  done,
  EDIT,
  everywhere,
  grants,
  suggestionFor,
  summary,
  VIEW,
  within,
} from "./used-grants.ts";

const IN_API = within(EDIT, "payments-api");
const editIn = (...namespaces: readonly string[]) => ({
  policies: [EDIT],
  namespaces,
  wildcards: false,
});
const LOOKED = ["get pods", "list deployments.apps", "get pods/log"];
const CHANGED = ["patch deployments.apps", "create pods/exec"];

describe("Smaller policies", () => {
  it("It is added where it would have sufficed in half of the grants, and nothing is taken out then", () => {
    const played = [...grants(19, IN_API, ...LOOKED), ...grants(8, IN_API, ...CHANGED)];
    const { less } = suggestionFor(editIn("payments-*"), played);
    expect(less).toMatchObject({
      add: [{ policy: VIEW, than: EDIT, sufficed: 19, of: 27 }],
      choose: [],
      remove: [],
      removeNamespaces: [],
      namespaces: null,
    });
    expect(less?.kinds.after).toBe(less?.kinds.before);
  });

  it("Half of the grants is enough, and what failed counts as needed", () => {
    const half = [...grants(5, IN_API, ...LOOKED), ...grants(5, IN_API, ...CHANGED)];
    expect(suggestionFor(editIn("payments-*"), half).less?.add).toMatchObject([
      { policy: VIEW, sufficed: 5, of: 10 },
    ]);
    const failed = { ...done("patch deployments.apps"), outcome: "failed" as const };
    const tried = { access: IN_API, activity: summary([done("get pods"), failed]) };
    const { less } = suggestionFor(editIn("payments-*"), [...grants(5, IN_API, ...LOOKED), tried]);
    expect(less).toMatchObject({ add: [{ policy: VIEW, sufficed: 5, of: 6 }], remove: [] });
  });

  it("It takes the larger one out where each grant could have had a part of it", () => {
    const { less } = suggestionFor(editIn("payments-*"), grants(5, IN_API, ...LOOKED));
    expect(less).toMatchObject({
      add: [{ policy: VIEW, than: EDIT, sufficed: 5, of: 5 }],
      remove: [{ policy: EDIT, grants: 5 }],
    });
    expect(less?.kinds.after).toBeLessThan(less?.kinds.before ?? 0);
  });

  it("The smallest that many could have had is added, and the smallest that all could have had", () => {
    const played = [
      ...grants(6, within(ADMIN, "payments-api"), ...LOOKED),
      ...grants(5, within(ADMIN, "payments-api"), ...CHANGED),
    ];
    const { less } = suggestionFor(
      { policies: [ADMIN], namespaces: ["payments-*"], wildcards: false },
      played,
    );
    expect(less).toMatchObject({
      add: [
        { policy: VIEW, sufficed: 6, of: 11 },
        { policy: EDIT, sufficed: 11, of: 11 },
      ],
      remove: [{ policy: ADMIN, grants: 11 }],
    });
  });

  it.each([
    [
      "fewer than half of the grants",
      [...grants(6, IN_API, ...LOOKED), ...grants(7, IN_API, ...CHANGED)],
    ],
    ["fewer than five", [...grants(4, IN_API, ...LOOKED), ...grants(1, IN_API, ...CHANGED)]],
  ])("It is not added for %s", (_, played) => {
    const { less } = suggestionFor(editIn("payments-*"), played);
    expect(less).toMatchObject({ add: [], remove: [] });
  });

  it("One that the rule lends already is named, and not added", () => {
    const access = { policies: [EDIT, VIEW], namespaces: ["payments-*"], wildcards: false };
    const played = [...grants(6, IN_API, ...LOOKED), ...grants(1, IN_API, ...CHANGED)];
    const { less } = suggestionFor(access, [
      ...played,
      ...grants(1, within(VIEW, "payments-api"), "get pods"),
    ]);
    expect(less).toMatchObject({
      choose: [{ policy: VIEW, than: EDIT, sufficed: 6, of: 7 }],
      add: [],
      remove: [],
    });
  });

  it("One that nobody asked for is taken out, unless it is a part of one that stays", () => {
    const access = { policies: [EDIT, VIEW], namespaces: ["payments-*"], wildcards: false };
    expect(suggestionFor(access, grants(5, IN_API, ...CHANGED)).less?.remove).toEqual([]);
    const apart = { ...access, policies: [VIEW, "AmazonEKSSecretReaderPolicy"] };
    const viewed = suggestionFor(apart, grants(5, within(VIEW, "payments-api"), ...LOOKED));
    expect(viewed.less?.remove).toEqual([{ policy: "AmazonEKSSecretReaderPolicy", grants: 0 }]);
    const looked = suggestionFor(access, grants(5, within(VIEW, "payments-api"), ...LOOKED));
    expect(looked.less?.remove).toEqual([{ policy: EDIT, grants: 0 }]);
  });

  it("One that somebody used stays where they would need a larger one in its place", () => {
    const adminView = "AmazonEKSAdminViewPolicy";
    const access = { policies: [ADMIN, adminView], namespaces: ["payments-*"], wildcards: false };
    const administered = grants(
      5,
      within(ADMIN, "payments-api"),
      "delete roles.rbac.authorization.k8s.io",
      ...CHANGED,
    );
    const looked = grants(2, within(adminView, "payments-api"), ...LOOKED);
    expect(suggestionFor(access, administered).less?.remove).toEqual([
      { policy: adminView, grants: 0 },
    ]);
    expect(suggestionFor(access, [...administered, ...looked]).less?.remove).toEqual([]);
  });

  it("AdminView is no part of Admin: it lists secrets", () => {
    const access = { policies: [ADMIN], namespaces: ["payments-*"], wildcards: false };
    const { less } = suggestionFor(
      access,
      grants(5, within(ADMIN, "payments-api"), "list networkpolicies.networking.k8s.io"),
    );
    expect(less?.add.map(({ policy }) => policy)).toEqual([VIEW]);
  });
});

describe("Places", () => {
  it("A pattern in whose namespaces nothing was done is taken out", () => {
    const played = grants(5, within(EDIT, "payments-api", "orders"), ...CHANGED);
    expect(suggestionFor(editIn("payments-*", "orders"), played).less).toMatchObject({
      removeNamespaces: ["orders"],
      namespaces: null,
    });
  });

  it("The namespaces in which all was done are in place of the whole cluster", () => {
    const access = { policies: [EDIT], scope: "cluster" as const };
    const played = [
      ...grants(3, everywhere(EDIT), ...CHANGED),
      ...grants(2, everywhere(EDIT), "delete pods in orders"),
    ];
    expect(suggestionFor(access, played).less).toMatchObject({
      namespaces: ["orders", "payments-api"],
    });
  });

  it.each([["list pods anywhere"], ["get nodes anywhere"], ["get "]])(
    "One request %s needs the whole cluster",
    (request) => {
      const access = { policies: [CLUSTER_ADMIN], scope: "cluster" as const };
      const played = [
        ...grants(5, everywhere(CLUSTER_ADMIN), ...CHANGED),
        ...grants(1, everywhere(CLUSTER_ADMIN), request),
      ];
      expect(suggestionFor(access, played).less).toMatchObject({ namespaces: null });
    },
  );

  it("More than ten namespaces are not listed", () => {
    const access = { policies: [EDIT], scope: "cluster" as const };
    const played = Array.from({ length: 11 }, (_, at) =>
      grants(1, everywhere(EDIT), `delete pods in team-${at}`),
    ).flat();
    expect(suggestionFor(access, played).less).toMatchObject({ namespaces: null });
    expect(suggestionFor(access, played.slice(1)).less?.namespaces).toHaveLength(10);
  });
});

describe("Silence", () => {
  const four = grants(4, IN_API, ...LOOKED);
  it.each([
    ["break-glass", grants(9, IN_API, ...LOOKED), { breakGlass: true }],
    ["groups", [], { access: { groups: ["eks-admins"] } }],
    ["too-few", four, {}],
    ["too-few", [...four, ...grants(3, IN_API)], {}],
  ])("Nothing is suggested: %s", (silence, played, changed) => {
    expect(suggestionFor(editIn("payments-*"), played, changed)).toMatchObject({
      silence,
      less: null,
    });
  });

  it.each([
    ["no-summary", undefined],
    ["logging-off", summary([], { state: "logging-off" })],
    ["too-large", summary([], { state: "too-large" })],
    ["cut", summary([done("get pods")], { isCut: true })],
    ["as-others", summary([{ ...done("get pods"), as: "system:serviceaccount:ops:deployer" }])],
    ["beyond", summary([done("get nodes anywhere")])],
    ["beyond", summary([done("create clusterroles.rbac.authorization.k8s.io")])],
  ])(
    "A grant with %s counts as one that needs what it had, and nothing is taken out",
    (why, activity) => {
      const played = [...grants(5, IN_API, ...LOOKED), { access: IN_API, activity }];
      const { less, unknown } = suggestionFor(editIn("payments-*", "orders"), played);
      expect(unknown).toMatchObject({ [why]: 1 });
      expect(less).toMatchObject({
        add: [{ policy: VIEW, sufficed: 5, of: 6 }],
        remove: [],
        removeNamespaces: [],
        namespaces: null,
      });
    },
  );

  it("Whoever wrote a binding needed each right in it", () => {
    const access = { policies: [CLUSTER_ADMIN], namespaces: ["payments-*"], wildcards: false };
    const asked = within(CLUSTER_ADMIN, "payments-api");
    const played = [
      ...grants(5, asked, ...CHANGED),
      ...grants(1, asked, "create rolebindings.rbac.authorization.k8s.io"),
    ];
    expect(suggestionFor(access, played)).toMatchObject({
      unknown: { "gave-rights": 1 },
      less: { add: [{ policy: EDIT, sufficed: 5, of: 6 }], remove: [] },
    });
  });

  it("A policy without published rules says nothing", () => {
    const access = {
      policies: ["AmazonEKSFuturePolicy"],
      namespaces: ["payments-*"],
      wildcards: false,
    };
    const played = grants(6, within("AmazonEKSFuturePolicy", "payments-api"), ...LOOKED);
    expect(suggestionFor(access, played)).toMatchObject({
      silence: "too-few",
      unknown: { unpublished: 6 },
    });
  });

  it("Grants that never had access, still have it, or are of access that the rule lends no more, do not count", () => {
    const played = [
      ...grants(5, IN_API, ...LOOKED),
      ...grants(9, within(EDIT, "orders"), ...CHANGED),
      ...grants(9, IN_API, ...CHANGED).map((each) => ({ ...each, wasUsable: false })),
    ];
    expect(suggestionFor(editIn("payments-*"), played)).toMatchObject({
      grants: 5,
      used: 5,
      unused: 0,
      first: "2026-11-01T10:00:00.000Z",
    });
  });

  it("A request that was denied was not needed", () => {
    const denied = { ...done("delete pods"), outcome: "denied" as const };
    const played = grants(5, IN_API, ...LOOKED).map(({ access }) => ({
      access,
      activity: summary([done("get pods"), denied]),
    }));
    expect(suggestionFor(editIn("payments-*"), played).less?.remove).toHaveLength(1);
  });
});
