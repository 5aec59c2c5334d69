import { delegationSubject, findingSubject, stopSubject } from "../../domain/notices/subject.ts";
import type { Step } from "../../domain/requests/lifecycle.ts";
import type { DelegationStore } from "../../ports/delegation-store.ts";
import type { FindingStore } from "../../ports/finding-store.ts";
import type { NoticeWake } from "../../ports/function-ports.ts";
import type { NotifyQueue } from "../../ports/notify-queue.ts";
import type { RequestStore } from "../../ports/request-store.ts";
import type { StopStore } from "../../ports/stop-store.ts";

/** Remembers whose notices have something new to show. */
export interface NoticeWaker extends NoticeWake {
  /** The store, with its steps remembered. */
  requests(store: RequestStore): RequestStore;
  /** The store, with the delegations that are made and ended remembered. */
  delegations(store: DelegationStore): DelegationStore;
  /** The store, with its findings and acknowledgements remembered. */
  findings<Store extends Pick<FindingStore, "appendFinding">>(store: Store): Store;
  /** The store, with its records remembered. */
  stops(store: StopStore): StopStore;
}

/**
 * Wraps stores. A wake that fails loses nothing. The stored step made the notices due, and the sweep
 * wakes notify for what is due.
 */
export function noticeWaker(queue: NotifyQueue): NoticeWaker {
  const stored = new Set<string>();
  const remember = (...subjects: readonly (string | undefined)[]) => {
    for (const subject of subjects) if (subject !== undefined) stored.add(subject);
  };
  return {
    requests: (store) => ({
      ...store,
      async create(steps, options) {
        await store.create(steps, options);
        remember(steps[0]?.request.id, ...besideIn(options));
      },
      async save(step, options) {
        await store.save(step, options);
        remember(step.request.id, ...besideIn(options));
      },
      async saveAll(steps) {
        await store.saveAll(steps);
        remember(...steps.map(({ request }) => request.id));
      },
    }),
    delegations: (store) => ({
      ...store,
      async create(made, options) {
        await store.create(made, options);
        remember(delegationSubject(made.delegationId));
      },
      async end(delegation, ended) {
        await store.end(delegation, ended);
        remember(delegationSubject(delegation.id));
      },
    }),
    findings: (store) => ({
      ...store,
      async appendFinding(draft: Parameters<FindingStore["appendFinding"]>[0]) {
        const isAdded = await store.appendFinding(draft);
        if (isAdded && draft.type !== "expected") remember(findingSubject(draft.details.findingId));
        return isAdded;
      },
    }),
    stops: (store) => ({
      ...store,
      async append(next) {
        const record = await store.append(next);
        remember(stopSubject(record.seq));
        return record;
      },
    }),
    async wakeNotify() {
      const subjects = [...stored];
      stored.clear();
      await Promise.allSettled(subjects.map((subject) => queue.wake(subject)));
    },
  };
}

/** The requests whose steps the same transaction stores, such as the others of a chain that ends. */
const besideIn = ({ beside = [] }: { readonly beside?: readonly Step[] | undefined } = {}) =>
  beside.map(({ request }) => request.id);
