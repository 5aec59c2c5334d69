/** The list of everyone who can reach a cluster now, or could at an instant, with the parts that nobody knows. */
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { AWS_AUTH, unreadText } from "../../../cli/text/standing-text.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { ClusterAnswer } from "../../../shared/http/contract/cluster-answer.ts";
import { apiNow } from "../../api/clock.ts";
import { clusterHref } from "../../frame/route.ts";
import { ClusterChoice, useChosenCluster } from "../../parts/cluster-choice.tsx";
import { Away } from "../../parts/instant.tsx";
import { At } from "./at.tsx";
import { Reach } from "./reach.tsx";
import { ReachThen } from "./reach-then.tsx";

interface ClustersProps {
  /** The cluster's in `access.yaml`; without one, the one that was chosen last. */
  readonly name: string | undefined;
  /** An instant of the past, ISO 8601 UTC; without one, now. */
  readonly at: string | undefined;
}

export function Clusters({ name, at }: ClustersProps) {
  const choice = useChosenCluster(name);
  const { cluster } = choice;
  // A list of another instant must not stand below an entry that was refused.
  const [isRefused, setRefused] = useState(false);
  return (
    <SpaceBetween size="l">
      <Header variant="h1">Who can reach what</Header>
      <ClusterChoice {...choice} hrefOf={(chosen) => clusterHref(chosen, at)} />
      {cluster && <At key={at ?? ""} name={cluster.name} at={at} onRefused={setRefused} />}
      {cluster && isRefused && <Box>No instant was looked at.</Box>}
      {cluster && !isRefused && <Lists cluster={cluster} at={at} />}
    </SpaceBetween>
  );
}

interface ListsProps {
  readonly cluster: ClusterAnswer;
  readonly at: string | undefined;
}

const Lists = ({ cluster, at }: ListsProps) =>
  at === undefined ? (
    <SpaceBetween size="l">
      <Known cluster={cluster} />
      <Reach key={cluster.name} cluster={cluster} />
    </SpaceBetween>
  ) : (
    <ReachThen name={cluster.name} at={at} />
  );

/** How far the list can be believed. */
function Known({ cluster }: { readonly cluster: ClusterAnswer }) {
  const { standing, setup, failure } = cluster;
  const mode = setup?.cluster?.authenticationMode;
  return (
    <SpaceBetween size="s">
      {standing ? (
        <Box>
          Access entries were last read at <Away at={standing.completedAt} />. Changes since then
          are not listed.
        </Box>
      ) : (
        <Alert type="warning" header="Standing access is not known">
          {visible(cluster.name)}: {unreadText(cluster, apiNow())}
        </Alert>
      )}
      {standing && failure && (
        <Alert type="warning">
          The reading that came after stopped: {visible(failure.code)}. It goes on by itself.
        </Alert>
      )}
      {mode !== undefined && mode !== "API" && <Alert type="warning">{AWS_AUTH[mode]}</Alert>}
    </SpaceBetween>
  );
}
