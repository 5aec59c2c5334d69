/** The structure of `access.test.yaml`: what is expected of a policy and what must never be, in the words of a policy. */
import * as z from "zod/mini";
import { OBJECTIONS } from "../../domain/policy/objections.ts";
import { LONGEST_REASON } from "../../domain/policy/reason.ts";
import { isNamespacePattern } from "../../domain/values/namespace-pattern.ts";
import { parseInstant } from "../../domain/values/zoned-instant.ts";
import {
  Duration,
  KubernetesGroup,
  Name,
  PersonName,
  PolicyName,
  PrincipalArn,
  some,
} from "../file-values.ts";
import { noted } from "../noted.ts";
import { ExtendFile } from "../rules/extend-file.ts";
import { ClaimFile, GroupBoundsFile } from "./claim-file.ts";
import { TicketFile } from "./ticket-file.ts";

const Instant = z.pipe(
  z
    .string()
    .check(
      z.refine(
        (text) => parseInstant(text) !== undefined,
        "Write an instant with its zone, such as 2026-12-24T03:00Z.",
      ),
    ),
  z.transform((text: string) => parseInstant(text) ?? text),
);

const Namespace = z
  .string()
  .check(z.refine(isNamespacePattern, "Write a namespace in lower case, or a pattern with *."));

const AskFile = z
  .strictObject({
    cluster: noted("The cluster, by its name in the policy.", Name),
    policy: noted("An EKS access policy.", z.optional(PolicyName)),
    namespaces: noted("The namespaces of the policy.", z.optional(some(Namespace))),
    scope: noted("The policy on the whole cluster.", z.optional(z.literal("cluster"))),
    groups: noted("Kubernetes groups, in place of a policy.", z.optional(some(KubernetesGroup))),
    duration: noted("How long; else the rule's own duration.", z.optional(Duration)),
    reason: noted(
      "Why; else any reason that the rules accept.",
      z.optional(z.string().check(z.minLength(1), z.maxLength(LONGEST_REASON))),
    ),
    principal: noted("The role, where the person has several.", z.optional(PrincipalArn)),
    startsAt: noted("A start in the future; it needs `at`.", z.optional(Instant)),
    ticket: noted(
      "The ticket that the request names, such as PAY-123.",
      z.optional(
        z.string().check(z.regex(/^[A-Za-z0-9_#-]{1,40}$/, "Write one ticket, such as PAY-123.")),
      ),
    ),
    rule: noted("A rule that the request names.", z.optional(Name)),
  })
  .check(
    z.refine(
      ({ policy, namespaces, scope, groups }) =>
        policy === undefined
          ? groups !== undefined && namespaces === undefined && scope === undefined
          : groups === undefined && (namespaces === undefined) !== (scope === undefined),
      "Write policy with namespaces, policy with scope: cluster, or groups.",
    ),
  );

const AllowFile = z.strictObject({
  rule: noted("The rule that decides.", z.optional(Name)),
  approvers: noted(
    "For each requirement of the rule, everyone who could approve. Empty where nobody has to.",
    z.optional(z.array(z.array(PersonName))),
  ),
  extend: noted(
    "How the grant can be extended, as in the rule; or none.",
    z.optional(z.union([z.literal("none"), ExtendFile])),
  ),
  delegable: noted(
    "Whether somebody else may decide for its approvers, once they delegate to them.",
    z.optional(z.boolean()),
  ),
});

const DenyFile = z.strictObject({
  rule: noted(
    "The rule whose objections are meant; else the one that comes closest.",
    z.optional(Name),
  ),
  objections: noted(
    "All objections of that rule, and no others.",
    z.optional(some(z.enum(OBJECTIONS))),
  ),
});

const ExpectationOfFile = z
  .strictObject({
    name: noted(
      "What is expected, as a sentence.",
      z.string().check(z.minLength(1), z.maxLength(200)),
    ),
    who: noted("Who asks, by the name in the policy.", PersonName),
    ask: noted("What they ask for.", AskFile),
    at: noted("When they ask; else now.", z.optional(Instant)),
    onCall: noted(
      "Who is on call then, by schedules of the policy; or unknown. Else nobody is.",
      z.optional(z.union([z.literal("unknown"), z.record(Name, z.array(PersonName))])),
    ),
    ticket: noted(
      "Its ticket, as its tracker has it; or unknown, or missing. Else it is taken for what the rule asks.",
      z.optional(TicketFile),
    ),
    allow: noted("It is allowed.", z.optional(AllowFile)),
    deny: noted("It is refused.", z.optional(DenyFile)),
  })
  .check(
    z.refine(
      ({ allow, deny }) => (allow === undefined) !== (deny === undefined),
      "Write allow or deny, and not both.",
    ),
    z.refine(({ ask, at }) => ask.startsAt === undefined || at !== undefined, {
      error: "Write at as well: a start is judged by when it is asked.",
      path: ["ask", "startsAt"],
    }),
  );

export const PolicyTestsFile = z
  .strictObject({
    version: noted("The format of this file.", z.literal(1)),
    expectations: noted(
      "What is expected of the policy beside this file.",
      z.optional(some(ExpectationOfFile)),
    ),
    never: noted("What no requests and decisions may lead to.", z.optional(some(ClaimFile))),
    groups: noted(
      "What the clusters' own RBAC gives Kubernetes groups at most, as an access policy. Else claims take it for everything.",
      z.optional(GroupBoundsFile),
    ),
  })
  .check(
    z.refine(
      ({ expectations, never }) => expectations !== undefined || never !== undefined,
      "Write expectations, never, or both.",
    ),
  );

export type FileClaim = z.output<typeof ClaimFile>;

export type Expectation = z.output<typeof ExpectationOfFile>;
