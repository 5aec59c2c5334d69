/**
 * A ledger as its table has it. A ledger of more than `LEDGER_BYTES` is stored without the times
 * that an unseen element has too. So there is more room for what others put on the entry. A smaller
 * one is stored in full: the release before this one reads only that.
 */
import { LEDGER_BYTES, ledgerBytes } from "../../../domain/entries/bounds.ts";
import {
  type ElementKnowledge,
  type Ledger,
  UNKNOWN_ELEMENT,
} from "../../../domain/entries/ledger.ts";

type StoredElement = Partial<ElementKnowledge>;

/** By target and element, in full or without default times. */
interface StoredLedger extends Omit<Ledger, "targets"> {
  readonly targets: Readonly<Record<string, Readonly<Record<string, StoredElement>>>>;
}

/** The ledger as it is stored. */
export const storedLedger = (ledger: Ledger): StoredLedger =>
  ledgerBytes(ledger) <= LEDGER_BYTES ? ledger : withElements(ledger, withoutDefaults);

/** The ledger that is stored, in full. */
export const ledgerOf = (stored: StoredLedger): Ledger =>
  withElements<StoredElement, ElementKnowledge>(stored, (element) => ({
    ...UNKNOWN_ELEMENT,
    ...element,
  }));

const withElements = <From, To>(
  ledger: Omit<Ledger, "targets"> & {
    readonly targets: Readonly<Record<string, Readonly<Record<string, From>>>>;
  },
  change: (element: From) => To,
) => ({
  ...ledger,
  targets: mapValues(ledger.targets, (target) => mapValues(target, change)),
});

const mapValues = <From, To>(
  map: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Readonly<Record<string, To>> =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value)]));

const DEFAULTS: Readonly<Record<string, unknown>> = { ...UNKNOWN_ELEMENT };

function withoutDefaults(element: ElementKnowledge): StoredElement {
  const { state } = element;
  const others = Object.entries(element).filter(([name, value]) => value !== DEFAULTS[name]);
  return { ...Object.fromEntries(others), state };
}
