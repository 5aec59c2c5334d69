import { delegationSubject } from "../../../shared/domain/notices/subject.ts";
import type { DelegationStore } from "../../../shared/ports/delegation-store.ts";
import type { NoticeWake } from "../../../shared/ports/function-ports.ts";
import type { RequestStore } from "../../../shared/ports/request-store.ts";
import type { TappedCall } from "../../fakes/port-tap.ts";
import { ServiceFailed } from "../network/service-failed.ts";

export interface NoticeWaker extends NoticeWake {
  /** Remembers the subjects of an answered step. Returns the answer. */
  readonly answered: (call: TappedCall, answer: Promise<unknown>) => Promise<unknown>;
}

/** Wakes notify at the end of an invocation for its answered steps, as in `notice-waker.ts` of AWS. */
export function noticeWaker(queue: { readonly wake: (subject: string) => void }): NoticeWaker {
  const stored = new Set<string>();
  const remember = async (answer: Promise<unknown>, ids: readonly string[]) => {
    await answer;
    for (const id of ids) stored.add(id);
  };
  return {
    answered: ({ site, args }, answer) => {
      const subjectsOf = SUBJECTS[site];
      return subjectsOf ? remember(answer, subjectsOf(args as never)) : answer;
    },
    async wakeNotify() {
      for (const id of stored)
        try {
          queue.wake(id);
        } catch (error) {
          if (!(error instanceof ServiceFailed)) throw error;
        }
    },
  };
}

type Steps = Parameters<RequestStore["saveAll"]>[0];

const idsOf = (steps: Steps): readonly string[] => steps.map(({ request }) => request.id);

/** By call: the subjects of its steps, from its arguments. */
const SUBJECTS: Readonly<Record<string, (args: never) => readonly string[]>> = {
  "requests.create": ([steps, options]: Parameters<RequestStore["create"]>) =>
    idsOf([...steps.slice(0, 1), ...(options?.beside ?? [])]),
  "requests.save": ([step, options]: Parameters<RequestStore["save"]>) =>
    idsOf([step, ...(options?.beside ?? [])]),
  "requests.saveAll": ([steps]: Parameters<RequestStore["saveAll"]>) => idsOf(steps),
  "delegations.create": ([made]: Parameters<DelegationStore["create"]>) => [
    delegationSubject(made.delegationId),
  ],
  "delegations.end": ([delegation]: Parameters<DelegationStore["end"]>) => [
    delegationSubject(delegation.id),
  ],
};
