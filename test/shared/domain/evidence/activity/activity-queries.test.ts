import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ACCOUNT, ALICE, PROD } from "../../../../../lab/fakes/builders.ts";
import { fieldsOf, type LogEvent } from "../../../../../lab/sandbox/aws/logs/event-fields.ts";
import { parseQuery } from "../../../../../lab/sandbox/aws/logs/parse-query.ts";
import { runQuery } from "../../../../../lab/sandbox/aws/logs/run-query.ts";
import {
  activityQueries,
  quotedText,
} from "../../../../../shared/domain/evidence/activity/activity-queries.ts";
import type { Access } from "../../../../../shared/domain/requests/request.ts";
import { parsePrincipalArn } from "../../../../../shared/domain/values/arn.ts";
import { atSecond, byPolicy, EDIT, LOG_START, logged } from "../audit-log.ts";

const ofPolicy = (policy: string): Access => ({ policy, scope: { type: "cluster" } });

const queriesFor = (principalArn: string, access: Access) =>
  activityQueries({
    requestId: "1",
    clusterArn: PROD.arn,
    principalArn,
    access,
    from: LOG_START,
    until: atSecond(3_600),
  });

/** How many of the events a query counts. */
function countedBy(query: string, ...events: readonly LogEvent[]): number {
  const rows = events.map((event, at) => fieldsOf(event, "log", at));
  return runQuery(parseQuery(query), rows, 10_000).recordsMatched;
}

/** The text of a query beside the values in it. */
const shapeOf = (query: string): unknown =>
  JSON.parse(
    JSON.stringify(parseQuery(query), (key, value: unknown) =>
      key === "list" ? [] : value instanceof RegExp ? "pattern" : value,
    ),
  );

const printable = (first: number, last: number) =>
  fc.integer({ min: first, max: last }).map((code) => String.fromCharCode(code));
const text = (unit: fc.Arbitrary<string>, maxLength: number) =>
  fc.string({ unit, minLength: 1, maxLength });
const HOSTILE = ['"', "\\", "|", "/", "'", "]", ")", "\x60", "*", "#", "$", "^", "(?i)", ".*"];

/** Every ARN that EKS takes, with all that a path may hold. */
const principals = fc
  .tuple(
    fc.array(text(fc.oneof(printable(0x21, 0x7e), fc.constantFrom(...HOSTILE)), 12), {
      maxLength: 2,
    }),
    text(fc.constantFrom(..."aZ0_+=,.@-"), 20),
  )
  .map(([path, name]) => `arn:aws:iam::${ACCOUNT}:role/${[...path, name].join("/")}`)
  .filter((arn) => parsePrincipalArn(arn) !== undefined);

/** Every group that access.yaml takes. */
const groups = text(fc.oneof(printable(0x21, 0x7e), fc.constantFrom(...HOSTILE)), 20);

describe("The queries of an audit log", () => {
  it("No principal, policy or group changes what a query says beside its values", () => {
    const plain = queriesFor(ALICE, ofPolicy(EDIT));
    const shapes = [plain.counts, plain.marks].map(shapeOf);
    fc.assert(
      fc.property(
        principals,
        fc.oneof(
          text(fc.constantFrom(..."aZ09"), 20).map(ofPolicy),
          fc.array(groups, { minLength: 1, maxLength: 3 }).map((all): Access => ({ groups: all })),
        ),
        (principal, access) => {
          const { counts, marks } = queriesFor(principal, access);
          expect([counts, marks].map(shapeOf)).toEqual(shapes);
        },
      ),
    );
  });

  it("A value that would need an escape cannot stand in quotation marks", () => {
    for (const value of ['a"', "a\\", "a b", "a|b", "a\n", "", "ä"])
      expect(() => quotedText(value)).toThrow("cannot stand in a query");
    expect(quotedText("arn:aws:iam::1:role/a+b=c,d.e@f-g")).toContain("role/a+b=c,d.e@f-g");
  });

  it("A request by any principal under any policy is found, whatever its ARN holds", () => {
    fc.assert(
      fc.property(principals, text(fc.constantFrom(..."aZ09"), 20), (principal, policy) => {
        const { counts } = queriesFor(principal, ofPolicy(policy));
        const role = principal.split("/").at(-1) ?? "";
        const own = logged(1, { role, reason: byPolicy(policy, principal) });
        const longer = logged(1, { role, reason: byPolicy(`${policy}X`, principal) });
        const other = logged(1, { role: `x${role}`, reason: byPolicy(policy, principal) });
        expect(countedBy(counts, own)).toBe(1);
        expect(countedBy(counts, longer, other)).toBe(0);
      }),
    );
  });

  it("A request by any lent group is found, and none by a longer name", () => {
    // As Go's %q writes a name.
    const quoted = (name: string) => JSON.stringify(name);
    const allowed = (name: string) =>
      logged(1, {
        reason: `RBAC: allowed by ClusterRoleBinding "b" of ClusterRole "r" to Group ${quoted(name)}`,
      });
    // As Go's JSON writes three signs.
    const coded = (event: LogEvent): LogEvent => ({
      ...event,
      message: event.message.replace(
        /[<>&]/g,
        (one) => `\\u00${one.charCodeAt(0).toString(16).padStart(2, "0")}`,
      ),
    });
    fc.assert(
      fc.property(groups, (name) => {
        const { counts } = queriesFor(ALICE, { groups: ["another", name] });
        expect(countedBy(counts, allowed(name), allowed("another"))).toBe(2);
        expect(countedBy(counts, coded(allowed(name)))).toBe(1);
        expect(countedBy(counts, allowed(`x${name}`), allowed("anotherx"))).toBe(0);
      }),
    );
  });

  it.each([
    ["another principal", { role: "bob" }, 0],
    ["the principal by a standing role", { reason: 'RBAC: allowed by RoleBinding "a"' }, 0],
    ["the principal by another policy", { reason: byPolicy("AmazonEKSAdminPolicy") }, 0],
    ["the grant in one namespace", { reason: byPolicy().replace("ClusterRoleB", "RoleB") }, 1],
    ["the principal, which nothing allowed", { reason: null, code: 403 }, 1],
    ["the principal as somebody else", { reason: "RBAC: x", impersonated: "system:admin" }, 1],
    ["the grant, as it was received", { stage: "RequestReceived" }, 0],
    ["the grant, in another log of the group", { logStream: "authenticator-1" }, 0],
    [
      "the principal, whose object names the grant",
      { reason: "RBAC: x", requestObject: { data: byPolicy("AmazonEKSAdminPolicy") } },
      0,
    ],
  ] as const)("A request by %s is counted as it should", (_whose, request, times) => {
    const { counts } = queriesFor(ALICE, ofPolicy(EDIT));
    expect(countedBy(counts, logged(1, request))).toBe(times);
  });

  it("A request with a huge object is found, although CloudWatch finds few of its fields", () => {
    const requestObject = Object.fromEntries(
      Array.from({ length: 400 }, (_, at) => [`k${at}`, at]),
    );
    const { counts, marks } = queriesFor(ALICE, ofPolicy(EDIT));
    const event = logged(1, { verb: "create", resource: "cronjobs.batch", requestObject });
    expect([countedBy(counts, event), countedBy(marks, event)]).toEqual([1, 1]);
  });

  it("A principal that is no role or user is not asked about", () => {
    expect(() => queriesFor(`arn:aws:iam::${ACCOUNT}:root`, ofPolicy(EDIT))).toThrow(
      "The log was not asked",
    );
  });
});
