import type { ComponentChildren } from "preact";
import { pipelinePath } from "../router.ts";

/** A name is anybody's text in any script: it is shown as text, and its direction turns nothing around it. */
export function Name({ children }: { children: string }) {
  return <bdi class="name">{children}</bdi>;
}

export function PipelineLink({ pipeline_name, children }: { pipeline_name: string; children?: ComponentChildren }) {
  return (
    <a href={pipelinePath(pipeline_name)} title={pipeline_name}>
      {children ?? <Name>{pipeline_name}</Name>}
    </a>
  );
}
