/** The arguments by which a tool asks for access, and the body of the API. */
import * as z from "zod/mini";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { Failure } from "../failures/failure.ts";
import { bodyOf, type RequestBody } from "../prompts/request-terms.ts";
import type { ClientFacts } from "./client-facts.ts";

const text = (most: number, description: string) =>
  z.string().check(z.minLength(1), z.maxLength(most), z.meta({ description }));

/** Strict, so that a misspelt argument is not left out in silence. */
export const AskInput = z.strictObject({
  cluster: text(100, "The cluster's name, as what_may_i_ask has it."),
  policy: z.optional(text(100, "One EKS access policy, such as AmazonEKSViewPolicy.")),
  namespaces: z.optional(
    z
      .array(text(63, "A namespace."))
      .check(z.minLength(1), z.maxLength(50), z.meta({ description: "Where the policy holds." })),
  ),
  whole_cluster: z.optional(
    z
      .literal(true)
      .check(
        z.meta({ description: "The policy holds in the whole cluster, in place of namespaces." }),
      ),
  ),
  groups: z.optional(
    z
      .array(text(128, "A Kubernetes group."))
      .check(z.minLength(1), z.maxLength(10), z.meta({ description: "In place of a policy." })),
  ),
  duration: z.optional(text(20, "Such as 30m or 1h30m. By default the rule's own.")),
  reason: text(500, "Why, for the people who decide and audit. One line."),
  principal_arn: z.optional(text(2_048, "Only where the caller has several principals.")),
  ticket: z.optional(text(40, "The one ticket that it is for, where the reason does not name it.")),
  rule: z.optional(text(64, "A rule that what_may_i_ask names.")),
});

export type AskInput = z.output<typeof AskInput>;

/** A body of the API that says by which program it was asked. */
export interface AgentBody extends RequestBody {
  readonly via: NonNullable<RequestAnswer["via"]>;
}

/** @throws Failure `usage` */
export function agentBody(
  { whole_cluster, namespaces, groups, principal_arn, ...terms }: AskInput,
  { name }: ClientFacts,
): AgentBody {
  const body = bodyOf(
    Object.fromEntries(
      Object.entries({
        ...terms,
        namespace: namespaces,
        clusterScope: whole_cluster,
        group: groups,
        principal: principal_arn,
      }).filter(([, value]) => value !== undefined),
    ),
    "preview",
  );
  if (namespaces?.some((each) => each.includes(","))) throw commas();
  return { ...body, via: { protocol: "mcp", client: name } };
}

const commas = () =>
  new Failure("usage", "usage", {
    what: "A namespace has no comma.",
    notDone: "Nothing was sent.",
    next: ["Next: give each namespace as an item of its own."],
  });
