/** Claims of the console: its views say the command's sentences, and these of their own. */
import { isRefusal, Problem } from "../../console/api/problem.ts";
import * as words from "../../console/parts/list-words.ts";
import type { Claim } from "./claim.ts";

const LIST_WORDS = "console/parts/list-words.ts";

/** The empty list, whole and cut. */
const cutOrWhole = (none: string) => () => ({
  holds: words.emptyText({ rows: [], isCut: false }, none),
  fails: words.emptyText({ rows: [], isCut: true }, none),
});

const listClaim = (text: string, none: string): Claim => ({
  file: LIST_WORDS,
  text,
  printed: none,
  falseWhere: "the API has more than the page read",
  instead: "Not all was read",
  seen: cutOrWhole(none),
});

/** As `ChangeProblem` chooses its header. */
const headerAfter = (status: number) =>
  isRefusal(new Problem(status, "any", "any"))
    ? "It was not done"
    : "It is not known whether it was done";

export const CONSOLE_CLAIMS: readonly Claim[] = [
  listClaim("You hold no access that Timelatch lent", words.NOTHING_HELD),
  listClaim("No access that you can see is lent now", words.NOTHING_LENT),
  listClaim("No access is known", words.NOTHING_REACHES),
  listClaim("No request of yours has ended yet", words.NOTHING_ENDED),
  listClaim("No call for this request is on record", words.NOTHING_CALLED),
  {
    file: "console/parts/problem-alert.tsx",
    text: "It was not done",
    falseWhere: "the API stored the change and its answer was lost",
    instead: "It is not known whether it was done",
    seen: () => ({ holds: headerAfter(409), fails: headerAfter(502) }),
  },
];
