/** Hours, starts and lapses of a rule that do not go together. */
import { type Hours, isOpen, minutesOf } from "../domain/policy/hours.ts";
import type { AccessPolicy, Rule } from "../domain/policy/policy.ts";
import { LATEST_START_SECONDS } from "../domain/policy/rule-times.ts";
import { formatDuration } from "../domain/values/duration.ts";
import { WEEKDAYS } from "../domain/values/local-time.ts";
import type { PolicyFinding } from "./finding.ts";

export const timeFindings = (policy: AccessPolicy): readonly PolicyFinding[] =>
  policy.rules.flatMap((rule, at) => [...startFindings(rule, at), ...lapseFindings(rule, at)]);

function startFindings({ name, hours, startLatestSeconds }: Rule, at: number) {
  if (hours === null || startLatestSeconds === LATEST_START_SECONDS) return [];
  const { longestOpen, shortestClosed } = spansOf(hours);
  if (startLatestSeconds <= longestOpen || startLatestSeconds >= shortestClosed) return [];
  return [
    {
      code: "start-misses-hours",
      path: ["rules", at, "start", "latest"],
      detail: `${name} is closed for ${formatDuration(shortestClosed)} between its hours, so no start ${formatDuration(startLatestSeconds)} ahead is ever within them. Write at least ${formatDuration(shortestClosed)} to let a request plan for the next hours.`,
    } as const,
  ];
}

/** Minutes of an ordinary week: what daylight saving adds or takes makes no rule useful or useless. */
const DAY_MINUTES = 1_440;
const WEEK_MINUTES = WEEKDAYS.length * DAY_MINUTES;

function spansOf(hours: Hours): { readonly longestOpen: number; readonly shortestClosed: number } {
  const edges = edgesOf(hours);
  // Begun where the hours begin, so that no span is cut in two.
  const begin = edges.findIndex(({ isOpen }, at) => isOpen && edges.at(at - 1)?.isOpen === false);
  if (begin < 0) return { longestOpen: Number.POSITIVE_INFINITY, shortestClosed: 0 };
  const spans: { isOpen: boolean; seconds: number }[] = [];
  const inTurn = [...edges.slice(begin), ...edges.slice(0, begin)];
  for (const [at, { minute, isOpen }] of inTurn.entries()) {
    const next = inTurn[(at + 1) % inTurn.length]?.minute ?? minute;
    const seconds = ((next - minute + WEEK_MINUTES) % WEEK_MINUTES) * 60;
    const last = spans.at(-1);
    if (last?.isOpen === isOpen) last.seconds += seconds;
    else spans.push({ isOpen, seconds });
  }
  const secondsOf = (kind: boolean) =>
    spans.filter(({ isOpen }) => isOpen === kind).map(({ seconds }) => seconds);
  return {
    longestOpen: Math.max(...secondsOf(true)),
    shortestClosed: Math.min(...secondsOf(false)),
  };
}

/** The minutes of the week at which hours may begin or end, in order: at no other can they change. */
function edgesOf(hours: Hours): readonly { readonly minute: number; readonly isOpen: boolean }[] {
  const ofDay = [
    ...new Set([0, minutesOf(hours.from), minutesOf(hours.to) % DAY_MINUTES]),
  ].toSorted((a, b) => a - b);
  return WEEKDAYS.flatMap((day, at) =>
    ofDay.map((minute) => ({
      minute: at * DAY_MINUTES + minute,
      isOpen: isOpen(hours, { day, minute }),
    })),
  );
}

function lapseFindings(
  { name, approval, startLatestSeconds, lapseSeconds }: Rule,
  at: number,
): readonly PolicyFinding[] {
  if (approval.length === 0 || lapseSeconds <= startLatestSeconds) return [];
  return [
    {
      code: "lapse-exceeds-start",
      path: ["rules", at, "lapse"],
      detail: `A request under ${name} may be approved ${formatDuration(lapseSeconds)} later, and its access then starts. But a start that is asked for may be ${formatDuration(startLatestSeconds)} ahead at most. Shorten lapse, or lengthen start.latest.`,
    },
  ];
}
