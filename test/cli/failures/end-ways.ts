/** Ways in which a command that ends all of one person's access ends only a part of it. */
import { endAll } from "../../../cli/commands/end-all.ts";
import type { Ending } from "../../../cli/ends/ending.ts";
import {
  cutShort,
  lostFollowing,
  somethingRemains,
  stoppedFollowing,
  stoppedSending,
} from "../../../cli/ends/ends-failure.ts";
import { reportOf } from "../../../cli/ends/ends-report.ts";
import { planEnds } from "../../../cli/ends/plan-ends.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { whosePerson } from "../../../cli/prompts/whose-person.ts";
import { aRequest, brokerWith, NOTHING_LEFT } from "../ends/sample-ends.ts";
import { fakeTerminal } from "../fake-terminal.ts";

const requests = [1, 2, 3].map((number) => aRequest(number, "active"));
const plan = planEnds(requests, { person: "alice", cluster: undefined, isOwn: false });
const ending: Pick<Ending, "plan"> = { plan };
const [first, second, third] = plan.ends;
if (!first || !second || !third) throw new Error("The plan has three ends.");
const taken = [{ end: first, answer: aRequest(1, "ending") }];
const left = { taken, refused: [], end: second, unsent: [third] };
const failure = (exit: "unavailable" | "interrupted", unsure: boolean, what: string) =>
  new Failure(exit, "unavailable", {
    what,
    unsure,
    notDone: "Nothing was undone.",
    next: ["Next: wait a moment and run it again."],
  });
const refused = [{ end: second, failure: failure("unavailable", false, "Not yours.") }];
const states = [aRequest(1, "ended"), aRequest(2, "ending")];
const all = (verb: "return" | "revoke", options = {}, id?: string) =>
  endAll(fakeTerminal({ api: brokerWith({ requests }) }).context, verb, id, {
    all: true,
    yes: true,
    ...options,
  });

export const END_WAYS: Readonly<Record<string, () => unknown>> = {
  "all ends without a person": () => all("revoke"),
  "all ends with an id": () => all("return", {}, requests[0]?.id),
  "all ends that nobody confirmed": () => all("return", { yes: undefined }),
  "all ends where nobody holds anything": () => whosePerson(fakeTerminal().context, []),
  "one end without an answer": () =>
    cutShort(ending, failure("unavailable", true, "The API does not answer."), left),
  "one end that a busy API refuses": () =>
    cutShort(ending, failure("unavailable", false, "The API is busy (429)."), left),
  "Ctrl-C between ends": () =>
    stoppedSending(
      ending,
      failure("interrupted", false, "You stopped the command. It left."),
      left,
    ),
  "Ctrl-C while ends are followed": () =>
    stoppedFollowing(ending, "SIGINT", { seen: states, refused: [] }, [
      "No grant gives alice access on prod.",
    ]),
  "SIGTERM while ends are followed, and nothing is read": () =>
    stoppedFollowing(ending, "SIGTERM", { seen: states, refused }, []),
  "an API that is lost while ends are followed": () =>
    lostFollowing(ending, failure("unavailable", false, "The API does not answer."), {
      seen: states,
      refused: [],
    }),
  "ends that are not proven": () => somethingRemains(plan, reportOf(plan, states, [], []), 420),
  "an end that was refused": () => {
    const rest = [{ place: "prod", access: NOTHING_LEFT }];
    return somethingRemains(plan, reportOf(plan, [], refused, rest), undefined);
  },
};
