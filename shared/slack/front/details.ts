/** What most readers of a message do not need: terms in EKS's words, rule, approvals and digest. */
import { needsOf } from "../../domain/policy/needs.ts";
import { describeAccess } from "../../domain/requests/access-text.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { formatDuration } from "../../domain/values/duration.ts";
import { dateText, escaped, type Json, modal, section } from "../blocks.ts";
import type { SlackFront } from "./slack-front.ts";

export function detailsModal({ policy }: Pick<SlackFront, "policy">, request: AccessRequest): Json {
  const needs = needsOf(policy, request).map(
    ({ count, groups, people }) =>
      `${count} of ${groups.join(", ")} (${people.join(", ") || "nobody"})`,
  );
  const facts: readonly (readonly [string, string])[] = [
    ["State", request.state],
    ["Requester", request.requester],
    ["Principal", request.principalArn],
    ["Access", describeAccess(request.access)],
    ["Cluster", `${request.cluster.name} (${request.cluster.arn})`],
    ["Duration", formatDuration(request.durationSeconds)],
    ["Reason", request.reason],
    ["Rule", request.rule],
    ["Approved by", request.approvals.map(({ person }) => person).join(", ") || "nobody"],
    ["Still needed", needs.join("; ") || "nothing"],
    ["Outcome", request.outcome?.detail ?? "none yet"],
    ["Id", request.id],
    ["Digest", request.digest],
  ];
  const { expiresAt } = request;
  return modal("Details", [
    ...facts.map(([name, value]) => section(`${name}: ${value}`)),
    ...(expiresAt === null
      ? []
      : [{ type: "section", text: { type: "mrkdwn", text: `Ends: ${dateText(expiresAt)}` } }]),
    section(`At a terminal: timelatch show ${escaped(request.id)}`),
  ]);
}
