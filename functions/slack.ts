/** Slack's way in: people ask, decide and read. It has the rights of `api`, and none that touches a cluster. */
import { Logger } from "@aws-lambda-powertools/logger";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { slackPorts } from "../shared/aws/composition-root.ts";
import { slackConfig } from "../shared/config.ts";
import { visibleValue } from "../shared/domain/values/visible-text.ts";
import { answerCall } from "../shared/slack/front/answer-call.ts";
import { wakingNotify } from "../shared/usecases/notices/waking-notify.ts";

const logger = new Logger({ serviceName: "slack", jsonReplacerFn: visibleValue });
const ports = slackPorts(slackConfig());
// Read while the module loads. Without the secret each call fails, since nothing could be verified.
ports.signingSecrets().catch(() => undefined);

/** Lambda stops when it has answered, so everything is done before the acknowledgement. */
export const handler = wakingNotify(
  ports,
  async (event: APIGatewayProxyEventV2, context: Context) => {
    logger.addContext(context);
    return answerCall(ports, event, (level, message, facts) => {
      logger[level](message, { gatewayRequestId: event.requestContext.requestId, ...facts });
    });
  },
);
