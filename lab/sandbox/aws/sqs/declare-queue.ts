import type { Store } from "../store.ts";
import { checkedAttributes } from "./queue-attributes.ts";
import { signalOf } from "./signal.ts";
import type { SqsState } from "./state.ts";

export interface QueueDeclaration {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  /** CloudFormation's properties of `AWS::SQS::Queue`, without `QueueName` and `Tags`. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly policies?: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Brings a queue of the template into being. Declared again after a restart, a queue keeps its
 * messages. It gets the new attributes and URL, as by an update of the stack.
 *
 * @throws Error naming the attribute that is invalid or not emulated.
 */
export function declareQueue(
  store: Store<SqsState>,
  declaration: QueueDeclaration,
  now: () => number = Date.now,
): void {
  const attributes = checkedAttributes(declaration.name, declaration.attributes);
  store.change((state) => {
    const existing = state.queues[declaration.name];
    if (existing !== undefined && existing.arn !== declaration.arn)
      throw new Error(
        `Queue ${declaration.name} was not declared: the stored state holds it as ${existing.arn}. Start with fresh state.`,
      );
    const kept = existing ?? {
      name: declaration.name,
      arn: declaration.arn,
      createdAt: now(),
      lastSequence: 0,
      purgedAt: null,
      messages: [],
      deduplication: {},
    };
    const same = JSON.stringify(existing?.attributes) === JSON.stringify(attributes);
    state.queues[declaration.name] = {
      ...kept,
      url: declaration.url,
      attributes,
      tags: declaration.tags ?? {},
      policies: declaration.policies ?? [],
      modifiedAt: existing !== undefined && same ? existing.modifiedAt : now(),
    };
  });
  signalOf(store, declaration.name).raise();
}
