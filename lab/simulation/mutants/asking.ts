/** Mutants: who is asked again, and when. */
import type { Mutant } from "./mutant.ts";

const EVENTS = "shared/domain/notices/prompt-events.ts";
const FACTS = "shared/domain/notices/notice-facts.ts";
const NEEDS = "shared/domain/policy/needs.ts";
const PROMPTS = "shared/domain/notices/prompts.ts";
const PUBLISH = "shared/usecases/notices/publish-prompts.ts";
const REVIEW = "shared/domain/requests/review.ts";
const REVIEWERS = "shared/domain/policy/review-rights.ts";
const REVIEW_PROMPTS = "shared/domain/notices/review-prompts.ts";
const APPROVERS = "shared/domain/policy/approvers.ts";

/** The scenario that plays lives in which people are asked again. */
const scenario = "people are asked again while messages fail";

export const ASKING: readonly Mutant[] = [
  {
    name: "reminds of what is decided",
    edits: [
      { file: PROMPTS, from: 'request.state !== "pending" || !rule', to: "!rule" },
      { file: NEEDS, from: '  if (request.state !== "pending") return [];\n', to: "" },
    ],
    scenario,
    breaks: "asked-while-open",
  },
  {
    name: "reminds of a review that is closed",
    edits: [{ file: REVIEW, from: "review?.closed === null ? review : undefined", to: "review" }],
    scenario,
    breaks: "review-asked-while-open",
  },
  {
    name: "publishes a prompt in every run",
    edits: [{ file: PUBLISH, from: "!record.prompted.includes(detail.id)", to: "detail.id" }],
    scenario,
    breaks: "asked-once",
  },
  {
    name: "asks a second circle before its time",
    edits: [{ file: FACTS, from: "askedFrom <= now", to: 'askedFrom > ""' }],
    scenario,
    breaks: "asked-able",
  },
  {
    name: "asks whoever holds the principal to approve it",
    edits: [{ file: APPROVERS, from: " && !holders.has(name)", to: "" }],
    scenario,
    breaks: "asked-able",
  },
  {
    name: "asks whoever holds the principal to review it",
    edits: [{ file: REVIEWERS, from: " && !holders.has(name)", to: "" }],
    scenario,
    breaks: "asked-able",
  },
  {
    name: "reminds nobody",
    edits: [{ file: PROMPTS, from: "length: remind?.times ?? 0", to: "length: 0" }],
    scenario,
    breaks: "asked-in-time",
  },
  {
    name: "never asks a second circle",
    edits: [
      { file: PROMPTS, from: ".filter(({ at }) => open.includes(at))", to: ".filter(() => false)" },
    ],
    scenario,
    breaks: "asked-in-time",
  },
  {
    name: "reminds nobody of a review",
    edits: [{ file: EVENTS, from: "  ...reviewPrompts(policy, request, now),\n", to: "" }],
    scenario,
    breaks: "asked-in-time",
  },
  {
    name: "finds no review overdue",
    edits: [{ file: REVIEW_PROMPTS, from: "if (number > 0)", to: "if (number > 9)" }],
    scenario,
    breaks: "asked-in-time",
  },
];
