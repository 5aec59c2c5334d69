import { BrokerError } from "../values/errors.ts";

/**
 * Why one more extension of a grant was not stored.
 *
 * @param id the extension that is pending, or was approved
 */
export const extensionOpen = (id: string | undefined, options?: ErrorOptions): BrokerError =>
  new BrokerError(
    "extension-open",
    `${id ?? "Another request"} extends this grant already. Nothing was stored; while it is pending, wait for a decision or cancel it. Once it is active, extend that one.`,
    { id },
    options,
  );
