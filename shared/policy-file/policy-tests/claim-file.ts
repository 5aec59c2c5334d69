/** `never:` of `access.test.yaml`: what no sequence of requests and decisions may lead to. */
import * as z from "zod/mini";
import { isNamespacePattern } from "../../domain/values/namespace-pattern.ts";
import { Duration, KubernetesGroup, Name, PersonName, PolicyName, some } from "../file-values.ts";
import { noted } from "../noted.ts";

const Pattern = z
  .string()
  .check(z.refine(isNamespacePattern, "Write a namespace in lower case, or a pattern with *."));

const SomeFile = z
  .strictObject({
    people: z.optional(some(PersonName)),
    groups: z.optional(some(Name)),
  })
  .check(
    z.refine(
      ({ people, groups }) => people !== undefined || groups !== undefined,
      "Write people, groups, or both.",
    ),
  );

const ReachFile = z
  .strictObject({
    cluster: noted("The cluster, by its name in the policy.", Name),
    policy: noted("An EKS access policy, with all that it permits.", z.optional(PolicyName)),
    policies: noted("Any of several.", z.optional(some(PolicyName))),
    namespaces: noted("Any of these; else anywhere.", z.optional(some(Pattern))),
    direct: noted(
      "Leave out who could become cluster admin by creating pods.",
      z.optional(z.boolean()),
    ),
  })
  .check(
    z.refine(
      ({ policy, policies }) => policy === undefined || policies === undefined,
      "Write policy or policies, and not both.",
    ),
  );

const ExceptionFile = z.strictObject({
  rule: noted("A rule by which it may happen.", Name),
  who: noted("Only for requests of these.", z.optional(SomeFile)),
});

export const ClaimFile = z
  .strictObject({
    name: noted(
      "What must never be, as a sentence.",
      z.string().check(z.minLength(1), z.maxLength(200)),
    ),
    reach: noted("Access that somebody could end up with.", z.optional(ReachFile)),
    people: noted(
      "If at most so many people act; else any number.",
      z.optional(z.int().check(z.minimum(1), z.maximum(9))),
    ),
    who: noted("Whoever ends up with the access; else anybody.", z.optional(SomeFile)),
    without: noted("If these take no part, however many others do.", z.optional(SomeFile)),
    unattended: noted("If it lasts longer while nobody but its holder acts.", z.optional(Duration)),
    except: noted("Ways that are meant to be.", z.optional(some(ExceptionFile))),
    standing: noted("Count delegators who do nothing today, too.", z.optional(z.boolean())),
    decides: noted("People who have no part in any approval.", z.optional(SomeFile)),
  })
  .check(
    z.refine(
      ({ reach, decides }) => (reach === undefined) !== (decides === undefined),
      "Write reach or decides, and not both.",
    ),
    z.refine(
      ({ decides, people, who, without, unattended, except, standing }) =>
        decides === undefined ||
        [people, who, without, unattended, except, standing].every((each) => each === undefined),
      "Beside decides, write its name alone.",
    ),
  );

/** Rights that the cluster's own RBAC gives groups, at most. */
export const GroupBoundsFile = z.record(KubernetesGroup, PolicyName);
