import type { AccessPolicy } from "../domain/policy/policy.ts";
import { approvalFindings } from "./approval-findings.ts";
import { delegationFindings } from "./delegation-findings.ts";
import type { PolicyFinding } from "./finding.ts";
import { glassFindings } from "./glass-findings.ts";
import { limitFindings } from "./limit-findings.ts";
import { onCallFindings } from "./on-call-findings.ts";
import { opennessFindings } from "./openness-findings.ts";
import { peopleFindings } from "./people-findings.ts";
import { promptFindings } from "./prompt-findings.ts";
import { reviewFindings } from "./review-findings.ts";
import { ruleTextFindings } from "./rule-text-findings.ts";
import { shadowedRules } from "./shadowed-rules.ts";
import { ticketFindings } from "./ticket-findings.ts";
import { timeFindings } from "./time-findings.ts";
import { rulesForNobody } from "./unusable-rules.ts";

const CHECKS: readonly ((policy: AccessPolicy) => readonly PolicyFinding[])[] = [
  peopleFindings,
  rulesForNobody,
  shadowedRules,
  approvalFindings,
  promptFindings,
  reviewFindings,
  glassFindings,
  ruleTextFindings,
  timeFindings,
  limitFindings,
  delegationFindings,
  opennessFindings,
  onCallFindings,
  ticketFindings,
];

/** Faults of a policy that can be read, and parts that are probably not what was meant. Pure. */
export const checkPolicy = (policy: AccessPolicy): readonly PolicyFinding[] =>
  CHECKS.flatMap((check) => check(policy));
