import { delegationSubject } from "../../../shared/domain/notices/subject.ts";
import type { Step } from "../../../shared/domain/requests/lifecycle.ts";
import type { DelegationStore } from "../../../shared/ports/delegation-store.ts";
import type { NoticeWake } from "../../../shared/ports/function-ports.ts";
import type { RequestStore } from "../../../shared/ports/request-store.ts";
import { ServiceFailed } from "../network/service-failed.ts";

interface Stores {
  readonly requests: RequestStore;
  readonly delegations: DelegationStore;
}

type NoticeWaker = NoticeWake & Stores;

/** Stores whose answered steps wake notify at the end of an invocation, as in `notice-waker.ts` of AWS. */
export function noticeWaker(
  { requests, delegations }: Stores,
  queue: { readonly wake: (subject: string) => void },
): NoticeWaker {
  const stored = new Set<string>();
  const remember = async (answer: Promise<void>, ids: readonly string[]) => {
    await answer;
    for (const id of ids) stored.add(id);
  };
  return {
    requests: instead(requests, {
      create: (...args) =>
        remember(
          requests.create(...args),
          idsOf([...args[0].slice(0, 1), ...(args[1]?.beside ?? [])]),
        ),
      save: (...args) =>
        remember(requests.save(...args), idsOf([args[0], ...(args[1]?.beside ?? [])])),
      saveAll: (...args) => remember(requests.saveAll(...args), idsOf(args[0])),
    }),
    delegations: instead(delegations, {
      create: (made, options) =>
        remember(delegations.create(made, options), [delegationSubject(made.delegationId)]),
      end: (delegation, ended) =>
        remember(delegations.end(delegation, ended), [delegationSubject(delegation.id)]),
    }),
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

const idsOf = (steps: readonly Step[]): readonly string[] => steps.map(({ request }) => request.id);

/** A port with some methods of its own. A copy would ask a tapped port for each of its methods. */
const instead = <Port extends object>(port: Port, own: Partial<Port>): Port =>
  Object.assign(Object.create(port) as Port, own);
