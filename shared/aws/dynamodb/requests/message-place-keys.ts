/** Keys of the places of messages, in the requests table. */
import { plusSeconds } from "../../../domain/values/instant.ts";

/** The place of the message with a mark, as Slack reported it. */
export const placeKey = (mark: string) => ({ pk: `POSTED#${mark}`, sk: "POSTED" });

/** When DynamoDB may forget it, in epoch seconds: notify looks for a message for a quarter of an hour. */
export const placeTtl = (toldAt: string) =>
  Math.ceil(Date.parse(plusSeconds(toldAt, 86_400)) / 1_000);
