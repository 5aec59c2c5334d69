/** The hours of a rule, for people. */
import { clockText, describeHours } from "../../shared/domain/policy/hours.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { HoursAnswer } from "../../shared/http/contract/access-answer.ts";
import type { Fact } from "../terminal/facts.ts";

/** `Hours  mon–fri 08:00–18:00 Europe/Berlin; open now`; empty where a rule has no hours. */
export function hoursFacts(hours: HoursAnswer | null | undefined): readonly Fact[] {
  // An older API says nothing of hours.
  if (!hours) return [];
  const { isOpen, opensAt } = hours;
  const next = opensAt === null ? "closed now" : `opens ${clockText(hours, opensAt)}`;
  return [["Hours", `${visible(describeHours(hours))}; ${isOpen ? "open now" : visible(next)}`]];
}
