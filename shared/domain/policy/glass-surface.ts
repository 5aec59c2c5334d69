/** The surfaces on which a break-glass rule lends at once. */
import type { Surface } from "../requests/surface.ts";
import type { Rule } from "./policy.ts";

/** Whether a rule lends to whoever asks, as break-glass, before anybody else decides. */
export const isLentAtOnce = ({ breakGlass, approval }: Pick<Rule, "breakGlass" | "approval">) =>
  breakGlass && approval.length === 0;

/**
 * Whether somebody may ask for it here. In a break-glass the requester decides. So Slack needs
 * the same word of the rule as for an approver. A command or the API is always enough: an emergency
 * may be one of Slack.
 */
export const isAskedIn = (
  rule: Pick<Rule, "breakGlass" | "approval" | "decideIn">,
  surface: Surface,
): boolean => !isLentAtOnce(rule) || surface === "api" || rule.decideIn.includes(surface);
