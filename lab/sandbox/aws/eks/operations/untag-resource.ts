import type { Operation } from "../../service.ts";
import type { EksDependencies } from "../dependencies.ts";
import { badRequest } from "../errors.ts";
import { type Input, required, texts } from "../input.ts";
import { context } from "../permissions.ts";
import { settledState } from "../settle.ts";
import { askOnTagged, requireTagged, resourceArn } from "../tagged-resource.ts";

/** UntagResource: a key that is not there is no error. */
export function untagResource({ eks }: EksDependencies): Operation {
  return {
    permissions: (input) => [
      askOnTagged(
        "eks:UntagResource",
        eks.state,
        resourceArn(input),
        context({ "aws:TagKeys": keysOf(input) }),
      ),
    ],
    run: (call) => {
      const keys = keysOf(call.input);
      settledState(eks, call.now);
      return eks.change((state) => {
        const holder = requireTagged(state, resourceArn(call.input));
        holder.tags = Object.fromEntries(
          Object.entries(holder.tags).filter(([key]) => !keys.includes(key)),
        );
        return {};
      });
    },
  };
}

function keysOf(input: Input): readonly string[] {
  return required(texts(input, "tagKeys"), "tagKeys", badRequest);
}
