/** When a policy in IAM means what the stack's template says. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { policyDifference } from "../../../../cli/doctor/iam/policy-difference.ts";
import { UNKNOWN } from "../../../../cli/doctor/iam/stack-values.ts";

const policy = (...Statement: readonly object[]) => ({ Version: "2012-10-17", Statement });
const READS = {
  Sid: "Reads",
  Effect: "Allow",
  Action: ["s3:GetObject", "s3:ListBucket"],
  Resource: ["arn:aws:s3:::a", "arn:aws:s3:::a/*"],
  Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
};
const TRUSTS = {
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal: { AWS: "arn:aws:iam::111122223333:root" },
};
const SAME = { lacks: [], has: [] };

describe("Policies that mean the same", () => {
  it.each<[string, object, object]>([
    [
      "the order of members",
      policy(READS),
      policy(Object.fromEntries(Object.entries(READS).reverse())),
    ],
    ["the order of a list", policy(READS), policy({ ...READS, Action: READS.Action.toReversed() })],
    ["the order of statements", policy(READS, TRUSTS), policy(TRUSTS, READS)],
    ["a list of one", policy(TRUSTS), policy({ ...TRUSTS, Action: ["sts:AssumeRole"] })],
    ["a single statement without a list", policy(TRUSTS), { ...policy(), Statement: TRUSTS }],
    [
      "a repeated value",
      policy(TRUSTS),
      policy({ ...TRUSTS, Action: ["sts:AssumeRole", "sts:AssumeRole"] }),
    ],
    ["the case of an action", policy(TRUSTS), policy({ ...TRUSTS, Action: "STS:assumerole" })],
    [
      "the case of a condition's key",
      policy(READS),
      policy({ ...READS, Condition: { StringEquals: { "AWS:sourceaccount": "111122223333" } } }),
    ],
    ["the id of a statement", policy(READS), policy({ ...READS, Sid: "Other" })],
    [
      "an account in place of its root",
      policy(TRUSTS),
      policy({ ...TRUSTS, Principal: { AWS: "111122223333" } }),
    ],
    [
      "everybody in its two forms",
      policy({ ...TRUSTS, Principal: "*" }),
      policy({ ...TRUSTS, Principal: { AWS: "*" } }),
    ],
    [
      "a Boolean as text",
      policy({ ...READS, Condition: { Bool: { a: true } } }),
      policy({ ...READS, Condition: { Bool: { a: "true" } } }),
    ],
    [
      "what the template leaves open",
      policy({ ...READS, Resource: `arn:aws:kms:*:*:key/${UNKNOWN}` }),
      policy({ ...READS, Resource: "arn:aws:kms:*:*:key/1-2" }),
    ],
  ])("%s makes no difference", (_what, expected, found) => {
    expect(policyDifference(expected, found)).toEqual(SAME);
  });
});

const CHANGES: readonly [string, object][] = [
  ["another effect", { Effect: "Deny" }],
  ["an action more", { Action: [...READS.Action, "s3:PutObject"] }],
  ["an action less", { Action: "s3:GetObject" }],
  ["another resource", { Resource: ["arn:aws:s3:::a", "arn:aws:s3:::b/*"] }],
  ["a resource in another case", { Resource: ["arn:aws:s3:::A", "arn:aws:s3:::a/*"] }],
  ["no condition", { Condition: undefined }],
  ["another operator", { Condition: { StringLike: READS.Condition.StringEquals } }],
  ["another key", { Condition: { StringEquals: { "aws:PrincipalAccount": "111122223333" } } }],
  ["another value", { Condition: { StringEquals: { "aws:SourceAccount": "444455556666" } } }],
  [
    "a value more",
    { Condition: { StringEquals: { "aws:SourceAccount": ["111122223333", "444455556666"] } } },
  ],
  ["NotAction in place of Action", { Action: undefined, NotAction: READS.Action }],
  ["a principal", { Principal: "*" }],
];
const changed = (change: object) =>
  JSON.parse(JSON.stringify(policy({ ...READS, ...change }))) as object;

describe("Policies that mean something else", () => {
  it.each(CHANGES)("A statement with %s is another one, in both directions", (_what, change) => {
    for (const [one, other] of [
      [policy(READS), changed(change)],
      [changed(change), policy(READS)],
    ]) {
      const { lacks, has } = policyDifference(one, other);
      expect([lacks.length, has.length]).toEqual([1, 1]);
    }
  });

  it.each<[string, object, object]>([
    [
      "a statement more",
      policy(READS, TRUSTS),
      { lacks: [], has: ["Allow sts:AssumeRole for arn:aws:iam::111122223333:root"] },
    ],
    [
      "the same statement twice",
      policy(READS, READS),
      {
        lacks: [],
        has: [
          "Reads (Allow s3:GetObject, s3:ListBucket on arn:aws:s3:::a, arn:aws:s3:::a/* on conditions)",
        ],
      },
    ],
    [
      "no statement",
      policy(),
      {
        lacks: [
          "Reads (Allow s3:GetObject, s3:ListBucket on arn:aws:s3:::a, arn:aws:s3:::a/* on conditions)",
        ],
        has: [],
      },
    ],
  ])("A policy with %s is said in words", (_what, found, difference) => {
    expect(policyDifference(policy(READS), found)).toEqual(difference);
  });

  it("A long list is cut in words", () => {
    const many = { Effect: "Allow", Action: ["a:A", "a:B", "a:C", "a:D"], NotResource: "*" };
    expect(policyDifference(policy(), policy(many)).has).toEqual([
      "Allow a:A, a:B and 2 more on all but *",
    ]);
  });

  it("A document of the older version is another one, since it lacks policy variables", () => {
    const { lacks, has } = policyDifference(policy(READS), { Statement: [READS] });
    expect([lacks.length, has.length]).toEqual([1, 1]);
  });

  it("Values that the template leaves open cover one value each, and known text stays as it is", () => {
    const key = `arn:aws:kms:*:*:key/${UNKNOWN}`;
    const on = (...Resource: readonly string[]) => policy({ ...READS, Resource });
    const keys = ["arn:aws:kms:*:*:key/1", "arn:aws:kms:*:*:key/2"];
    const queue = "arn:aws:sqs:*:*:key/1";
    expect(policyDifference(on(key, key, queue), on(queue, ...keys))).toEqual(SAME);
    for (const [expected, found] of [
      [on(key, queue), on(queue, ...keys)],
      [on(key, key), on(queue, ...keys.slice(1))],
      [on(key, key), on(...keys.slice(1))],
      [on(key), on(`*${keys[0]}`)],
      [on(key), on(queue)],
    ])
      expect(policyDifference(expected, found).lacks).toHaveLength(1);
  });
});

describe("Policies at random", () => {
  const texts = fc.uniqueArray(fc.constantFrom("a:A", "a:B", "b:C", "b:*", "*"), { minLength: 1 });
  const statement = fc.record({
    Effect: fc.constantFrom("Allow", "Deny"),
    Action: texts,
    Resource: texts,
    Condition: fc.option(
      fc.dictionary(
        fc.constantFrom("StringEquals", "ArnLike"),
        fc.dictionary(fc.constantFrom("k:one", "k:two"), texts, { minKeys: 1 }),
        { minKeys: 1 },
      ),
      { nil: undefined },
    ),
  });
  const statements = fc.array(statement, { maxLength: 4 });
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value))
      return value.length === 1 ? turned(value[0]) : value.toReversed().map(turned);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, each]) => [key, turned(each)]),
    );
  };

  it("Turned around in every list and every member, they mean the same", () => {
    fc.assert(
      fc.property(statements, (list) => {
        expect(policyDifference(policy(...list), turned(policy(...list)))).toEqual(SAME);
      }),
    );
  });

  it("A part that one lacks, the other has", () => {
    fc.assert(
      fc.property(statements, statements, (one, other) => {
        const there = policyDifference(policy(...one), policy(...other));
        const back = policyDifference(policy(...other), policy(...one));
        expect([back.lacks.toSorted(), back.has.toSorted()]).toEqual([
          there.has.toSorted(),
          there.lacks.toSorted(),
        ]);
      }),
    );
  });
});
