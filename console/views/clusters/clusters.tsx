/** The list of everyone who can reach a cluster now, or could at an instant, with the parts that nobody knows. */
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { AWS_AUTH, unreadText } from "../../../cli/text/standing-text.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { ClusterAnswer, ClusterList } from "../../../shared/http/contract/cluster-answer.ts";
import { apiNow } from "../../api/clock.ts";
import { useRead } from "../../api/use-read.ts";
import { clusterHref } from "../../frame/route.ts";
import { goTo } from "../../frame/use-route.ts";
import { Away } from "../../parts/instant.tsx";
import { ReadProblem } from "../../parts/problem-alert.tsx";
import { At } from "./at.tsx";
import { Reach } from "./reach.tsx";
import { ReachThen } from "./reach-then.tsx";

interface ClustersProps {
  /** The cluster's in `access.yaml`; without one, the first. */
  readonly name: string | undefined;
  /** An instant of the past, ISO 8601 UTC; without one, now. */
  readonly at: string | undefined;
}

export function Clusters({ name, at }: ClustersProps) {
  const reading = useRead<ClusterList>("/v1/clusters");
  const clusters = reading.answer?.clusters;
  const cluster = clusters?.find((each) =>
    name === undefined ? !each.retired : each.name === name,
  );
  const options = clusters?.map((each) => ({ value: each.name, label: visible(each.name) })) ?? [];
  return (
    <SpaceBetween size="l">
      <Header variant="h1">Who can reach what</Header>
      <ReadProblem reading={reading} />
      {clusters && (
        <FormField label="Cluster">
          <Select
            options={options}
            selectedOption={options.find(({ value }) => value === cluster?.name) ?? null}
            onChange={({ detail }) => goTo(clusterHref(detail.selectedOption.value ?? "", at))}
          />
        </FormField>
      )}
      {clusters && !cluster && <Alert type="info">access.yaml names no such cluster.</Alert>}
      {cluster && <At key={at ?? ""} name={cluster.name} at={at} />}
      {cluster && at === undefined && <Known cluster={cluster} />}
      {cluster && at === undefined && <Reach key={cluster.name} cluster={cluster} />}
      {cluster && at !== undefined && <ReachThen name={cluster.name} at={at} />}
    </SpaceBetween>
  );
}

/** How far the list can be believed. */
function Known({ cluster }: { readonly cluster: ClusterAnswer }) {
  const { standing, setup, failure } = cluster;
  const mode = setup?.cluster?.authenticationMode;
  return (
    <SpaceBetween size="s">
      {standing ? (
        <Box>
          All standing access was last read at <Away at={standing.completedAt} />. Changes since
          then are not in it.
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
