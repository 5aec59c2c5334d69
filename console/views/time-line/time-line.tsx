/** A cluster's time line: who had access when, what was found, and what stood there. */
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { ClusterAnswer, ClusterList } from "../../../shared/http/contract/cluster-answer.ts";
import { apiNow, useNow } from "../../api/clock.ts";
import { useRead } from "../../api/use-read.ts";
import { timeLineHref } from "../../frame/route.ts";
import { goTo } from "../../frame/use-route.ts";
import { ReadProblem } from "../../parts/problem-alert.tsx";
import { Gaps } from "./gaps.tsx";
import { Picture } from "./picture.tsx";
import { draggedEnd, intervalOf, movedEnd, SPANS, zoomed } from "./scale.ts";
import { useSeen } from "./use-seen.ts";
import "./time-line.css";

/** @param name the cluster's in `access.yaml`; without one, the first */
export function TimeLine({ name }: { readonly name: string | undefined }) {
  const reading = useRead<ClusterList>("/v1/clusters");
  const clusters = reading.answer?.clusters;
  const cluster = clusters?.find((each) =>
    name === undefined ? !each.retired : each.name === name,
  );
  const options = clusters?.map((each) => ({ value: each.name, label: visible(each.name) })) ?? [];
  return (
    <SpaceBetween size="l">
      <Header variant="h1">Cluster time line</Header>
      <ReadProblem reading={reading} />
      {clusters && (
        <FormField label="Cluster">
          <Select
            options={options}
            selectedOption={options.find(({ value }) => value === cluster?.name) ?? null}
            onChange={({ detail }) => goTo(timeLineHref(detail.selectedOption.value ?? ""))}
          />
        </FormField>
      )}
      {clusters && !cluster && <Alert type="info">access.yaml names no such cluster.</Alert>}
      {cluster && <OfCluster key={cluster.name} cluster={cluster} />}
    </SpaceBetween>
  );
}

/** A day is shown at first. */
const DAY = SPANS[2].seconds;
const TICK_MS = 15_000;

function OfCluster({ cluster }: { readonly cluster: ClusterAnswer }) {
  const [seconds, setSeconds] = useState<number>(DAY);
  const [end, setEnd] = useState<string>();
  const now = useNow(TICK_MS);
  const interval = intervalOf(seconds, end, now);
  const seen = useSeen(cluster, interval);
  const move = (by: -1 | 1) => setEnd(movedEnd(interval, by, apiNow()));
  const drag = (share: number) => setEnd(draggedEnd(interval, share, apiNow()));
  const zoom = (by: -1 | 1, share: number) => {
    const look = zoomed(interval, by, share, apiNow());
    if (!look) return;
    setSeconds(look.seconds);
    setEnd(look.end);
  };
  return (
    <SpaceBetween size="m">
      <SpaceBetween size="xs" direction="horizontal">
        <Span seconds={seconds} change={setSeconds} />
        <Button iconName="angle-left" onClick={() => move(-1)}>
          Earlier
        </Button>
        <Button iconName="angle-right" disabled={end === undefined} onClick={() => move(1)}>
          Later
        </Button>
        <Button disabled={end === undefined} onClick={() => setEnd(undefined)}>
          Now
        </Button>
      </SpaceBetween>
      {seen.readings.map((reading, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list of readings never changes
        <ReadProblem key={at} reading={reading} />
      ))}
      <Gaps seen={seen} interval={interval} />
      {seen.all ? (
        <Picture seen={seen} all={seen.all} interval={interval} now={now} drag={drag} zoom={zoom} />
      ) : (
        !seen.failed && (
          <Container>
            <Box color="text-body-secondary">Reading</Box>
          </Container>
        )
      )}
    </SpaceBetween>
  );
}

interface SpanProps {
  readonly seconds: number;
  readonly change: (seconds: number) => void;
}

function Span({ seconds, change }: SpanProps) {
  const options = SPANS.map(({ label, seconds: each }) => ({ label, value: String(each) }));
  return (
    <Select
      ariaLabel="How much is shown"
      options={options}
      selectedOption={options.find(({ value }) => value === String(seconds)) ?? null}
      onChange={({ detail }) => change(Number(detail.selectedOption.value))}
    />
  );
}
