/** The structure of a rule in `access.yaml`. */
import * as z from "zod/mini";
import {
  Duration,
  KubernetesGroup,
  LaterDuration,
  Name,
  NamespacePattern,
  Pattern,
  PolicyName,
  SlackChannel,
  some,
} from "../file-values.ts";
import { keyWith } from "../noted.ts";
import { RULE_TICKET_NOTES, RuleTicketFile } from "../tickets-file.ts";
import { AGENTS_NOTES, AgentsFile } from "./agents-file.ts";
import { AT_MOST_NOTES, AtMostFile } from "./at-most-file.ts";
import { EXTEND_NOTES, ExtendFile } from "./extend-file.ts";
import { HOURS_NOTES, HoursFile } from "./hours-file.ts";
import { RequirementFile } from "./requirement-file.ts";
import { REVIEW_NOTES, ReviewFile } from "./review-file.ts";
import { RULE_NOTES } from "./rule-notes.ts";
import { LapseFile, StartFile, TIMES_NOTES } from "./times-file.ts";

export const ALL_RULE_NOTES = {
  ...RULE_NOTES,
  ...AGENTS_NOTES,
  ...AT_MOST_NOTES,
  ...EXTEND_NOTES,
  ...HOURS_NOTES,
  ...REVIEW_NOTES,
  ...RULE_TICKET_NOTES,
  ...TIMES_NOTES,
};

const key = keyWith(ALL_RULE_NOTES);

const Who = z
  .strictObject({
    people: key("rules.*.who.people", z.optional(some(Name))),
    groups: key("rules.*.who.groups", z.optional(some(Name))),
    onCall: key("rules.*.who.onCall", z.optional(Name)),
  })
  .check(z.refine((who) => who.people || who.groups, "Name people or groups."));

/** A pattern, or what a tracker is asked. The fault is that of whichever somebody wrote. */
const TicketFile = z.union([Pattern, RuleTicketFile], {
  error: ({ input, errors }) => {
    const [ofPattern = [], ofTracker = []] = errors as readonly (readonly z.core.$ZodIssue[])[];
    if (typeof input === "string") return ofPattern[0]?.message;
    return ofTracker.map(({ path, message }) => [...path, message].join(": ")).join(" ");
  },
});

const Policies = key("rules.*.access.policies", some(PolicyName));
const Access = z.union(
  [
    z.strictObject({
      policies: Policies,
      scope: key("rules.*.access.scope", z.literal("cluster")),
      exactly: key("rules.*.access.exactly", z.optional(z.boolean())),
    }),
    z.strictObject({
      policies: Policies,
      namespaces: key("rules.*.access.namespaces", some(NamespacePattern)),
      wildcards: key("rules.*.access.wildcards", z.optional(z.boolean())),
    }),
    z.strictObject({ groups: key("rules.*.access.groups", some(KubernetesGroup)) }),
  ],
  "Write policies with scope: cluster, policies with namespaces, or groups.",
);

export const RuleFile = z.strictObject({
  name: key("rules.*.name", Name),
  who: key("rules.*.who", Who),
  clusters: key("rules.*.clusters", some(Name)),
  access: key("rules.*.access", Access),
  duration: key(
    "rules.*.duration",
    z.strictObject({
      max: key("rules.*.duration.max", Duration),
      default: key("rules.*.duration.default", z.optional(Duration)),
    }),
  ),
  when: key("rules.*.when", z.optional(HoursFile)),
  start: key("rules.*.start", z.optional(StartFile)),
  lapse: key("rules.*.lapse", z.optional(LapseFile)),
  approval: key(
    "rules.*.approval",
    z.union(
      [z.literal("none"), some(RequirementFile)],
      "Write none, or a list of requirements with groups and count.",
    ),
  ),
  agents: key("rules.*.agents", z.exactOptional(AgentsFile)),
  atMost: key("rules.*.atMost", z.optional(AtMostFile)),
  reason: key(
    "rules.*.reason",
    z.optional(
      z.strictObject({
        minLength: key("rules.*.reason.minLength", z.optional(z.int().check(z.gte(0), z.lte(500)))),
        ticket: key("rules.*.reason.ticket", z.optional(TicketFile)),
      }),
    ),
  ),
  endsWithShift: key("rules.*.endsWithShift", z.optional(z.boolean())),
  endsWithTicket: key("rules.*.endsWithTicket", z.optional(z.boolean())),
  extend: key("rules.*.extend", z.optional(ExtendFile)),
  breakGlass: key("rules.*.breakGlass", z.optional(z.boolean())),
  review: key("rules.*.review", z.optional(ReviewFile)),
  newerPolicies: key("rules.*.newerPolicies", z.optional(z.boolean())),
  sharedPrincipals: key("rules.*.sharedPrincipals", z.optional(z.boolean())),
  approverMayHoldPrincipal: key("rules.*.approverMayHoldPrincipal", z.optional(z.boolean())),
  foreignPrincipals: key("rules.*.foreignPrincipals", z.optional(z.boolean())),
  delegable: key("rules.*.delegable", z.optional(z.boolean())),
  decideIn: key("rules.*.decideIn", z.optional(some(z.enum(["api", "slack"])))),
  notify: key(
    "rules.*.notify",
    z.optional(
      z.strictObject({
        channel: key("rules.*.notify.channel", z.optional(SlackChannel)),
        direct: key("rules.*.notify.direct", z.optional(z.boolean())),
      }),
    ),
  ),
  remind: key(
    "rules.*.remind",
    z.optional(
      z.strictObject({
        after: key("rules.*.remind.after", LaterDuration),
        times: key("rules.*.remind.times", z.optional(z.int().check(z.gte(1), z.lte(10)))),
      }),
    ),
  ),
});
