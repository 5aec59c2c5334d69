import { memoryMessagePlaces } from "../../../lab/fakes/memory-message-places.ts";
import { memoryMessenger } from "../../../lab/fakes/memory-messenger.ts";
import { memorySendPace } from "../../../lab/fakes/memory-send-pace.ts";
import { messageFor } from "../../../shared/slack/message.ts";
import { messagePlacesContract } from "../../contracts/message-places.contract.ts";
import { messengerContract } from "../../contracts/messenger.contract.ts";
import { sendPaceContract } from "../../contracts/send-pace.contract.ts";
import { senderContract } from "../../contracts/sender.contract.ts";

messengerContract("memoryMessenger", async () => {
  const messenger = memoryMessenger();
  return {
    messenger,
    shown: () =>
      messenger.shown.map(({ channel, timestamp, notice, thread }) => ({
        channel,
        timestamp,
        text: messageFor(notice).text,
        ...(thread === undefined ? {} : { thread }),
      })),
    next: {
      busy: (retryAfterSeconds) => messenger.trouble({ kind: "busy", retryAfterSeconds }, 1),
      answerLost: () => messenger.trouble({ kind: "answer-lost" }, 1),
      refused: (reason) => messenger.trouble({ kind: "refused", reason }, 1),
      appRefused: (reason) => messenger.trouble({ kind: "app-refused", reason }, 1),
    },
    tell: async () => undefined,
    stop: async () => {},
  };
});

senderContract("memoryMessenger", async () => {
  const messenger = memoryMessenger();
  return {
    sender: messenger,
    sent: () =>
      messenger.shown.map(({ channel, timestamp }) => ({
        timestamp,
        to: channel.replace("D-", ""),
      })),
    next: {
      busy: () => messenger.trouble({ kind: "busy", retryAfterSeconds: 5 }, 1),
      answerLost: () => messenger.trouble({ kind: "answer-lost" }, 1),
      refused: () =>
        messenger.trouble({ kind: "refused", reason: "not-verified", isRepairable: true }, 1),
      appRefused: () => messenger.trouble({ kind: "app-refused", reason: "paused" }, 1),
    },
    recover: messenger.recover,
    stop: async () => {},
  };
});

messagePlacesContract("memoryMessagePlaces", async () => memoryMessagePlaces());
sendPaceContract("memorySendPace", async (clock) => memorySendPace(clock));
